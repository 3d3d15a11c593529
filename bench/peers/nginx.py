"""nginx: static files by sendfile, uploads by its WebDAV module; shows what the machine can do."""

import re
import shutil
import subprocess
from collections.abc import Mapping

import httpx

from bench.client import Request
from bench.dataset import Dataset
from bench.peers.base import Peer, Stored, Uploaded
from tools.bench_programs import environment, program

# Debian's own configuration: one worker per core, sendfile, tcp_nopush, an access log. Added: uploads, and connections
# that stay open however many requests they carry.
_CONFIGURATION = """
user {user};
worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
    include {folder}/mime.types;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/incoming;
    proxy_temp_path {folder}/unused; fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused; scgi_temp_path {folder}/unused;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
        client_max_body_size 0;
        location /uploads/ {{ dav_methods PUT DELETE; }}
    }}
}}
"""

_RECORD = (
    b'{"id":"f3k9x2m7q1w8e5r4","path":"datasets/large.bin","name":"large.bin","size":1073741824,'
    b'"media_type":"application/octet-stream","kind":"other","sha256":"' + b"0" * 64 + b'","owner":"ada",'
    b'"location":"local-1234abcd","created_at":"2025-01-01T00:00:00Z","modified_at":"2025-01-01T00:00:00Z",'
    b'"thumbnail_url":null}'
)


class Nginx(Peer):
    name = "nginx"
    checks = "no sign-in, no hash, no fsync; writes an access log; one worker process per core"

    def version(self) -> str:
        answer = subprocess.run([program("nginx"), "-v"], capture_output=True, text=True, check=True)
        return answer.stderr.rpartition("/")[2].strip()

    def prepare(self) -> None:
        for name in ("files/uploads", "incoming", "unused"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "mime.types").write_text("types { application/json json; }")
        configuration = _CONFIGURATION.format(folder=self.folder, port=self.port, user=_user())
        (self.folder / "nginx.conf").write_text(configuration)

    def command(self) -> list[str]:
        log = str(self.folder / "error.log")
        return [program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", log]

    def environ(self) -> Mapping[str, str]:
        return environment()

    def store(self, data: Dataset) -> Stored:
        files = self.folder / "files"
        for path in (data.large, *data.small):
            shutil.copy(path, files)
        (files / "record.json").write_bytes(_RECORD)
        small = [Request(f"/{path.name}") for path in data.small]
        return Stored(Request(f"/{data.large.name}"), small, Request("/record.json"))

    def upload(self, name: str) -> Request:
        return Request(f"/uploads/{name}", method="PUT")

    def remove(self, uploaded: Uploaded) -> None:
        httpx.delete(f"{self.address}/uploads/{uploaded.name}").raise_for_status()


def _user() -> str:
    """The user who runs this. By default the workers run as `nobody` and could not read our folder."""
    return re.sub(r"\s", "", subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout)
