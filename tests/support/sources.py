"""Repeatable bytes for tests, in pieces of 1 MiB, never all in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator

from aishare.core.ids import new_id
from aishare.core.keys import Key, parse_key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import MiB
from aishare.storage.base import BaseStorageBackend, Source


class SourceFailed(Exception):
    pass


def content_of(size: int) -> bytes:
    """The same bytes every time, different at each place."""
    block = hashlib.sha512(b"aishare").digest() * (MiB // 64)
    return b"".join(_pieces(size, block))


def source_of(size: int) -> Source:
    """Gives `content_of(size)`."""
    block = hashlib.sha512(b"aishare").digest() * (MiB // 64)

    async def pieces() -> AsyncIterator[bytes]:
        for piece in _pieces(size, block):
            yield piece
            await asyncio.sleep(0)

    return Source(pieces, rewindable=True)


def failing_source(after: int) -> Source:
    async def pieces() -> AsyncIterator[bytes]:
        async for piece in source_of(after).open():
            yield piece
        raise SourceFailed

    return Source(pieces)


def endless_source(after: int, reached: asyncio.Event) -> Source:
    """Stops giving anything after so many bytes, until cancelled."""

    async def pieces() -> AsyncIterator[bytes]:
        async for piece in source_of(after).open():
            yield piece
        reached.set()
        await asyncio.Event().wait()

    return Source(pieces)


def new_key() -> Key:
    return parse_key(f"objects/aa/bb/{new_id()}")


async def read_all(backend: BaseStorageBackend, key: Key, byte_range: ByteRange | None = None) -> bytes:
    async with backend.read(key, byte_range) as reader:
        return b"".join([piece async for piece in reader.pieces])


def _pieces(size: int, block: bytes) -> Iterator[bytes]:
    for start in range(0, size, MiB):
        yield (start.to_bytes(8, "big") + block[8:])[: size - start]
