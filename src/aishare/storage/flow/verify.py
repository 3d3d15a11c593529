"""Verified reading: the end of a chunk is never returned before its SHA-256 was compared with the one from the upload.

Transport checksums do not cover ranges and multipart objects (boto accepts a flipped bit in both), so a download could
be wrong without anyone noticing. Here a bad chunk ends in CorruptObject before any byte of it is returned, or, for
copies that can be discarded, before its last piece is.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Final

from aishare.core.digests import ContentDigests
from aishare.core.errors import CorruptObject, UnsatisfiableRange
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, PIECE_SIZE, KiB
from aishare.storage.base import BaseStorageBackend, ObjectReader, cut_range
from aishare.storage.flow.holding import AllPieces, Holder, HoldingSpace, LastPiece

_HASH_INLINE: Final = 64 * KiB
_HASH_TOGETHER: Final = 64
"""Pieces, however small."""


@asynccontextmanager
async def verified_read(
    backend: BaseStorageBackend,
    key: Key,
    byte_range: ByteRange | None,
    digests: ContentDigests,
    room: HoldingSpace | None = None,
) -> AsyncIterator[ObjectReader]:
    """Like `backend.read`, with every byte verified. Reads whole chunks, so a small range costs up to 8 MiB.

    With `room`, no byte is returned before it is verified; without it, all but the last piece of a chunk are.
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
        holder = await stack.enter_async_context(aclosing(LastPiece() if room is None else AllPieces(room)))
        checked = _Checked(reader.pieces, wanted, digests, holder)
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
    """Goes through whole chunks and returns the wanted bytes when the holder releases them."""

    def __init__(
        self, pieces: AsyncIterator[bytes], wanted: ByteRange, digests: ContentDigests, holder: Holder
    ) -> None:
        self._pieces = pieces
        self._wanted = wanted
        self._digests = digests
        self._holder = holder
        whole = _whole_chunks(wanted, digests.size_bytes)
        self._position = whole.start
        self._stop = whole.stop
        self._hash = hashlib.sha256()
        self._to_hash: list[bytes] = []
        self._to_hash_bytes = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            for part in self._split(piece):
                wanted = await self._take(part)
                if self._is_chunk_end():
                    await self._check((self._position - 1) // CHUNK_SIZE)
                    async for ready in self._holder.release():
                        yield ready
                    if wanted:
                        yield wanted
                elif wanted and (ready := await self._holder.hold(wanted)):
                    yield ready
        if self._position < self._stop:
            raise CorruptObject("The storage returned fewer bytes than it has.")

    def _is_chunk_end(self) -> bool:
        return self._position % CHUNK_SIZE == 0 or self._position == self._digests.size_bytes

    def _split(self, piece: bytes) -> list[bytes]:
        """At the ends of chunks."""
        parts, position = [], self._position
        while piece:
            chunk_end = CHUNK_SIZE - position % CHUNK_SIZE
            parts.append(piece[:chunk_end])
            piece, position = piece[chunk_end:], position + len(parts[-1])
        return parts

    async def _take(self, part: bytes) -> bytes:
        """The wanted part of it."""
        self._to_hash.append(part)
        self._to_hash_bytes += len(part)
        if self._to_hash_bytes >= PIECE_SIZE or len(self._to_hash) >= _HASH_TOGETHER:
            await self._hash_all()
        low = max(self._wanted.start - self._position, 0)
        high = min(self._wanted.stop - self._position, len(part))
        self._position += len(part)
        return part[low:high] if low < high else b""

    async def _hash_all(self) -> None:
        """A few pieces together: switching to a thread takes as long as hashing 100 KiB."""
        parts, self._to_hash = self._to_hash, []
        size, self._to_hash_bytes = self._to_hash_bytes, 0
        if size <= _HASH_INLINE:
            _update(self._hash, parts)
        else:
            await asyncio.to_thread(_update, self._hash, parts)

    async def _check(self, chunk: int) -> None:
        await self._hash_all()
        if self._hash.digest() != self._digests.chunk(chunk):
            raise CorruptObject(f"Chunk {chunk} of the object does not match what was stored.")
        self._hash = hashlib.sha256()


def _update(digest: "hashlib._Hash", parts: Iterable[bytes]) -> None:
    for part in parts:
        digest.update(part)
