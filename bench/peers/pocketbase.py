"""PocketBase: accounts, rules and files in one Go program, with SQLite and local storage like aishare."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from bench.client import Request
from bench.dataset import Dataset
from bench.peers.base import Peer, Stored, Uploaded
from bench.scale import GiB

_ADMIN: Final = ("admin@example.com", "long enough for a test")
_USER: Final = ("ada@example.com", "long enough for a test")
_OWNER_ONLY: Final = "owner = @request.auth.id"
_BOUNDARY: Final = "boundary-of-the-benchmark"
_DAY_SECONDS: Final = 86_400


class PocketBase(Peer):
    name = "PocketBase"
    checks = "protected files and an owner rule, evaluated at each request; no hash, no fsync of uploads"
    _authorised: dict[str, str]
    _user_id: str

    def version(self) -> str:
        answer = subprocess.run([_program(), "--version"], capture_output=True, text=True, check=True)
        return answer.stdout.split()[-1]

    def prepare(self) -> None:
        (self.folder / "tmp").mkdir()
        command = [_program(), "superuser", "upsert", *_ADMIN, *self._folders()]
        subprocess.run(command, check=True, capture_output=True, env=dict(self.environ()))

    def command(self) -> list[str]:
        return [_program(), "serve", f"--http=127.0.0.1:{self.port}", *self._folders()]

    def environ(self) -> Mapping[str, str]:
        """Forms are spooled to TMPDIR, which must be on the measured disk."""
        return {**os.environ, "TMPDIR": str(self.folder / "tmp")}

    def store(self, data: Dataset) -> Stored:
        token = self._open_account()
        large, *small = [self._create(path) for path in (data.large, *data.small)]
        content = [Request(f"/api/files/{_file(record)}?token={token}") for record in (large, *small)]
        record = Request(f"/api/collections/files/records/{large['id']}", self._authorised)
        return Stored(content[0], content[1:], record)

    def upload(self, name: str) -> Request:
        fields = {"owner": self._user_id, "path": name}
        parts = [f'content-disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
        file = f'content-disposition: form-data; name="content"; filename="{name}"\r\n'
        parts.append(f"{file}content-type: application/octet-stream\r\n\r\n")
        return Request(
            "/api/collections/files/records",
            {**self._authorised, "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"},
            method="POST",
            before="".join(f"--{_BOUNDARY}\r\n{part}" for part in parts).encode(),
            after=f"\r\n--{_BOUNDARY}--\r\n".encode(),
        )

    def remove(self, uploaded: Uploaded) -> None:
        address = f"{self.address}/api/collections/files/records/{json.loads(uploaded.answer)['id']}"
        httpx.delete(address, headers=self._authorised, timeout=60).raise_for_status()

    def _folders(self) -> list[str]:
        return [f"--dir={self.folder / 'data'}", f"--migrationsDir={self.folder / 'migrations'}"]

    def _open_account(self) -> str:
        """Collection and user, and the user's token for files, which is valid for two minutes by default."""
        admin = {"Authorization": self._sign_in("_superusers", *_ADMIN)["token"]}
        users = self._send("GET", "/api/collections/users", admin)
        self._send("PATCH", "/api/collections/users", admin, {"fileToken": {"duration": _DAY_SECONDS}})
        self._send("POST", "/api/collections", admin, _collection(users["id"]))
        email, password = _USER
        account = {"email": email, "password": password, "passwordConfirm": password}
        self._send("POST", "/api/collections/users/records", admin, account)
        signed_in = self._sign_in("users", *_USER)
        self._user_id = signed_in["record"]["id"]
        self._authorised = {"Authorization": signed_in["token"]}
        return str(self._send("POST", "/api/files/token", self._authorised)["token"])

    def _sign_in(self, collection: str, identity: str, password: str) -> Any:
        body = {"identity": identity, "password": password}
        return self._send("POST", f"/api/collections/{collection}/auth-with-password", {}, body)

    def _create(self, path: Path) -> Any:
        fields = {"owner": self._user_id, "path": path.name}
        address = f"{self.address}/api/collections/files/records"
        with path.open("rb") as file:
            answer = httpx.post(address, data=fields, files={"content": file}, headers=self._authorised, timeout=120)
        return answer.raise_for_status().json()

    def _send(self, method: str, path: str, headers: Mapping[str, str], body: object = None) -> Any:
        answer = httpx.request(method, self.address + path, headers=headers, json=body, timeout=60)
        if answer.is_error:
            raise RuntimeError(f"PocketBase refused {method} {path}: {answer.text}")
        return answer.json()


def _collection(users_id: str) -> dict[str, object]:
    owner = {"name": "owner", "type": "relation", "collectionId": users_id, "maxSelect": 1, "required": True}
    path = {"name": "path", "type": "text"}
    content = {"name": "content", "type": "file", "maxSelect": 1, "maxSize": 2 * GiB, "protected": True}
    content["thumbs"] = ["300x300f"]  # for bench.images
    rules = dict.fromkeys(("listRule", "viewRule", "createRule", "updateRule", "deleteRule"), _OWNER_ONLY)
    return {"name": "files", "type": "base", "fields": [owner, path, content], **rules}


def _file(record: Any) -> str:
    return f"{record['collectionId']}/{record['id']}/{record['content']}"


def _program() -> str:
    """Its wheel installs it beside Python."""
    found = shutil.which("pocketbase", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise RuntimeError("PocketBase is not here: `uv sync --group bench`, or `make bench`.")
    return found
