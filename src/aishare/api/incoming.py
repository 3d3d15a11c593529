"""Request bodies as they come, and what their headers say about them: length, digests, encoding, what they replace."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Receive, Scope

from aishare.api.headers import texts_of, wanted
from aishare.core.conditions import UNCONDITIONAL, Preconditions, preconditions
from aishare.core.digest_fields import FIELDS, Expected, expected_digests
from aishare.core.errors import (
    ClientDisconnected,
    InvalidRequest,
    LengthMismatch,
    PartialUpload,
    UnsupportedEncoding,
)
from aishare.core.sizes import KiB

_LENGTH_DIGITS_MAX: Final = 19

_HASH_INLINE: Final = 64 * KiB
"""As in `storage.ingest`: hashing less takes about as long as the way to a thread."""

_CONDITIONS: Final = wanted(("if-match", "if-none-match", "if-unmodified-since"))
_ABOUT_CONTENT: Final = wanted(("content-range", "content-encoding", *FIELDS))

_PLAIN: Final = {
    "content-encoding": {"", "identity"},
    "content-transfer-encoding": {"", "7bit", "8bit", "binary"},
}
"""The second stands in parts of forms only: HTTP has no such header (RFC 9112 §B.5)."""


@dataclass(frozen=True, slots=True)
class Body:
    """Content on its way in, with what is expected of what it replaces. `announced_bytes` None: nobody knows yet."""

    pieces: AsyncIterator[bytes]
    announced_bytes: int | None
    conditions: Preconditions


def body_of(scope: Scope, receive: Receive) -> Body:
    """The body of an upload, refused before its first byte if it cannot be stored as it is."""
    announced = content_length(scope)
    expected = content_expectations(texts_of(scope, _ABOUT_CONTENT))
    pieces = pieces_of(receive, expected=announced)
    return Body(checked(pieces, expected) if expected else pieces, announced, conditions_of(scope))


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
            "Only whole files can be uploaded, and this is a part of one.",
            hint="Send the whole file without Content-Range; curl: without -C.",
        )
    for name, plain in _PLAIN.items():
        codings = (coding.strip(" \t").lower() for coding in headers.get(name, "").split(","))
        if not plain.issuperset(codings):
            raise UnsupportedEncoding("The content is encoded.", hint="Send the file as it is, without an encoding.")
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
