"""A flame graph of what the server does: `make profile WORK=upload`, in profiles/upload.svg.

A server of its own gets the work for ten seconds, and py-spy looks 200 times a second at what it is doing, in its child
processes too. py-spy must be allowed to read another process: as root, or after `sysctl kernel.yama.ptrace_scope=0`.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.server import Server, run_cli, serving
from tools.profiling_works import WORKS, Load

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "profiles"
RATE = 200
PASSWORD = "long enough for a profile"
"""Of a user who is gone with the folder."""


def main() -> None:
    options = parser().parse_args()
    target = FOLDER / f"{options.work}.svg"
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="aishare-profile-") as name:
        done = profile(Path(name), options.work, options.seconds, target)
    print(f"{done}. Open {target.relative_to(ROOT)} in a browser; click a frame to look closer.")


def profile(folder: Path, name: str, seconds: float, target: Path) -> str:
    """What was done meanwhile."""
    work = WORKS[name]
    run_cli(folder, "user", "create", "ada", "--superuser", "--password-stdin", stdin=PASSWORD).check_returncode()
    token = run_cli(folder, "token", "create", "profile", "--user", "ada")
    load = Load(token.stdout.strip(), seconds)
    with serving(folder, demo=False, environ={"LOCAL_STORAGE_PATH": str(folder / "first")}) as server:
        load.address = server.address
        print(f"Preparing {name}.", flush=True)
        work.prepare(load)
        if not work.on_another_storage:
            return _sampled(server, load, name, target)
    with serving(folder, demo=False) as server:
        load.address = server.address
        return _sampled(server, load, name, target)


def _sampled(server: Server, load: Load, name: str, target: Path) -> str:
    with sampling(server.process.pid, target):
        return WORKS[name].run(load)


@contextmanager
def sampling(pid: int, target: Path) -> Iterator[None]:
    program = Path(sys.executable).parent / "py-spy"
    command = [program, "record", "--pid", str(pid), "--subprocesses", "--rate", str(RATE), "--output", str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if "Sampling" not in first:
            sys.exit(f"py-spy cannot look into the server; see the top of tools/profiling.py.\n{first}")
        yield
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    if process.returncode or not target.exists():
        sys.exit(f"py-spy made no flame graph.\n{said}")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="tools.profiling", description=__doc__)
    made.add_argument("work", choices=sorted(WORKS))
    made.add_argument("--seconds", type=float, default=10, help="how long the work lasts, if it has no end of its own")
    return made


if __name__ == "__main__":
    main()
