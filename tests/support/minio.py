"""MinIO: found, or built from source with Go. The project has ended, but many servers still run."""

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support import processes
from tests.support.ports import free_port
from tests.support.s3server import S3Server

MODULE = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"
"""The last release before the project was archived."""

CLIENT_MODULE = "github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9"
"""Makes the key that may only read: MinIO has no file of keys."""

PROGRAMS = ("minio", "mc")
REGION = "us-east-1"
_BUILT = Path(__file__).parents[2] / ".cache" / "bin"
_READER = ("aishare-test-reader", "reader-secret-of-the-tests")
_KEYS = ("aishare-test-admin", "minio-secret-of-the-tests")
_BUILD_SECONDS = 1200
_RIGHTS = (
    "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:GetObject", "s3:PutObject", "s3:DeleteObject",
    "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
)  # fmt: skip
"""What docs/storage asks for."""


class MinioIsMissing(RuntimeError):
    pass


def find_minio(program: str = "minio") -> str | None:
    """On PATH, where Go installs it, or where `build_minio` puts it. An `mc` on PATH may be a file manager."""
    folders = [_BUILT, *_go_folders()]
    found = [str(folder / program) for folder in folders if (folder / program).is_file()]
    return (shutil.which(program) if program == "minio" else None) or next(iter(found), None)


def can_have_minio() -> bool:
    """Both programs found, or Go is there to build them."""
    return _go() is not None or all(find_minio(program) for program in PROGRAMS)


def build_minio(program: str = "minio") -> str:
    """Takes about three minutes, once."""
    module = MODULE if program == "minio" else CLIENT_MODULE
    go = _go()
    if go is None:
        raise MinioIsMissing("Neither minio nor go is on PATH.")
    _BUILT.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(
        [go, "install", module],
        env={**os.environ, "GOBIN": str(_BUILT), "CGO_ENABLED": "0"},
        capture_output=True, text=True, timeout=_BUILD_SECONDS, check=False,
    )  # fmt: skip
    if result.returncode != 0:
        raise MinioIsMissing(f"go install {module} failed:\n{result.stderr[-3000:]}")
    return str(_BUILT / program)


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
        _add_reader(f"http://127.0.0.1:{port}", folder)
        yield S3Server("minio", f"http://127.0.0.1:{port}", *_KEYS, *_READER)
    finally:
        processes.stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def restricted_key(server: S3Server, *, without: Sequence[str]) -> tuple[str, str]:
    """A key with all rights that aishare asks for but these."""
    rights = [right for right in _RIGHTS if right not in without]
    name = f"restricted-{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory() as folder:
        _add_key(server.url, Path(folder), (name, f"{name}-secret"), rights)
    return name, f"{name}-secret"


def _add_reader(url: str, folder: Path) -> None:
    """List and get; the built-in `readonly` does not list."""
    rights = ["s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"]
    _add_key(url, folder, _READER, rights)


def _add_key(url: str, folder: Path, key: tuple[str, str], rights: Sequence[str]) -> None:
    client, policy = find_minio("mc") or build_minio("mc"), f"of-{key[0]}"
    path = folder / "policy.json"
    statement = {"Effect": "Allow", "Action": list(rights), "Resource": ["arn:aws:s3:::*"]}
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    for words in (
        ["alias", "set", "tests", url, *_KEYS],
        ["admin", "user", "add", "tests", *key],
        ["admin", "policy", "create", "tests", policy, str(path)],
        ["admin", "policy", "attach", "tests", policy, "--user", key[0]],
    ):
        subprocess.run(
            [client, "--config-dir", str(folder / "mc"), *words], check=True, capture_output=True, timeout=60
        )


def _go() -> str | None:
    usual = Path("/usr/local/go/bin/go")
    return shutil.which("go") or (str(usual) if usual.is_file() else None)


def _go_folders() -> list[Path]:
    folders = [Path(os.environ["GOBIN"])] if os.environ.get("GOBIN") else []
    if (go := _go()) is not None:
        answer = subprocess.run([go, "env", "GOPATH"], capture_output=True, text=True, check=False)
        folders += [Path(folder) / "bin" for folder in answer.stdout.strip().split(os.pathsep) if folder]
    return folders
