"""Reading request bodies: small ones at once, uploads for as long as they make progress.

Also the headers that describe them: length, digests, encoding, conditions.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Message, Receive, Scope

from aishare.api.http.headers import texts_of, wanted
from aishare.core.conditions import UNCONDITIONAL, Preconditions, preconditions
from aishare.core.digest_fields import FIELDS, Expected, expected_digests
from aishare.core.errors import (
    ClientDisconnected,
    InvalidRequest,
    LengthMismatch,
    PartialUpload,
    RequestTimeout,
    TooLarge,
    UnsupportedEncoding,
)
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

_HASH_INLINE: Final = 64 * KiB
"""As in `storage.ingest`: hashing less takes about as long as the way to a thread."""

_CONDITIONS: Final = wanted(("if-match", "if-none-match", "if-unmodified-since"))
_ABOUT_CONTENT: Final = wanted(("content-range", "content-encoding", *FIELDS))

_PLAIN: Final = {
    "content-encoding": {"", "identity"},
    "content-transfer-encoding": {"", "7bit", "8bit", "binary"},
}
"""The second is used in parts of forms only: HTTP has no such header (RFC 9112 §B.5)."""


@dataclass(frozen=True, slots=True)
class IncomingBody:
    """Content on its way in, with what is expected of what it replaces. `announced_bytes` None: nobody knows yet."""

    pieces: AsyncIterator[bytes]
    announced_bytes: int | None
    conditions: Preconditions


def body_of(scope: Scope, receive: Receive) -> IncomingBody:
    """The body of an upload, refused before its first byte if it cannot be stored as it is."""
    announced = content_length(scope)
    expected = content_expectations(texts_of(scope, _ABOUT_CONTENT))
    pieces = pieces_of(receive, expected=announced)
    return IncomingBody(checked(pieces, expected) if expected else pieces, announced, conditions_of(scope))


def conditions_of(scope: Scope) -> Preconditions:
    """What the request takes for granted about what it changes."""
    texts = texts_of(scope, _CONDITIONS)
    return preconditions(texts) if texts else UNCONDITIONAL


def content_expectations(headers: Mapping[str, str]) -> Expected:
    """The digests that came along, of a request or a part of a form; raises for bytes that are not a whole plain file.

    A part of a file must not be stored as the whole (RFC 9110 §14.5), nor encoded bytes under the name of what they
    encode (§8.4).
    """
    if "content-range" in headers:
        raise PartialUpload(
            "Only whole files can be uploaded; this request contains part of one.",
            hint="Send the whole file without Content-Range (with curl, without -C).",
        )
    for name, plain in _PLAIN.items():
        codings = (coding.strip(" \t").lower() for coding in headers.get(name, "").split(","))
        if not plain.issuperset(codings):
            raise UnsupportedEncoding(
                "Content-Encoding is not supported for uploads.", hint="Send the file without Content-Encoding."
            )
    return expected_digests(headers)


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


async def checked(pieces: AsyncIterator[bytes], expected: Expected) -> AsyncIterator[bytes]:
    """The same; the last piece only when all digests fit, so that no storage ever has the whole of a wrong body."""
    held = b""
    async for piece in pieces:
        if held:
            yield held
        if len(piece) <= _HASH_INLINE:
            expected.update(piece)
        else:
            await asyncio.to_thread(expected.update, piece)
        held = piece
    expected.check()
    if held:
        yield held


async def pieces_of(receive: Receive, *, expected: int | None) -> AsyncIterator[bytes]:
    """The body, piece by piece as the server hands it over. A client that goes away raises ClientDisconnected."""
    count = 0
    more = True
    patience = _Patience(receive)
    while more:
        message = await patience.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected("The client disconnected before the upload was complete.")
        body = message.get("body", b"")
        count += len(body)
        if body:
            yield body
        more = message.get("more_body", False)
    if expected is not None and count != expected:
        raise LengthMismatch(f"Received {count} bytes instead of {expected}.")


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
    return RequestTimeout("The body of the request did not arrive in time.", hint="Check the connection and try again.")
