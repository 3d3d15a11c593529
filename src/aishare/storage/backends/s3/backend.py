"""S3StorageBackend: all operations together."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.storage.backends.s3.buffers import PartBudget
from aishare.storage.backends.s3.client import Connection, connect
from aishare.storage.backends.s3.config import S3Config
from aishare.storage.backends.s3.copy import S3Copier
from aishare.storage.backends.s3.delete import delete
from aishare.storage.backends.s3.diagnose import S3Preflight
from aishare.storage.backends.s3.leftovers import S3Leftovers
from aishare.storage.backends.s3.parts import S3PartUploads
from aishare.storage.backends.s3.presign import S3Presigner
from aishare.storage.backends.s3.profile import S3Profiler
from aishare.storage.backends.s3.put import put
from aishare.storage.backends.s3.read import read, stat
from aishare.storage.backends.s3.scan import scan
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, Source


class S3StorageBackend(BaseStorageBackend):
    """One bucket, or one prefix of it. Made by `open_s3`."""

    def __init__(self, connection: Connection, stack: AsyncExitStack, *, budget: PartBudget | None = None) -> None:
        self.label = connection.config.label
        self._connection = connection
        self._stack = stack
        self._budget = budget or PartBudget()
        self.presigner = S3Presigner(connection)
        self.copier = S3Copier(connection)
        self.parts = S3PartUploads(connection, self._budget)
        self.preflight = S3Preflight(connection)
        self.profiler = S3Profiler(connection, self.parts)
        self.leftovers = S3Leftovers(connection)

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        return await put(self._connection, self._budget, key, source, size=size, content_type=content_type)

    def read(self, key: Key, byte_range: ByteRange | None = None) -> AbstractAsyncContextManager[ObjectReader]:
        return read(self._connection, key, byte_range)

    async def stat(self, key: Key) -> ObjectInfo:
        return await stat(self._connection, key)

    async def delete(self, key: Key) -> None:
        await delete(self._connection, key)

    def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        return scan(self._connection, prefix, after)

    async def aclose(self) -> None:
        await self._stack.aclose()


async def open_s3(config: S3Config) -> S3StorageBackend:
    """A backend with its own client, closed by `aclose`. Does not contact the storage: see `probe`."""
    async with AsyncExitStack() as stack:
        connection = await connect(config, stack)
        return S3StorageBackend(connection, stack.pop_all())
