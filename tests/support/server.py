"""The real server, as a separate process, on a free port, in a folder of its own."""

import json
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx

from tests.support import launching

START_SECONDS = 60


@cache
def no_authorities() -> ssl.SSLContext:
    """For clients that speak without TLS: to read those of the system takes longer than most requests."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Server:
    """A running `aishare serve`."""

    process: launching.Process | subprocess.Popen[str]
    data_dir: Path
    address: str = ""
    log: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    """What was printed to standard output, for the person who started it."""
    started: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def client(self, username: str | None = None) -> Iterator[httpx.Client]:
        """A client, signed in as a demo user if one is named."""
        with httpx.Client(base_url=self.address, timeout=60, verify=no_authorities()) as client:
            if username is not None:
                answer = client.post("/api/auth/demo-login", json={"username": username})
                assert answer.status_code == 200, answer.text
            yield client

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def _follow_console(self) -> None:
        for line in self.process.stdout:
            self.console.append(line)

    def _follow(self) -> None:
        for line in self.process.stderr:
            self.log.append(line)
            if '"event": "serving"' in line:
                self.address = json.loads(line)["address"]
                self.started.set()
        self.started.set()


@contextmanager
def serving(
    data_dir: Path,
    *,
    demo: bool = True,
    environ: Mapping[str, str] | None = None,
    port: int = 0,
    own_imports: bool = False,
) -> Iterator[Server]:
    """Starts the service and waits until it answers; stops it by SIGTERM.

    With `own_imports` it is `python -m aishare`, as people start it, and not forked from a process that has imported
    everything (`launching`).
    """
    arguments = ["serve", "--port", str(port), "--data-dir", str(data_dir), *(["--demo"] if demo else [])]
    start = _by_python if own_imports else launching.Process
    process = start(arguments, folder=data_dir, environ={**os.environ, "LOG_FORMAT": "json", **(environ or {})})
    process.stdin.close()
    server = Server(process, data_dir)
    followers = [threading.Thread(target=one, daemon=True) for one in (server._follow, server._follow_console)]
    for follower in followers:
        follower.start()
    try:
        assert server.started.wait(START_SECONDS), "the server did not start"
        assert server.address, "".join(server.log)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        for follower in followers:
            follower.join(5)
        process.stdout.close()
        process.stderr.close()


def _by_python(arguments: list[str], *, folder: Path, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    command, pipe = [sys.executable, "-m", "aishare", *arguments], subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, env=environ, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def run_cli(
    data_dir: Path, *arguments: str, stdin: str | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`aishare …` with this data folder."""
    return launching.run(
        [*arguments, "--data-dir", str(data_dir)],
        folder=data_dir,
        environ={**os.environ, **(environ or {})},
        stdin=stdin,
        seconds=60,
    )


def wait_until(condition, *, seconds: float = 60) -> None:
    """Polls; fails when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.1)
