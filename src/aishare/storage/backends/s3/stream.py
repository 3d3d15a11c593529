"""put of content that is read back afterwards: one request without an MD5; larger bodies are sent as they arrive.

Why that is enough, and what it saves: docs/decisions/0044-copies-on-trust.md.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Final

from aishare.core.errors import AishareError
from aishare.core.keys import Key
from aishare.core.sizes import SMALL_SIZE, MiB
from aishare.storage.backends.s3.client import Connection
from aishare.storage.backends.s3.direct import Answer, Body
from aishare.storage.backends.s3.errors import translated
from aishare.storage.backends.s3.lengths import check_end, check_length
from aishare.storage.base import ObjectInfo, Source

_LARGEST: Final = 64 * MiB
"""Smaller objects are sent again as a whole when the connection breaks; of larger ones only a part."""

_Send = Callable[[Body], Awaitable[Answer | None]]


async def put_stream(
    connection: Connection, key: Key, source: Source, *, size: int | None, content_type: str
) -> ObjectInfo | None:
    """None if it must be written in the ordinary way, from the start: that verifies, retries and explains."""
    if connection.direct is None or not (source.rewindable and source.read_back):
        return None
    if size is None or not 0 < size <= _LARGEST:
        return None
    headers = {"Content-Type": content_type, "Content-Length": str(size)}
    send = partial(connection.direct.put, connection.full(key), headers=headers)
    sent = _sent_at_once if size <= SMALL_SIZE else _sent_in_pieces
    answer = await sent(connection, send, source.open(), size, f"writing {key}")
    return None if answer is None else ObjectInfo(key, size, content_type, etag=str(answer["ETag"]).strip('"'))


async def _sent_at_once(
    connection: Connection, send: _Send, pieces: AsyncIterator[bytes], size: int, doing: str
) -> Answer | None:
    content = b""
    try:
        async for piece in pieces:
            content += piece
            check_length(len(content), size)
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
    check_end(len(content), size)
    return await connection.call(send(content), doing, body_bytes=size)


async def _sent_in_pieces(
    connection: Connection, send: _Send, pieces: AsyncIterator[bytes], size: int, doing: str
) -> Answer | None:
    answer, body = None, _StreamedSource(pieces, size, connection)
    try:
        with translated(doing, connection.config):
            async with body.deadline:
                answer = await send(body)
    except AishareError:
        if body.error is None:
            raise
    finally:
        await body.aclose()
    if body.error is not None:
        raise body.error
    return answer


class _StreamedSource:
    """The pieces of a source, to be sent once. `error` is what they raised; the client only says that sending failed.

    The last piece waits until the source has ended, because a storage keeps an object as soon as it has received the
    announced number of bytes.
    """

    def __init__(self, pieces: AsyncIterator[bytes], size: int, connection: Connection) -> None:
        self._pieces = pieces
        self._size = size
        self._connection = connection
        self._turn = asyncio.Lock()
        self._closed = False
        self.deadline = asyncio.timeout(connection.patience_seconds())
        self.error: Exception | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            received, held = 0, b""
            while piece := await self._next():
                received += len(piece)
                check_length(received, self._size)
                if held:
                    yield held
                held = piece
            check_end(received, self._size)
        except Exception as error:
            self.error = error
            raise
        yield held

    async def aclose(self) -> None:
        """The client abandons what it cannot send, perhaps in the middle of a piece."""
        async with self._turn:
            self._closed = True
            if isinstance(self._pieces, AsyncGenerator):
                await self._pieces.aclose()

    async def _next(self) -> bytes:
        """A storage that accepts nothing has stalled; the time taken by the source is not limited."""
        async with self._turn:
            self._wait(None)
            piece = await anext(self._pieces, b"")
            self._wait(asyncio.get_running_loop().time() + self._connection.patience_seconds(len(piece)))
        return piece

    def _wait(self, until: float | None) -> None:
        if not self._closed and not self.deadline.expired():
            self.deadline.reschedule(until)
