"""The service, its stores behind fault proxies, and the clients; all of it may be broken on command."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

from tests.support.faultproxy import FaultProxy, Kind
from tests.support.ports import free_port
from tests.support.s3server import S3Server
from tests.support.server import run_cli

START_SECONDS = 60
_GRACE_SECONDS = 1.0
"""A request may have been on its way a moment before the kill was written down."""


_CORRUPT_SHARE = 0.3
"""Of the requests while the target corrupts: a path that spoils everything can only be refused."""


@dataclass
class Service:
    """`aishare serve` on a fixed port, killed and started again; remembers when it was down."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    downs: list[tuple[float, float]] = field(default_factory=list)
    kills: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "aishare", "serve", "--port", str(self.port), "--data-dir", str(self.folder)],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                env={**os.environ, "LOG_FORMAT": "json"},
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._lives():
            assert self.process.poll() is None, (self.folder / "log").read_text()[-3000:]
            assert time.monotonic() < deadline, "the service did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9, and up again."""
        began = time.monotonic()
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.start()
        self.kills += 1
        self.downs.append((began - _GRACE_SECONDS, time.monotonic() + _GRACE_SECONDS))

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def was_down(self, event: dict[str, Any]) -> bool:
        return any(began <= event["ended"] and event["began"] <= ended for began, ended in self.downs)

    def _lives(self) -> bool:
        try:
            return httpx.get(f"{self.address}/api/health/live", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@dataclass
class Place:
    """A storage that may become the active one: lines for `.env`, and the proxy that can break it."""

    kind: str
    lines: dict[str, str]
    proxy: FaultProxy | None = None


def local_place(folder: Path) -> Place:
    return Place("local", {"STORAGE_TYPE": "local", "LOCAL_STORAGE_PATH": str(folder)})


def s3_place(server: S3Server, bucket: str, proxy: FaultProxy) -> Place:
    lines = {
        "STORAGE_TYPE": "s3_compatible",
        "S3_COMPATIBLE_ENDPOINT": proxy.url,
        "S3_COMPATIBLE_ACCESS_KEY": server.access_key,
        "S3_COMPATIBLE_SECRET_KEY": server.secret_key,
        "S3_COMPATIBLE_BUCKET_NAME": bucket,
    }
    return Place(server.name, lines, proxy)


@dataclass
class Admin:
    """What an administrator does, patiently: the service may be down for a moment."""

    service: Service
    token: str

    def ask(self, method: str, path: str, *, body: object = None, seconds: float = 120) -> Any:
        deadline = time.monotonic() + seconds
        while True:
            try:
                answer = httpx.request(
                    method,
                    f"{self.service.address}{path}",
                    json=body,
                    headers={"Authorization": f"Bearer {self.token}"},
                    timeout=30,
                )
                if answer.status_code < 500:
                    assert answer.status_code < 400, answer.text
                    return answer.json()
            except httpx.HTTPError:
                pass
            assert time.monotonic() < deadline, f"{method} {path} got no answer"
            time.sleep(0.5)

    def apply(self, place: Place) -> str:
        """Make it the active storage; its location's id."""
        text = "".join(f"{name}={value}\n" for name, value in place.lines.items())
        (self.service.folder / ".env").write_text(text)
        deadline = time.monotonic() + 60
        while True:
            done = self.ask("POST", "/api/environment-variables/reload")
            if done["applied"]:
                break
            assert time.monotonic() < deadline, done
            time.sleep(0.5)
        return str(self.ask("GET", "/api/admin/storage-service/info")["location_id"])


@contextmanager
def client_process(service: Service, token: str, *, clients: int, largest: int) -> Iterator["ClientProcess"]:
    specification = service.folder / "clients.json"
    specification.write_text(json.dumps({"port": service.port, "token": token, "clients": clients, "largest": largest}))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.moving.clients", str(specification)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield ClientProcess(process)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()


@dataclass
class ClientProcess:
    """Sends commands to `tests.moving.clients`."""

    process: subprocess.Popen[str]

    def tell(self, command: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the clients ended at {command}"
        return json.loads(line)


@dataclass
class Chaos:
    """While open: kills the service and breaks the target, again and again."""

    service: Service
    target: Place
    chance: random.Random
    kill_seconds: float
    trouble_seconds: float
    troubles: int = 0
    outages: list[tuple[float, float]] = field(default_factory=list)
    _ending: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _failed: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> Self:
        for work in (self._kill, self._trouble):
            thread = threading.Thread(target=self._guarded, args=(work,))
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()
        if self.target.proxy is not None:
            self.target.proxy.clear()
        if self._failed:
            raise self._failed[0]

    def _guarded(self, work) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
            self._failed.append(error)

    def _kill(self) -> None:
        while not self._ending.wait(self.chance.uniform(0.5, 1.5) * self.kill_seconds):
            self.service.kill()

    def _trouble(self) -> None:
        proxy = self.target.proxy
        if proxy is None:
            return
        while not self._ending.wait(self.chance.uniform(0.5, 1.5) * self.trouble_seconds):
            began = time.monotonic()
            self._break(proxy)
            self._ending.wait(self.chance.uniform(0.5, 2.5))
            proxy.clear()
            self.outages.append((began, time.monotonic() + _GRACE_SECONDS))
            self.troubles += 1

    def _break(self, proxy: FaultProxy) -> None:
        kind = self.chance.choice(("stopped", "stalled", "corrupt in", "corrupt out", "lost answers", "resets"))
        at = self.chance.choice((0, 100, 1000, 100_000))
        if kind == "stopped":
            proxy.inject(Kind.REFUSE_RESET, times=None)
        elif kind == "stalled":
            proxy.inject(Kind.STALL, at=-1, times=None)
        elif kind == "corrupt in":
            proxy.inject(Kind.FLIP_REQUEST, at=at, method="PUT", times=None, share=_CORRUPT_SHARE)
        elif kind == "corrupt out":
            proxy.inject(Kind.FLIP_RESPONSE, at=at, method="GET", times=None, share=_CORRUPT_SHARE)
        elif kind == "lost answers":
            proxy.inject(Kind.LOSE_ANSWER, method="PUT", times=None)
        else:
            proxy.inject(Kind.RESET, at=at, method="GET", times=None)


def make_token(folder: Path) -> str:
    """Of a superuser, made before the service starts."""
    run_cli(folder, "user", "create", "ada", "--superuser", "--password-stdin", stdin="long enough for a test\n")
    answer = run_cli(folder, "token", "create", "soak", "--user", "ada", "--json")
    assert answer.returncode == 0, answer.stderr
    return str(json.loads(answer.stdout)["token"])
