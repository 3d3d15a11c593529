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
"""More than any route needs. Parsing that much JSON takes some tens of MiB for some tens of milliseconds."""

_SMALL_BODY_SECONDS: Final = 30.0
"""One second per 35 KiB: slower than any connection on which the pages load."""

_BYTES_PER_SECOND: Final = 256
"""The slowest average speed of an upload; a modem of 1990 was faster. Each byte received extends the allowed time, up
to the longest silence; a client that sends one byte per second is cut off after half a minute.
"""

_FIRST_PATIENCE_SECONDS: Final = 30.0
_LONGEST_SILENCE_SECONDS: Final = 120.0
"""A lost connection is given up after this time, like a client that receives nothing (`recipient`)."""

_HASH_INLINE: Final = 64 * KiB
"""As in `storage.flow.ingest`: hashing less takes about as long as switching to a thread."""

_CONDITIONS: Final = wanted(("if-match", "if-none-match", "if-unmodified-since"))
_ABOUT_CONTENT: Final = wanted(("content-range", "content-encoding", *FIELDS))

_PLAIN: Final = {
    "content-encoding": {"", "identity"},
    "content-transfer-encoding": {"", "7bit", "8bit", "binary"},
}
"""The second one is only used in parts of forms: HTTP has no such header (RFC 9112 §B.5)."""


@dataclass(frozen=True, slots=True)
class IncomingBody:
    """Content being uploaded, with the conditions for replacing a file. `announced_bytes` is None if the size is
    unknown.
    """

    pieces: AsyncIterator[bytes]
    announced_bytes: int | None
    conditions: Preconditions


def body_of(scope: Scope, receive: Receive) -> IncomingBody:
    """The body of an upload; refused before its first byte if it cannot be stored as it is."""
    announced = content_length(scope)
    expected = content_expectations(texts_of(scope, _ABOUT_CONTENT))
    pieces = pieces_of(receive, expected=announced)
    return IncomingBody(checked(pieces, expected) if expected else pieces, announced, conditions_of(scope))


def conditions_of(scope: Scope) -> Preconditions:
    """The conditions in the request's headers."""
    texts = texts_of(scope, _CONDITIONS)
    return preconditions(texts) if texts else UNCONDITIONAL


def content_expectations(headers: Mapping[str, str]) -> Expected:
    """The digests sent with a request or a part of a form; raises if the content is not a whole, plain file.

    A part of a file must not be stored as the whole (RFC 9110 §14.5), nor encoded content as if it were not encoded
    (§8.4).
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
    """What the client announced; None for a chunked body."""
    values = {value for name, value in scope["headers"] if name == b"content-length"}
    if not values:
        chunked = any(name == b"transfer-encoding" for name, _ in scope["headers"])
        return None if chunked else 0
    text = values.pop()
    if values or not text.isdigit() or len(text) > _LENGTH_DIGITS_MAX:
        raise InvalidRequest("Content-Length is not a number.")
    return int(text)


async def checked(pieces: AsyncIterator[bytes], expected: Expected) -> AsyncIterator[bytes]:
    """The same content; the last piece only follows if all digests match, so that a storage never gets all of a wrong
    body.
    """
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
    """The body, in pieces as the server provides them. Raises ClientDisconnected if the client disconnects."""
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
    """The whole body, read into memory. Raises TooLarge before the rest is read, RequestTimeout if it does
    not arrive.
    """
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
    """Waits for a client as long as it makes progress. Time spent on our side does not count."""

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
