"""What the wrappers share: they look like the backend they wrap."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager

from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, Source


class WrappingBackend(BaseStorageBackend):
    """A wrapper around a backend. Capabilities are passed on unchanged: what they do is not wrapped."""

    def __init__(self, inner: BaseStorageBackend) -> None:
        self._inner = inner
        self.label = inner.label
        self.presigner = inner.presigner
        self.copier = inner.copier
        self.local_files = inner.local_files
        self.small_reads = inner.small_reads
        self.parts = inner.parts
        self.preflight = inner.preflight
        self.leftovers = inner.leftovers
        self.profiler = inner.profiler
        self.capacity = inner.capacity
        self.circuit = inner.circuit

    async def aclose(self) -> None:
        await self._inner.aclose()


class SurroundingBackend(WrappingBackend):
    """Does the same around every operation, from start to end; for a read, until the reader is closed."""

    @abstractmethod
    def _operation(self) -> AbstractContextManager[None]:
        """Entered before each operation; sees its errors."""

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        with self._operation():
            return await self._inner.put(key, source, size=size, content_type=content_type)

    @asynccontextmanager
    async def read(self, key: Key, byte_range: ByteRange | None = None) -> AsyncIterator[ObjectReader]:
        with self._operation():
            async with self._inner.read(key, byte_range) as reader:
                yield reader

    async def stat(self, key: Key) -> ObjectInfo:
        with self._operation():
            return await self._inner.stat(key)

    async def delete(self, key: Key) -> None:
        with self._operation():
            await self._inner.delete(key)

    async def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        with self._operation():
            async for info in self._inner.scan(prefix, after=after):
                yield info
