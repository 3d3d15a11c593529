"""aishare, as `aishare serve` starts it, with a worker per core as nginx has: SQLite, local storage."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx

from aishare import __version__
from bench.client import Request
from bench.dataset import Dataset
from bench.peers.base import Peer, Stored, Uploaded
from bench.scale import MiB

_REMOVAL_SECONDS: Final = 60


class Aishare(Peer):
    name = "aishare"
    checks = "looks up token, user and file at each request; SHA-256 and fsync of uploads; a worker per core (WORKERS)"
    _authorised: dict[str, str]

    def version(self) -> str:
        return __version__

    def prepare(self) -> None:
        self._run("user", "create", "ada", "--password-stdin", stdin="long enough for a test")
        token = json.loads(self._run("token", "create", "bench", "--user", "ada", "--json"))["token"]
        self._authorised = {"Authorization": f"Bearer {token}"}

    def command(self) -> list[str]:
        workers = str(os.cpu_count() or 1)
        folder = str(self.folder / "data")
        return [*_PROGRAM, "serve", "--workers", workers, "--port", str(self.port), "--data-dir", folder]

    def environ(self) -> Mapping[str, str]:
        """Not the caller's environment: its settings must not change the measurement."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {**kept, "LOCAL_STORAGE_PATH": str(self.folder / "storage"), "LOG_FORMAT": "json"}

    def store(self, data: Dataset) -> Stored:
        large, *small = [self._put(path) for path in (data.large, *data.small)]
        content = [Request(f"/api/files/{file_id}/content", self._authorised) for file_id in (large, *small)]
        return Stored(content[0], content[1:], Request(f"/api/files/{large}", self._authorised))

    def upload(self, name: str) -> Request:
        return Request(f"/api/files/by-path/uploads/{name}", self._authorised, method="PUT")

    def remove(self, uploaded: Uploaded) -> None:
        """The row is deleted at once. Waits for the bytes, which would disturb the next measurement."""
        address = f"{self.address}/api/files/{json.loads(uploaded.answer)['id']}"
        httpx.delete(address, headers=self._authorised).raise_for_status()
        deadline = time.monotonic() + _REMOVAL_SECONDS
        while self._large_objects() > 1:
            if time.monotonic() > deadline:
                raise RuntimeError("aishare does not delete the bytes.")
            time.sleep(0.1)

    def _put(self, path: Path) -> str:
        with path.open("rb") as file:
            answer = httpx.put(
                f"{self.address}/api/files/by-path/{path.name}", content=file, headers=self._authorised, timeout=120
            )
        return str(answer.raise_for_status().json()["id"])

    def _large_objects(self) -> int:
        objects = (self.folder / "storage").rglob("*")
        return sum(path.is_file() and path.stat().st_size > MiB for path in objects)

    def _run(self, *arguments: str, stdin: str = "") -> str:
        command = [*_PROGRAM, *arguments, "--data-dir", str(self.folder / "data")]
        answer = subprocess.run(
            command, input=stdin, capture_output=True, text=True, cwd=self.folder, env=dict(self.environ()), check=False
        )
        if answer.returncode:
            raise RuntimeError(f"{command} failed: {answer.stderr}")
        return answer.stdout


_PROGRAM: Final = [sys.executable, "-m", "aishare"]
