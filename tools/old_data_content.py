"""What the data of an older version have in them. Only what the API of every version can do."""

import hashlib
import json
import struct
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tools.old_version import OldVersion

PASSWORDS = {name: f"the password of {name}" for name in ("ada", "grace", "root")}
LINK_PASSWORD = "the password of a link"
MiB = 1024 * 1024
WORK_SECONDS = 60


def png(width: int, height: int) -> bytes:
    """An image in one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x40\x80\xc0" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


FILES = {
    "ada": {
        "empty.txt": b"",
        "models/weights.bin": bytes(range(256)) * (9 * MiB // 256),  # more than one chunk of 8 MiB
        "models/README.md": b"# Weights\n",
        "data/Z\N{LATIN SMALL LETTER U WITH DIAERESIS}rich \N{SNOWMAN} 100%.csv": b"name,size\nflake,1\n",
        "data/deep/er/still.jsonl": b'{"a": 1}\n' * 100,
        "images/img_2.png": png(640, 480),
        "images/img_10.png": png(64, 48),
    },
    "grace": {"notes.txt": b"nobody else's\n"},
}


class Filling:
    def __init__(self, old: OldVersion, data_dir: Path, environ: Mapping[str, str]) -> None:
        self._old = old
        self._data_dir = data_dir
        self._environ = environ
        self._address = ""
        self._tokens: dict[str, str] = {}
        self.expected: dict[str, Any] = {"passwords": PASSWORDS, "files": {}, "links": {}}

    @contextmanager
    def serving(self, **environ: str) -> Iterator[None]:
        with self._old.serving(self._data_dir, {**self._environ, **environ}) as self._address:
            yield

    def add_users(self) -> None:
        for name, password in PASSWORDS.items():
            rights = ["--superuser"] if name == "root" else []
            self._command("user", "create", name, "--password-stdin", *rights, stdin=password)
            made = json.loads(self._command("token", "create", "laptop", "--user", name, "--json"))
            self._tokens[name] = made["token"]
        self.expected["tokens"] = self._tokens

    def add_files(self) -> None:
        """Also one that is replaced, one that is deleted, and an empty folder."""
        ada = self._client("ada")
        _put(ada, "models/README.md", b"to be replaced")
        _put(ada, "gone.txt", b"to be deleted")
        _wanted(ada.delete(f"/api/files/{_find(ada, 'gone.txt')['id']}"))
        _wanted(ada.post("/api/folders", json={"path": "nothing here"}))
        for owner, files in FILES.items():
            client = self._client(owner)
            for path, content in files.items():
                _put(client, path, content)
            facts = {path: [len(content), hashlib.sha256(content).hexdigest()] for path, content in files.items()}
            self.expected["files"][owner] = facts
        _wanted(ada.get(f"/api/files/{_find(ada, 'images/img_2.png')['id']}/thumbnail"))

    def move_everything(self) -> None:
        """To the storage that is active now. Nothing of the first one is needed afterwards."""
        root = self._client("root")
        places = {place["state"]: place["id"] for place in root.get("/api/admin/locations").json()["items"]}
        ends = {"source": places["readable"], "target": places["active"], "grace_seconds": 0}
        made = _wanted(root.post("/api/admin/migrations", json=ends))
        _until(lambda: root.get(f"/api/admin/migrations/{made['id']}").json()["state"] == "completed")
        _until(lambda: root.post(f"/api/admin/locations/{places['readable']}/retire").is_success)
        self.expected["migration"] = made["id"]

    def add_links(self) -> None:
        ada = self._client("ada")
        weights = f"/api/files/{_find(ada, 'models/weights.bin')['id']}/links"
        self._link("plain", weights)
        self._link("counted", weights, max_downloads=2)
        self._link("locked", weights, password=LINK_PASSWORD)
        self._link("named", weights, username="grace")
        self._link("folder", "/api/links", folder="data")
        self._link("request", "/api/links", folder="nothing here", kind="request")
        revoked = self._link("revoked", weights)
        _wanted(ada.delete(f"/api/links/{revoked['id']}"))
        counted = self.expected["links"]["counted"]
        _wanted(httpx.get(f"{self._address}/d/{counted}"))
        self.expected["link_password"] = LINK_PASSWORD

    def add_shares(self) -> None:
        ada = self._client("ada")
        _wanted(ada.post("/api/shares", json={"folder": "models", "username": "grace", "right": "read"}))
        file_id = _find(ada, "empty.txt")["id"]
        _wanted(ada.post("/api/shares", json={"file_id": file_id, "username": "grace", "right": "write"}))

    def check_everything(self) -> None:
        root = self._client("root")
        made = _wanted(root.post("/api/admin/scrubs", json={"percent": 100}))
        _until(lambda: root.get(f"/api/admin/scrubs/{made['id']}").json()["state"] == "completed")

    def _link(self, name: str, address: str, **wishes: Any) -> Any:
        made = _wanted(self._client("ada").post(address, json={"expires_in": 0, **wishes}))
        self.expected["links"][name] = made["token"]
        return made

    def _command(self, *arguments: str, stdin: str = "") -> str:
        return self._old.run(self._data_dir, *arguments, environ=self._environ, stdin=stdin)

    def _client(self, name: str) -> httpx.Client:
        return httpx.Client(
            base_url=self._address, headers={"Authorization": f"Bearer {self._tokens[name]}"}, timeout=60
        )


def _put(client: httpx.Client, path: str, content: bytes) -> None:
    _wanted(client.put(f"/api/files/by-path/{quote(path)}", content=content))


def _find(client: httpx.Client, path: str) -> Any:
    folder, _, name = path.rpartition("/")
    listed = _wanted(client.get("/api/files", params={"folder": folder}))
    return next(file for file in listed["items"] if file["name"] == name)


def _wanted(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise RuntimeError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}")
    return answer.json() if answer.content and "json" in answer.headers["content-type"] else None


def _until(condition: Any) -> None:
    ends = time.monotonic() + WORK_SECONDS
    while not condition():
        if time.monotonic() > ends:
            raise RuntimeError("did not become true in time")
        time.sleep(0.2)
