"""The S3 servers of a test run: each started at most once, at its first use, and ended with the run."""

import atexit
import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache

from tests.support.minio import can_have_minio, running_minio
from tests.support.s3server import S3Server
from tests.support.seaweedfs import running_seaweedfs

_STARTERS = {"seaweedfs": running_seaweedfs, "minio": running_minio}


@cache
def s3_server(name: str) -> S3Server:
    """Started at the first call. MinIO may have to be built first, which takes minutes."""
    stack = ExitStack()
    server = stack.enter_context(_STARTERS[name]())
    atexit.register(_only_here(stack.close))
    return server


def _only_here(close: Callable[[], None]) -> Callable[[], None]:
    """A forked child runs the exit functions as well, and must not end the servers of its parent."""
    owner = os.getpid()
    return lambda: close() if os.getpid() == owner else None


@cache
def s3_server_names() -> tuple[str, ...]:
    """What tests are parametrised over. Without MinIO and without Go to build it, MinIO is left out: `minio_notice`."""
    return ("seaweedfs", "minio") if can_have_minio() else ("seaweedfs",)


def minio_notice() -> str:
    """For the report header of pytest."""
    if "minio" in s3_server_names():
        return "S3 servers: SeaweedFS, MinIO"
    return "S3 servers: SeaweedFS. MinIO IS LEFT OUT: there is neither `minio` nor `go` on PATH (install Go to run it)"
