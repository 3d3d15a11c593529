"""A server as a group of processes: started, stopped, and its processor time read."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_START_SECONDS: Final = 60
_STOP_SECONDS: Final = 20
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class ServerGroup:
    """Its output goes to a file in its working folder."""

    def __init__(self, command: list[str], *, folder: Path, environ: Mapping[str, str], port: int) -> None:
        self._command = command[0]
        self._log = folder / "output.log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=folder, env=dict(environ), stdout=log, stderr=log, start_new_session=True
            )
        self._port = port

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._accepts():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self._command} did not start:\n{self._log.read_text(errors='replace')}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def processor_seconds(self) -> float:
        """User and system time of all processes of the group so far, in steps of 10 ms."""
        return sum(_ticks(Path(entry.path), self._process.pid) for entry in os.scandir("/proc")) / _TICKS

    def _accepts(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), 1).close()
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ticks(process: Path, group: int) -> int:
    """Of proc_pid_stat(5): field 5 is the group, 14 and 15 are the times. Names may have spaces: count after it."""
    if not process.name.isdigit():
        return 0
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12]) if int(fields[2]) == group else 0
