"""Checks of a request before its body is read: its host, and where it ends (RFC 9112 §3.2, §6)."""

import re
from collections.abc import Iterable
from typing import Final

from aishare.api.http.server.refusals import HEADERS_TOO_LARGE, Refusal
from aishare.core.sizes import KiB

_HOST: Final = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+;=%-]*)(?::([0-9]{0,5}))?")
"""RFC 9110 §7.2: a host name or address, with or without a port. May be empty. A comma would join two of them."""

_PORT_MAX: Final = 65535

HEADERS_MAX: Final = 64 * KiB
"""Request line and headers together. Endless headers are detected at most one socket read later."""

_FRAMING_MAX: Final = 8 * KiB
"""Chunk extensions and trailers of one body together. aishare ignores them."""

_PER_CHUNK: Final = 32
"""Overhead allowed per chunk besides its content: the hexadecimal size and two line ends, with some margin."""

_PER_LINE: Final = 4
"""Colon, space and line end of a header; about the same for the request line."""

_NO_HOST: Final = Refusal(400, "invalid_request", "An HTTP/1.1 request has exactly one Host header.")
_BAD_HOST: Final = Refusal(400, "invalid_request", "The Host header is not a valid host name or address.")
_OLD_CODING: Final = Refusal(400, "invalid_request", "HTTP/1.0 does not support Transfer-Encoding.")
_CHUNKED_TWICE: Final = Refusal(400, "invalid_request", "The body cannot be chunked twice.")
_UNKNOWN_CODING: Final = Refusal(501, "not_implemented", "The only supported Transfer-Encoding is chunked.")
TOO_MUCH_FRAMING: Final = Refusal(400, "invalid_request", "Chunk extensions and trailers are too large.")


def refusal_of(headers: Iterable[tuple[bytes, bytes]], http_version: str) -> Refusal | None:
    """Why a request with these headers is refused; None if it is accepted."""
    hosts, codings, size = [], [], 0
    for name, value in headers:
        size += len(name) + len(value) + _PER_LINE
        if name == b"host":
            hosts.append(value)
        elif name == b"transfer-encoding":
            codings += [part.strip(b" \t").lower() for part in value.split(b",")]
    if size > HEADERS_MAX:
        return HEADERS_TOO_LARGE
    if len(hosts) != 1 and (hosts or http_version != "1.0"):
        return _NO_HOST
    if hosts and not _is_host(hosts[0]):
        return _BAD_HOST
    return _coding_refusal(codings, http_version) if codings else None


def _is_host(value: bytes) -> bool:
    found = _HOST.fullmatch(value)
    return found is not None and int(found[1] or 0) <= _PORT_MAX


def _coding_refusal(codings: list[bytes], http_version: str) -> Refusal | None:
    if http_version == "1.0":
        return _OLD_CODING
    if set(codings) - {b"chunked"}:
        return _UNKNOWN_CODING
    return _CHUNKED_TWICE if len(codings) > 1 else None


class Framing:
    """Counts the overhead of a chunked body besides its content.

    The parser reports the content, the socket the total; the difference is framing. A read that ends one request and
    begins another is not counted.
    """

    __slots__ = ("_awaited", "_chunked", "_extra", "_known", "_messages", "_messages_before", "_open")

    def __init__(self) -> None:
        self._awaited = self._chunked = self._open = False
        self._extra = self._known = self._messages = self._messages_before = 0

    def begin(self) -> None:
        """Start of a request."""
        self._messages += 1
        self._open, self._chunked, self._awaited = True, False, False
        self._extra = 0

    def end(self) -> None:
        """End of its body and trailers."""
        self._open = False

    def line(self, *parts: bytes) -> None:
        """The request line, or a header."""
        self._known += sum(map(len, parts)) + _PER_LINE

    def await_chunk(self) -> None:
        """The headers announced chunks: what comes before the first content is framing."""
        self._awaited = True

    def content(self, count: int) -> None:
        """Content of a body."""
        self._awaited = False
        self._known += count

    def chunk(self) -> None:
        """The size line of a chunk was read."""
        self._chunked = True
        self._known += _PER_CHUNK

    def trailer(self, *parts: bytes) -> bool:
        """Whether there are too many trailers; called before `came` has counted them completely."""
        self._extra += (size := sum(map(len, parts)) + _PER_LINE)
        self._known += size
        return self._extra > _FRAMING_MAX

    def reading(self) -> None:
        """Before data from the socket is parsed. If no request is in progress, a new one may begin in it."""
        self._known = 0
        self._messages_before = self._messages + (not self._open)

    def came(self, count: int) -> bool:
        """After it was parsed: whether there is too much framing."""
        if not (self._chunked or self._awaited) or self._messages > self._messages_before:
            return False
        self._extra += max(0, count - self._known)
        return self._extra > _FRAMING_MAX
