"""A worker, as seen by its parent."""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aishare.cli.options import ServeOptions
from aishare.cli.serving.listening import Address


@dataclass(frozen=True, slots=True)
class Instructions:
    """What every worker receives, and the secret of which it only gets the digest."""

    options: ServeOptions
    addresses: list[Address]
    setup_token: str
    setup_digest: bytes
    metrics_folder: Path


class WorkerProcess:
    """A running worker. `report` is the pipe with its messages; it ends when the worker ends."""

    def __init__(self, number: int, instructions: Instructions, *, seeds: bool) -> None:
        self.number = number
        self.ready = False
        self._began = time.monotonic()
        self.report, theirs = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "aishare.cli.serving.worker"],
            stdin=subprocess.PIPE,
            pass_fds=[theirs],
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(instructions.metrics_folder)},
        )
        os.close(theirs)
        told = {
            "worker": number,
            "report": theirs,
            "seeds": seeds,
            "options": asdict(instructions.options),
            "addresses": instructions.addresses,
            "setup_digest": instructions.setup_digest.hex(),
        }
        self._tell(json.dumps(told).encode() + b"\n")

    @property
    def pid(self) -> int:
        return self._process.pid

    def hear(self) -> dict[str, Any] | None:
        """Its message when it is ready; None if it has ended."""
        line = os.read(self.report, 4096)
        if not line:
            return None
        self.ready = True
        report: dict[str, Any] = json.loads(line)
        return report

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def age(self) -> float:
        """Seconds since its start."""
        return time.monotonic() - self._began

    def ended(self) -> int:
        """The exit status, negative for a signal. Must be called after `report` has ended."""
        os.close(self.report)
        if self._process.stdin is not None:
            self._process.stdin.close()
        return self._process.wait()

    def _tell(self, line: bytes) -> None:
        """The pipe stays open: closing it would mean that the parent is gone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # it has already died, which its report will show
