"""Messages between the service and a child: a small JSON header and bytes, preceded by both lengths."""

import json
import struct
from typing import Any, Final, NamedTuple

LENGTHS: Final = struct.Struct("!II")

HEADER_MAX: Final = 64 * 1024
"""Longer data belongs in the body."""


class Message(NamedTuple):
    """A message of either side."""

    header: dict[str, Any]
    body: bytes = b""


class Malformed(Exception):
    """Not a valid message: the other side has failed or is compromised."""


def encoded(message: Message) -> bytes:
    header = json.dumps(message.header).encode()
    if len(header) > HEADER_MAX:
        raise Malformed("The header is too long.")
    return b"%b%b%b" % (LENGTHS.pack(len(header), len(message.body)), header, message.body)


def lengths(prefix: bytes, *, body_max: int) -> tuple[int, int]:
    """Of header and body; raises Malformed beyond the limits, before memory is used for them."""
    header, body = LENGTHS.unpack(prefix)
    if header > HEADER_MAX or body > body_max:
        raise Malformed("The message is too long.")
    return header, body


def header_of(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("The header is not JSON.") from error
    if not isinstance(header, dict):
        raise Malformed("The header is not an object.")
    return header
