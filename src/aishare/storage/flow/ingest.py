"""The only way to store content: counts, limits, hashes, and passes the bytes to a backend."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from aishare.core.digests import ContentDigests, Digester
from aishare.core.errors import AishareError, CorruptObject, LengthMismatch, TooLarge
from aishare.core.keys import Key
from aishare.core.sizes import PIECE_SIZE, KiB
from aishare.storage.base import BaseStorageBackend, ObjectInfo, Source

HEAD_SIZE: Final = 64 * KiB
"""Bytes at the start from which the media type is detected."""

_HASH_INLINE: Final = 64 * KiB
"""Smaller pieces are hashed on the event loop: 64 KiB take about 70 microseconds, about as long as switching to a
thread.
"""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was stored, and what was learned from its content."""

    info: ObjectInfo
    digests: ContentDigests
    content_type: str


async def ingest(  # noqa: PLR0913 - properties of the content
    backend: BaseStorageBackend,
    key: Key,
    pieces: AsyncIterator[bytes],
    *,
    limit_bytes: int | None,
    announced_bytes: int | None,
    content_type: Callable[[bytes], str],
) -> Ingested:
    """Stores `pieces` under `key`. TooLarge, LengthMismatch and errors of `pieces` leave nothing behind.

    Content that is too large for the limit or the disk is refused before the first piece, if its size was announced.

    `content_type` is called once, with the first 64 KiB at most.
    """
    _check_limit(announced_bytes or 0, limit_bytes)
    if backend.capacity is not None:
        await backend.capacity.require(announced_bytes or 0)
    async with aclosing(_ahead(_in_pieces(pieces))) as ahead:
        stream = _Stream(ahead, limit_bytes=limit_bytes)
        media_type = content_type(await stream.head())
        source = Source(open=stream.rest)
        info = await backend.put(key, source, size=announced_bytes, content_type=media_type)
    digests = stream.digester.result()
    if info.size_bytes != digests.size_bytes:
        await _remove(backend, key)
        raise CorruptObject(f"The storage kept only {info.size_bytes} of {digests.size_bytes} bytes.")
    if announced_bytes is not None and announced_bytes != digests.size_bytes:
        await _remove(backend, key)
        raise LengthMismatch(f"Received {digests.size_bytes} bytes instead of {announced_bytes}.")
    return Ingested(info, digests, media_type)


class _Stream:
    """Counts and hashes the bytes as they pass. The hash of a piece is computed while the backend writes that piece."""

    def __init__(self, pieces: AsyncIterator[bytes], *, limit_bytes: int | None) -> None:
        self._pieces = pieces
        self._limit = limit_bytes
        self._first: bytes | None = None
        self.digester = Digester()

    async def head(self) -> bytes:
        self._first = await anext(self._pieces, b"")
        return self._first[:HEAD_SIZE]

    async def rest(self) -> AsyncIterator[bytes]:
        piece = self._first
        while piece:
            _check_limit(self.digester.size_bytes + len(piece), self._limit)
            if len(piece) <= _HASH_INLINE:
                self.digester.update(piece)
                yield piece
            else:
                hashing = asyncio.ensure_future(asyncio.to_thread(self.digester.update, piece))
                try:
                    yield piece
                finally:
                    await hashing
            piece = await anext(self._pieces, b"")


async def _ahead(pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The same, receiving the next piece while one is hashed and written, so that an upload waits for only one thing at
    a time.
    """
    coming = asyncio.ensure_future(_next(pieces))
    try:
        while piece := await coming:
            coming = asyncio.ensure_future(_next(pieces))
            yield piece
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _next(pieces: AsyncIterator[bytes]) -> bytes:
    return await anext(pieces, b"")


async def _in_pieces(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Small pieces are combined to about 1 MiB, which copies them once; large ones are cut."""
    waiting: list[bytes] = []
    size = 0
    async for piece in pieces:
        for part in _parts(piece):
            waiting.append(part)
            size += len(part)
            if size >= PIECE_SIZE:
                gathered = b"".join(waiting)
                waiting.clear()
                size = 0
                yield gathered
    if waiting:
        yield b"".join(waiting)


def _parts(piece: bytes) -> Iterable[bytes]:
    """Pieces from a server are rarely so large that they have to be cut."""
    if len(piece) <= 2 * PIECE_SIZE:
        return (piece,)
    return (piece[start : start + PIECE_SIZE] for start in range(0, len(piece), PIECE_SIZE))


def _check_limit(size_bytes: int, limit_bytes: int | None) -> None:
    if limit_bytes is not None and size_bytes > limit_bytes:
        raise TooLarge(
            f"The file is larger than the limit of {limit_bytes} bytes.",
            hint="An administrator can raise the limit.",
        )


async def _remove(backend: BaseStorageBackend, key: Key) -> None:
    try:
        await backend.delete(key)
    except AishareError:
        return  # the original error says more; the object is an unused one and will be cleaned up
