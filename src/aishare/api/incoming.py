"""Request bodies as they come."""

from collections.abc import AsyncIterator
from typing import Final

from starlette.types import Receive, Scope

from aishare.core.errors import ClientDisconnected, InvalidRequest, LengthMismatch

_LENGTH_DIGITS_MAX: Final = 19


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
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected("The client went away before the upload was complete.")
        body = message.get("body", b"")
        count += len(body)
        if body:
            yield body
        more = message.get("more_body", False)
    if expected is not None and count != expected:
        raise LengthMismatch(f"{count} bytes came, {expected} were announced.")
