"""Reading with proof: no chunk's end is given out before its SHA-256 was compared with the one from ingest.

Transport checksums do not cover ranges and multipart objects (boto accepts a flipped bit in both), so a download could
be wrong without anybody noticing. Here the last piece of each chunk waits until the chunk is proven: a bad chunk ends
in CorruptObject and an incomplete answer, never in a complete wrong one.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aishare.core.digests import ContentDigests
from aishare.core.errors import CorruptObject, UnsatisfiableRange
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, KiB
from aishare.storage.base import BaseStorageBackend, ObjectReader, cut_range

_HASH_INLINE: Final = 64 * KiB


@dataclass(slots=True)
class Given:
    """What of a chunk was given out before the chunk was proven: its SHA-256 from the chunk's start, else None.

    Shared by the readers of one download. Whoever goes on behind these bytes proves the chunk with bytes of its own, so
    they must be the same: a bit that was flipped in what is already out can not be taken back.
    """

    sha256: bytes | None = None


@asynccontextmanager
async def verified_read(
    backend: BaseStorageBackend,
    key: Key,
    byte_range: ByteRange | None,
    digests: ContentDigests,
    given: Given | None = None,
) -> AsyncIterator[ObjectReader]:
    """Like `backend.read`, with every byte proven. Reads whole chunks, so a small range costs up to 8 MiB.

    A reader that goes on for another, at the byte where that ended, takes over its `given`.
    """
    wanted = cut_range(byte_range, digests.size_bytes)
    if wanted is None:
        info = await backend.stat(key)
        _check_size(info.size_bytes, digests)
        yield ObjectReader(info, None, _nothing())
        return
    async with AsyncExitStack() as stack:
        try:
            reader = await stack.enter_async_context(backend.read(key, _whole_chunks(wanted, digests.size_bytes)))
        except UnsatisfiableRange as error:
            raise CorruptObject("The storage has fewer bytes than were stored.") from error
        _check_size(reader.info.size_bytes, digests)
        checked = _Checked(reader.pieces, wanted, digests, given or Given())
        yield ObjectReader(reader.info, wanted, checked.pieces())


def _check_size(size_bytes: int, digests: ContentDigests) -> None:
    if size_bytes != digests.size_bytes:
        raise CorruptObject(f"The storage has {size_bytes} bytes instead of {digests.size_bytes}.")


def _whole_chunks(wanted: ByteRange, size_bytes: int) -> ByteRange:
    start = wanted.start - wanted.start % CHUNK_SIZE
    return ByteRange(start, min(-(-wanted.stop // CHUNK_SIZE) * CHUNK_SIZE, size_bytes))


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


class _Checked:
    """Walks over whole chunks, gives out the wanted bytes, one piece late."""

    def __init__(self, pieces: AsyncIterator[bytes], wanted: ByteRange, digests: ContentDigests, given: Given) -> None:
        self._pieces = pieces
        self._wanted = wanted
        self._digests = digests
        self._given = given
        self._position = wanted.start - wanted.start % CHUNK_SIZE
        self._hash = hashlib.sha256()
        self._held = b""

    async def pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            for part in self._split(piece):
                for ready in await self._take(part):
                    yield ready
        if self._held or self._position < min(self._wanted.stop, self._digests.size_bytes):
            raise CorruptObject("The storage gave fewer bytes than it has.")

    def _split(self, piece: bytes) -> list[bytes]:
        """At chunk ends, and where the wanted bytes begin."""
        parts, position = [], self._position
        while piece:
            chunk_end = CHUNK_SIZE - position % CHUNK_SIZE
            ahead = self._wanted.start - position
            first = min(ahead, chunk_end) if ahead > 0 else chunk_end
            parts.append(piece[:first])
            piece, position = piece[first:], position + first
        return parts

    async def _take(self, part: bytes) -> list[bytes]:
        """What may be given out after `part`: the piece held before it, and with a proven chunk end `part` as well."""
        before = self._hash.copy()
        await self._update(part)
        start = self._position
        self._position += len(part)
        self._compare()
        ready, wanted = b"", self._cut(part, start)
        if wanted:  # else `part` lies outside, and what is held waits for the end of its chunk
            ready, self._held = self._held, wanted
        if self._position % CHUNK_SIZE == 0 or self._position == self._digests.size_bytes:
            self._check((self._position - 1) // CHUNK_SIZE)
            proven, self._held = self._held, b""
            return [piece for piece in (ready, proven) if piece]
        if ready:
            self._given.sha256 = before.digest()
            return [ready]
        return []

    def _cut(self, part: bytes, start: int) -> bytes:
        low = max(self._wanted.start - start, 0)
        high = min(self._wanted.stop - start, len(part))
        return part[low:high] if low < high else b""

    async def _update(self, part: bytes) -> None:
        if len(part) <= _HASH_INLINE:
            self._hash.update(part)
        else:
            await asyncio.to_thread(self._hash.update, part)

    def _compare(self) -> None:
        """Where the wanted bytes begin: is what lies before them what was given out?"""
        if self._position == self._wanted.start and self._given.sha256 not in {None, self._hash.digest()}:
            raise CorruptObject("What was given out of this chunk is not what lies here.")

    def _check(self, chunk: int) -> None:
        if self._hash.digest() != self._digests.chunk(chunk):
            raise CorruptObject(f"Chunk {chunk} of the object is not what was stored.")
        self._hash = hashlib.sha256()
        self._given.sha256 = None
