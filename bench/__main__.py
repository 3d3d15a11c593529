"""`python -m bench`: starts the peers, gives each the same bytes, measures in rounds, cleans up."""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from bench.dataset import make_dataset
from bench.peers.aishare import Aishare
from bench.peers.base import Peer
from bench.peers.nginx import Nginx
from bench.peers.pocketbase import PocketBase
from bench.report import as_json, print_table
from bench.rounds import Outcome, run_rounds
from bench.scale import FULL, QUICK, Scale
from bench.tasks import all_tasks

ROOT = Path(__file__).resolve().parent.parent
_TABLE_WIDTH = 150


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers and data go away then as well
    options = _options()
    console = Console()
    console.width = max(console.width, _TABLE_WIDTH)
    began = time.monotonic()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        scale: Scale = QUICK if options.quick else FULL
        peers: list[Peer] = [kind(Path(folder) / kind.name) for kind in (Aishare, Nginx, PocketBase)]
        outcomes = _measure(Path(folder), peers, scale, options.only, console)
    print_table(console, outcomes, peers)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(as_json(outcomes, peers, scale), indent=2) + "\n")
    console.print(f"{time.monotonic() - began:.0f} s in all; every sample is in {options.output}", highlight=False)


def _measure(folder: Path, peers: list[Peer], scale: Scale, only: str, console: Console) -> list[Outcome]:
    with ExitStack() as stack, console.status("making the data") as status:
        data = make_dataset(folder / "dataset", scale)
        tasks = [task for task in all_tasks(scale, data) if only in task.title]
        for peer in peers:
            status.update(f"giving the data to {peer.name}")
            stack.enter_context(peer.serving())
            peer.stored = peer.store(data)
            for task in tasks:
                task.check(peer)
        os.sync()  # what the peers left to the kernel to write
        return run_rounds(tasks, peers, scale, status.update)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="aishare side by side with nginx and PocketBase.")
    parser.add_argument("--quick", action="store_true", help="a minute, to see that it works; the figures say little")
    parser.add_argument("--only", default="", metavar="TEXT", help="the tasks with this in their titles")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".cache", help="folder for the data, on the disk to measure"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "bench" / "results" / "latest.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
