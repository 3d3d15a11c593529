"""Responses of unknown length, sent piece by piece."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import structlog
from starlette.types import Message, Receive, Scope, Send

from aishare.api.http.recipient import Recipient
from aishare.api.http.response_plan import Header
from aishare.core.errors import AishareError, ClientDisconnected

_log = structlog.get_logger(__name__)


async def send_stream(
    scope: Scope, receive: Receive, send: Send, headers: Sequence[Header], pieces: AsyncGenerator[bytes, None]
) -> None:
    """Answers a GET or HEAD with 200. The status is sent with the first piece: an error before it becomes an error
    response.

    A later error ends the response in the middle, and the server cuts the connection.
    """
    start = {"type": "http.response.start", "status": 200, "headers": list(headers)}
    async with aclosing(pieces):
        if scope["method"] == "HEAD":
            await send(start)
        else:
            await _send_all(receive, send, start, pieces)
    await send({"type": "http.response.body", "body": b""})


async def _send_all(receive: Receive, send: Send, start: Message, pieces: AsyncGenerator[bytes, None]) -> None:
    recipient, started = Recipient(receive, send), False
    try:
        async for piece in pieces:
            if not started:
                await send(start)
                started = True
            await recipient.give({"type": "http.response.body", "body": piece, "more_body": True})
        if not started:
            await send(start)
    except AishareError as error:
        if started and not isinstance(error, ClientDisconnected):
            _log.warning("stream_cut", code=error.code, message=error.message)
        raise
    finally:
        recipient.close()
