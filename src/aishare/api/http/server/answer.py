"""Responses on their way to the client: status, headers and first bytes in one write, files by the kernel."""

import errno
from typing import Final

from starlette.types import Message, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from aishare.api.http.server import zerocopy

ZERO_COPY: Final = "http.response.zerocopysend"
"""The ASGI extension: https://asgi.readthedocs.io/en/latest/extensions.html#zero-copy-send"""

USED_OF_CYCLE: Final = frozenset(
    {"disconnected", "response_started", "response_complete", "expected_content_length", "chunked_encoding", "body"}
    | {"default_headers", "flow", "keep_alive", "message_event", "on_response", "scope", "transport"}
    | {"waiting_for_100_continue"}
)

_CLIENT_IS_GONE: Final = frozenset(
    {errno.EPIPE, errno.ECONNRESET, errno.ECONNABORTED, errno.ENOTCONN, errno.ESHUTDOWN, errno.ETIMEDOUT}
    | {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
)

_LEFT_TO_SERVER: Final = frozenset({b"connection", b"transfer-encoding"})
"""Headers that uvicorn handles itself."""

_CONTROLS: Final = bytes({*range(32), 127} - {9})
"""Characters not allowed in a header: a line break would split it into two."""


class Response:
    """`send` that supports the extension. Holds the start back until the first bytes arrive."""

    __slots__ = ("_cycle", "_send", "_sender", "held")

    def __init__(self, cycle: RequestResponseCycle, sender: zerocopy.FileSender | None, send: Send) -> None:
        self._cycle = cycle
        self._sender = sender
        self._send = send
        self.held: Message | None = None

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start" and self.held is None and not self._cycle.response_started:
            self.held = message
        elif kind == "http.response.body" and self.held is not None:
            await self._first(self.held, message)
        else:
            if self.held is not None:
                await self.flush()
            if kind == ZERO_COPY:
                await self._send_file(message)
            else:
                await self._send(message)

    async def flush(self) -> None:
        """Sends the start alone."""
        start, self.held = self.held, None
        if start is not None:
            await self._send(start)

    async def _first(self, start: Message, message: Message) -> None:
        """Two packets instead of one would wake the client twice: a tenth of the time of a small file."""
        self.held = None
        cycle = self._cycle
        headers = start.get("headers", ())
        known = dict(headers)
        length = known.get(b"content-length")
        plain = not known.keys() & _LEFT_TO_SERVER and cycle.scope["method"] != "HEAD"
        if length is None or not plain or cycle.flow.write_paused or cycle.disconnected:
            await self._send(start)
            await self._send(message)
            return
        head = _head(cycle, start["status"], headers)
        cycle.response_started, cycle.waiting_for_100_continue = True, False
        cycle.chunked_encoding, cycle.expected_content_length = False, int(length)
        _write_body(cycle, head, message)

    async def _send_file(self, message: Message) -> None:
        cycle = self._cycle
        if cycle.disconnected:
            return
        if cycle.scope["method"] == "HEAD":
            await self._send({"type": "http.response.body", "more_body": message.get("more_body", False)})
            return
        offset, count = message["offset"], message["count"]
        if not cycle.response_started or cycle.chunked_encoding is not False or count > cycle.expected_content_length:
            raise RuntimeError("Zero copy needs a response start with a Content-Length that covers it.")
        if self._sender is None:
            raise RuntimeError("Zero copy was not on offer.")
        try:
            await self._sender.send(message["file"], offset=offset, count=count)
        except OSError as error:
            if not isinstance(error, ConnectionError) and error.errno not in _CLIENT_IS_GONE:
                raise  # disk error: the rest may come from another copy
            cycle.disconnected = True
            cycle.transport.abort()
            return
        finally:
            message["sent"] = self._sender.sent
            cycle.expected_content_length -= self._sender.sent
        if not message.get("more_body", False):
            await self._send({"type": "http.response.body", "body": b""})


def _head(cycle: RequestResponseCycle, status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Status line and headers. A control character in one of them is an internal error and is not sent."""
    lines = [b": ".join(header) for header in (*cycle.default_headers, *headers)]
    if not cycle.keep_alive:
        lines.append(b"connection: close")
    head = b"%b%b\r\n\r\n" % (STATUS_LINE[status], b"\r\n".join(lines))
    breaks = 2 * (len(lines) + 2)
    if len(head.translate(None, _CONTROLS)) != len(head) - breaks:
        raise RuntimeError("A control character in a header.")
    return head


def _write_body(cycle: RequestResponseCycle, head: bytes, message: Message) -> None:
    body = message.get("body", b"")
    if len(body) > cycle.expected_content_length:
        raise RuntimeError("The body is longer than its Content-Length.")
    more = message.get("more_body", False)
    if not more and len(body) != cycle.expected_content_length:
        raise RuntimeError("The body is shorter than its Content-Length.")
    cycle.expected_content_length -= len(body)
    cycle.transport.writelines((head, body))
    if not more:
        cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
