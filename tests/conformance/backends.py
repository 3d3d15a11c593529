"""Every backend and wrapper that the suite runs over: one line each."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from aishare.storage.base import BaseStorageBackend
from aishare.storage.local import LocalConfig, LocalStorageBackend
from aishare.storage.memory import MemoryStorageBackend
from aishare.storage.s3.backend import open_s3
from tests.support.s3server import S3Server, new_bucket
from tests.support.s3servers import s3_server_names

Factory = Callable[[Path, "Servers"], AbstractAsyncContextManager[BaseStorageBackend]]
Servers = Callable[[str], S3Server]
"""Gives the S3 server of that name, started once per run."""


@asynccontextmanager
async def memory(folder: Path, servers: Servers) -> AsyncIterator[BaseStorageBackend]:
    yield MemoryStorageBackend()


@asynccontextmanager
async def local(folder: Path, servers: Servers) -> AsyncIterator[BaseStorageBackend]:
    backend = LocalStorageBackend(LocalConfig(folder / "store", excluded=(folder / "store/images",)))
    yield backend
    await backend.aclose()


def s3(name: str) -> Factory:
    @asynccontextmanager
    async def factory(folder: Path, servers: Servers) -> AsyncIterator[BaseStorageBackend]:
        server = servers(name)
        async with new_bucket(server) as bucket:
            backend = await open_s3(server.config(bucket, prefix=f"p-{uuid.uuid4().hex[:6]}"))
            try:
                yield backend
            finally:
                await backend.aclose()

    return factory


BACKENDS: dict[str, Factory] = {
    "memory": memory,
    "local": local,
    **{name: s3(name) for name in s3_server_names()},
}
