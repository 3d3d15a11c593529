"""Request bodies as they come: small ones whole and soon, contents for as long as they make progress."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.types import Message, Receive, Scope

from aishare.core.errors import ClientDisconnected, InvalidRequest, LengthMismatch, RequestTimeout, TooLarge
from aishare.core.sizes import KiB, MiB

_LENGTH_DIGITS_MAX: Final = 19

SMALL_BODY_MAX: Final = MiB
"""More than any JSON that a route asks for; parsed it is some tens of MiB for some tens of milliseconds."""

_SMALL_BODY_SECONDS: Final = 30.0
"""A second for each 35 KiB: less than any line that a page loads over."""

_BYTES_PER_SECOND: Final = 256
"""The slowest upload, in the long run: a modem of 1990 was faster. Each byte more buys patience, up to the longest
silence; who drips a byte a second runs out of it in half a minute."""

_FIRST_PATIENCE_SECONDS: Final = 30.0
_LONGEST_SILENCE_SECONDS: Final = 120.0
"""A line that was lost on the way is given up by then, as for a client that takes nothing (`recipient`)."""


def content_length(scope: Scope) -> int | None:
    """What the client announced; None if it sends chunks."""
    values = {value for name, value in scope["headers"] if name == b"content-length"}
    if not values:
        chunked = any(name == b"transfer-encoding" for name, _ in scope["headers"])
        return None if chunked else 0
    text = values.pop()
    if values or not text.isdigit() or len(text) > _LENGTH_DIGITS_MAX:
        raise InvalidRequest("Content-Length is not a number.")
    return int(text)


async def pieces_of(receive: Receive, *, expected: int | None) -> AsyncIterator[bytes]:
    """The body, piece by piece as the server hands it over. A client that goes away raises ClientDisconnected."""
    count = 0
    more = True
    patience = _Patience(receive)
    while more:
        message = await patience.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected("The client went away before the upload was complete.")
        body = message.get("body", b"")
        count += len(body)
        if body:
            yield body
        more = message.get("more_body", False)
    if expected is not None and count != expected:
        raise LengthMismatch(f"{count} bytes came, {expected} were announced.")


async def small_body(scope: Scope, receive: Receive) -> bytes:
    """All of a body that is read into memory. TooLarge before the rest is read, RequestTimeout if it does not come."""
    announced = content_length(scope)
    if announced is not None and announced > SMALL_BODY_MAX:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(_SMALL_BODY_SECONDS):
            async for piece in pieces_of(receive, expected=announced):
                body += piece
                if len(body) > SMALL_BODY_MAX:
                    raise _too_large()
    except TimeoutError:
        raise _too_slow() from None
    return bytes(body)


class _Patience:
    """Waits for a client while the client makes progress. Time that we need ourselves does not count."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._seconds = _FIRST_PATIENCE_SECONDS

    async def receive(self) -> Message:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._seconds):
                message = await self._receive()
        except TimeoutError:
            raise _too_slow() from None
        earned = len(message.get("body", b"")) / _BYTES_PER_SECOND
        self._seconds = min(_LONGEST_SILENCE_SECONDS, self._seconds - (loop.time() - began) + earned)
        return message


def _too_large() -> TooLarge:
    return TooLarge(f"The body is larger than {SMALL_BODY_MAX // KiB} KiB.")


def _too_slow() -> RequestTimeout:
    return RequestTimeout("The body of the request does not come.", hint="Look at the connection, then try again.")
