"""MinIO: found, or built from its source with Go. Its project ended; many servers of it run on."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import processes
from tests.support.ports import free_port
from tests.support.s3server import S3Server

MODULE = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"
"""The last release before the project was archived."""

REGION = "us-east-1"
_BUILT = Path(__file__).parents[2] / ".cache" / "bin"
_KEYS = ("aishare-test-admin", "minio-secret-of-the-tests")
_BUILD_SECONDS = 1200


class MinioCanNotBeHad(RuntimeError):
    pass


def find_minio() -> str | None:
    """On PATH, where Go installs, or where `build_minio` puts it."""
    folders = [_BUILT, *_go_folders()]
    found = [str(folder / "minio") for folder in folders if (folder / "minio").is_file()]
    return shutil.which("minio") or next(iter(found), None)


def can_have_minio() -> bool:
    """Found, or Go is there to build it."""
    return find_minio() is not None or _go() is not None


def build_minio() -> str:
    """Takes about three minutes, once."""
    go = _go()
    if go is None:
        raise MinioCanNotBeHad("There is neither minio nor go on PATH.")
    _BUILT.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(
        [go, "install", MODULE],
        env={**os.environ, "GOBIN": str(_BUILT), "CGO_ENABLED": "0"},
        capture_output=True, text=True, timeout=_BUILD_SECONDS, check=False,
    )  # fmt: skip
    if result.returncode != 0:
        raise MinioCanNotBeHad(f"go install {MODULE} failed:\n{result.stderr[-3000:]}")
    return str(_BUILT / "minio")


@contextmanager
def running_minio() -> Iterator[S3Server]:
    """Started, ready; gone with all its data afterwards."""
    program = find_minio() or build_minio()
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="aishare-minio-", dir=memory if memory.is_dir() else None))
    port, console = free_port(), free_port()
    log, data = folder / "log", folder / "data"
    data.mkdir()
    process = processes.start(
        [program, "server", "--quiet", "--address", f"127.0.0.1:{port}",
         "--console-address", f"127.0.0.1:{console}", str(data)],
        log=log,
        environment={
            "MINIO_ROOT_USER": _KEYS[0], "MINIO_ROOT_PASSWORD": _KEYS[1], "MINIO_REGION": REGION,
            "MINIO_UPDATE": "off", "MINIO_CI_CD": "1", "HOME": str(folder),
        },
    )  # fmt: skip
    try:
        processes.wait_for_status(process, port, "/minio/health/ready", status=200, log=log)
        yield S3Server("minio", f"http://127.0.0.1:{port}", *_KEYS)
    finally:
        processes.stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _go() -> str | None:
    usual = Path("/usr/local/go/bin/go")
    return shutil.which("go") or (str(usual) if usual.is_file() else None)


def _go_folders() -> list[Path]:
    folders = [Path(os.environ["GOBIN"])] if os.environ.get("GOBIN") else []
    if (go := _go()) is not None:
        answer = subprocess.run([go, "env", "GOPATH"], capture_output=True, text=True, check=False)
        folders += [Path(folder) / "bin" for folder in answer.stdout.strip().split(os.pathsep) if folder]
    return folders
