"""The shortest correct backend: the reference for the conformance suite, and for tests of higher layers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aishare.core.errors import LengthMismatch, ObjectNotFound
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import PIECE_SIZE
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, Source, cut_range


class MemoryStorageBackend(BaseStorageBackend):
    """Objects in a dict, lost when the process ends."""

    def __init__(self, label: str = "memory") -> None:
        self.label = label
        self._objects: dict[Key, tuple[ObjectInfo, bytes]] = {}

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        content = b"".join([piece async for piece in source.open()])
        if size is not None and len(content) != size:
            raise LengthMismatch(f"Received {len(content)} bytes instead of {size}.")
        info = ObjectInfo(key, len(content), content_type, modified_at=datetime.now(UTC))
        self._objects[key] = (info, content)
        return info

    @asynccontextmanager
    async def read(self, key: Key, byte_range: ByteRange | None = None) -> AsyncIterator[ObjectReader]:
        info, content = self._find(key)
        wanted = cut_range(byte_range, info.size_bytes)

        async def pieces() -> AsyncIterator[bytes]:
            if wanted is not None:
                for start in range(wanted.start, wanted.stop, PIECE_SIZE):
                    yield content[start : min(start + PIECE_SIZE, wanted.stop)]

        yield ObjectReader(info, wanted, pieces())

    async def stat(self, key: Key) -> ObjectInfo:
        return self._find(key)[0]

    async def delete(self, key: Key) -> None:
        self._objects.pop(key, None)

    async def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        for key in sorted(self._objects):
            if key.startswith(prefix) and (after is None or key > after) and key in self._objects:
                yield self._objects[key][0]

    async def aclose(self) -> None:
        return

    def _find(self, key: Key) -> tuple[ObjectInfo, bytes]:
        try:
            return self._objects[key]
        except KeyError:
            raise ObjectNotFound(f"There is no object {key}.") from None
