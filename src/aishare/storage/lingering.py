"""Closes when its last operation has ended: a reload takes a storage out of service while downloads still run."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, Source
from aishare.storage.wrapping import WrappingBackend


class LingeringBackend(WrappingBackend):
    """`aclose` waits. Cancelling it closes at once: what still runs then fails."""

    def __init__(self, inner: BaseStorageBackend) -> None:
        super().__init__(inner)
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

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

    async def aclose(self) -> None:
        try:
            await self._idle.wait()
        finally:
            await self._inner.aclose()

    @contextmanager
    def _operation(self) -> Iterator[None]:
        self._running += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()
