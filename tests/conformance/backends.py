"""Every backend and wrapper that the suite runs over: one line each."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry

from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.backends.s3.backend import open_s3
from aishare.storage.base import BaseStorageBackend
from aishare.storage.wrappers.breaking import BreakingBackend
from aishare.storage.wrappers.limited import LimitedBackend
from aishare.storage.wrappers.lingering import LingeringBackend
from aishare.storage.wrappers.measured import MeasuredBackend, StorageMetrics
from aishare.storage.wrappers.retrying import RetryingBackend, RetryPolicy
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


def retrying(inner: Factory) -> Factory:
    policy = RetryPolicy(base_delay_seconds=0.01, deadline_seconds=20)
    return wrapped(inner, lambda backend: RetryingBackend(backend, policy))


def limited(inner: Factory) -> Factory:
    return wrapped(inner, lambda backend: LimitedBackend(backend, reads=3, writes=2, wait_seconds=5))


def measured(inner: Factory) -> Factory:
    return wrapped(inner, lambda backend: MeasuredBackend(backend, StorageMetrics(CollectorRegistry())))


def lingering(inner: Factory) -> Factory:
    return wrapped(inner, LingeringBackend)


def wrapped(inner: Factory, wrap: Callable[[BaseStorageBackend], BaseStorageBackend]) -> Factory:
    @asynccontextmanager
    async def factory(folder: Path, servers: Servers) -> AsyncIterator[BaseStorageBackend]:
        async with inner(folder, servers) as backend:
            yield wrap(backend)

    return factory


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
    "retrying-memory": retrying(memory),
    "limited-memory": limited(memory),
    "measured-memory": measured(memory),
    "lingering-memory": lingering(memory),
    "breaking-memory": wrapped(memory, BreakingBackend),
    "wrapped-local": lingering(measured(local)),
    **{name: s3(name) for name in s3_server_names()},
    "wrapped-seaweedfs": lingering(wrapped(retrying(limited(measured(s3("seaweedfs")))), BreakingBackend)),
}
