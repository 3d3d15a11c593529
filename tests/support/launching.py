"""`aishare …` as a process of its own that starts at once, because it is forked from one that has imported everything.

To its tests it is what `python -m aishare …` is, but for the command line that the system shows of it.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

from tests.support.launcher import LARGEST

_PROGRAM = Path(__file__).with_name("launcher.py")


class Process:
    """What `subprocess.Popen` offers, as far as tests want it. It reads what is written to `stdin`."""

    def __init__(self, arguments: Sequence[str], *, folder: Path, environ: Mapping[str, str]) -> None:
        self.args = ["aishare", *arguments]
        self.returncode: int | None = None
        (stdin, self.stdin), (self.stdout, stdout), (self.stderr, stderr) = _to(), _from(), _from()
        self._report, report = os.pipe()
        order = {"arguments": list(arguments), "folder": str(folder), "environ": dict(environ)}
        given = [stdin, stdout, stderr, report]
        socket.send_fds(_launcher().orders, [json.dumps(order).encode()], given)
        for one in given:
            os.close(one)
        self._told = b""
        self._hear()
        self.pid = int(self._told.split()[0])

    def poll(self) -> int | None:
        """The exit status, if it has ended."""
        return self._end(0)

    def wait(self, timeout: float | None = None) -> int:
        status = self._end(timeout)
        if status is None:
            assert timeout is not None
            raise subprocess.TimeoutExpired(self.args, timeout)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """After its end."""
        for stream in (self.stdin, self.stdout, self.stderr):
            stream.close()

    def _end(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._report], [], [], seconds)[0]:
            if self._told.count(b"\n") < 2:
                self._hear()
            os.close(self._report)
            self.returncode = int(self._told.split()[1])
        return self.returncode

    def _hear(self) -> None:
        """Its number, and later its exit status, each in a line."""
        heard = os.read(self._report, 4096)
        if not heard:
            raise RuntimeError("the launcher of the tests has ended: see what it printed")
        self._told += heard


def run(
    arguments: Sequence[str], *, folder: Path, environ: Mapping[str, str], stdin: str | None, seconds: float
) -> subprocess.CompletedProcess[str]:
    """A command from its start to its end."""
    process = Process(arguments, folder=folder, environ=environ)
    printed: dict[str, str] = {}
    readers = [
        threading.Thread(target=lambda name=name, stream=stream: printed.update({name: stream.read()}))
        for name, stream in (("stdout", process.stdout), ("stderr", process.stderr))
    ]
    for reader in readers:
        reader.start()
    try:
        with suppress(BrokenPipeError), process.stdin:  # it may have ended without reading
            process.stdin.write(stdin or "")
        process.wait(seconds)
    finally:
        process.kill()
        for reader in readers:
            reader.join()
        process.close()
    return subprocess.CompletedProcess(process.args, process.wait(), printed["stdout"], printed["stderr"])


def _to() -> tuple[int, IO[str]]:
    theirs, ours = os.pipe()
    return theirs, open(ours, "w", encoding="utf-8")  # noqa: PTH123 - closed with the process


def _from() -> tuple[IO[str], int]:
    ours, theirs = os.pipe()
    return open(ours, encoding="utf-8"), theirs  # noqa: PTH123 - closed with the process


class _Launcher:
    """The running program; it ends with this process."""

    def __init__(self) -> None:
        self.orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.orders.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST)
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-P", str(_PROGRAM), str(number)]
            self._process = subprocess.Popen(
                command, pass_fds=[number], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self._owner = os.getpid()
        atexit.register(self._close)

    def _close(self) -> None:
        """A forked child runs the exit functions as well."""
        self.orders.close()
        if os.getpid() == self._owner:
            self._process.wait(30)


@cache
def _launcher() -> _Launcher:
    return _Launcher()
