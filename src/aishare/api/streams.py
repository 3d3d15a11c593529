"""Answers whose length nobody knows before their end, sent piece by piece."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import structlog
from starlette.types import Message, Receive, Scope, Send

from aishare.api.transfer import STALLED_SECONDS, Header
from aishare.core.errors import AishareError, ClientDisconnected

_log = structlog.get_logger(__name__)


async def send_stream(
    scope: Scope, receive: Receive, send: Send, headers: Sequence[Header], pieces: AsyncGenerator[bytes, None]
) -> None:
    """Answer a GET or HEAD with 200. The status goes out with the first piece: what fails before is an error answer.

    What fails later ends the answer in the middle, and the server cuts the connection.
    """
    start = {"type": "http.response.start", "status": 200, "headers": list(headers)}
    async with aclosing(pieces):
        if scope["method"] == "HEAD":
            await send(start)
        else:
            await _send_all(receive, send, start, pieces)
    await send({"type": "http.response.body", "body": b""})


async def _send_all(receive: Receive, send: Send, start: Message, pieces: AsyncGenerator[bytes, None]) -> None:
    gone: asyncio.Task[None] | None = None
    try:
        async for piece in pieces:
            if gone is None:
                await send(start)
                gone = asyncio.create_task(_disconnected(receive))
            await _send_piece(send, piece, gone)
        if gone is None:
            await send(start)
    except AishareError as error:
        if gone is not None and not isinstance(error, ClientDisconnected):
            _log.warning("stream_cut", code=error.code, message=error.message)
        raise
    finally:
        if gone is not None:
            gone.cancel()


async def _send_piece(send: Send, piece: bytes, gone: asyncio.Task[None]) -> None:
    """Sending into a closed connection succeeds; reading on for nobody must end all the same."""
    if gone.done():
        raise ClientDisconnected("The client went away during the download.")
    try:
        async with asyncio.timeout(STALLED_SECONDS):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except TimeoutError:
        raise ClientDisconnected("The client takes nothing any more.") from None


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
