"""Limits the number of operations at a time, so that a busy storage makes requests wait instead of failing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aishare.core.errors import BackendUnavailable
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, Source
from aishare.storage.wrappers.wrapping import WrappingBackend


class LimitedBackend(WrappingBackend):
    """Reads and writes wait separately: slow downloads do not block uploads, and copying within one storage cannot
    deadlock.

    A reader keeps its slot until it is closed. Keep `reads` + `writes` below the connections of the storage's client.
    """

    def __init__(
        self, inner: BaseStorageBackend, *, reads: int = 256, writes: int = 48, wait_seconds: float = 10
    ) -> None:
        super().__init__(inner)
        self._reads = asyncio.Semaphore(reads)
        self._writes = asyncio.Semaphore(writes)
        self._wait_seconds = wait_seconds

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        async with self._place(self._writes):
            return await self._inner.put(key, source, size=size, content_type=content_type)

    @asynccontextmanager
    async def read(self, key: Key, byte_range: ByteRange | None = None) -> AsyncIterator[ObjectReader]:
        async with self._place(self._reads), self._inner.read(key, byte_range) as reader:
            yield reader

    async def stat(self, key: Key) -> ObjectInfo:
        async with self._place(self._reads):
            return await self._inner.stat(key)

    async def delete(self, key: Key) -> None:
        async with self._place(self._writes):
            await self._inner.delete(key)

    async def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        """Uses a slot only while the next object is fetched, because the caller may take hours for each."""
        infos = aiter(self._inner.scan(prefix, after=after))
        while True:
            async with self._place(self._reads):
                info = await anext(infos, None)
            if info is None:
                return
            yield info

    @asynccontextmanager
    async def _place(self, places: asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._wait_seconds):
                await places.acquire()
        except TimeoutError:
            raise BackendUnavailable(
                f"The storage {self.label} is too busy: no free connection within {self._wait_seconds:g} seconds.",
                hint="Try again in a moment. If this persists, the storage is too slow for its load.",
            ) from None
        try:
            yield
        finally:
            places.release()
