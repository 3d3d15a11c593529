"""The real server, as a separate process, on a free port, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

START_SECONDS = 60


@dataclass
class Server:
    """A running `aishare serve`."""

    process: subprocess.Popen[str]
    data_dir: Path
    address: str = ""
    log: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    """What was printed to standard output, for the person who started it."""
    started: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def client(self, username: str | None = None) -> Iterator[httpx.Client]:
        """A client, signed in as a demo user if one is named."""
        with httpx.Client(base_url=self.address, timeout=60) as client:
            if username is not None:
                answer = client.post("/api/auth/demo-login", json={"username": username})
                assert answer.status_code == 200, answer.text
            yield client

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def _follow_console(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.console.append(line)

    def _follow(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if '"event": "serving"' in line:
                self.address = json.loads(line)["address"]
                self.started.set()
        self.started.set()


@contextmanager
def serving(
    data_dir: Path, *, demo: bool = True, environ: Mapping[str, str] | None = None, port: int = 0
) -> Iterator[Server]:
    """Starts the service and waits until it answers; stops it by SIGTERM."""
    command = [sys.executable, "-m", "aishare", "serve", "--port", str(port), "--data-dir", str(data_dir)]
    process = subprocess.Popen(
        [*command, "--demo"] if demo else command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=data_dir,
        env={**os.environ, "LOG_FORMAT": "json", **(environ or {})},
    )
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
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def run_cli(
    data_dir: Path, *arguments: str, stdin: str | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`aishare …` with this data folder."""
    return subprocess.run(
        [sys.executable, "-m", "aishare", *arguments, "--data-dir", str(data_dir)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=data_dir,
        env={**os.environ, **(environ or {})},
        check=False,
    )


def wait_until(condition, *, seconds: float = 60) -> None:
    """Polls; fails when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.1)
