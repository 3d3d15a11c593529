"""uvicorn's httptools protocol with zero-copy responses, limits on what a client can send or hold, and larger reads."""

import asyncio
from typing import Any, Final, NoReturn

from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from aishare.api.http.server import zerocopy
from aishare.api.http.server.answer import USED_OF_CYCLE, ZERO_COPY, Response
from aishare.api.http.server.crowd import CALLER_KNOWN, make_room
from aishare.api.http.server.framing import HEADERS_MAX, TOO_MUCH_FRAMING, Framing, refusal_of
from aishare.api.http.server.refusals import HEADERS_TOO_LARGE, MALFORMED, Refusal, RefusedRequest
from aishare.core.sizes import MiB

_HEADERS_SECONDS: Final = 20.0
"""How long a client may take to send the headers of one request; uvicorn itself has no limit."""

_READ_AHEAD: Final = MiB
"""Bytes of a body that are buffered for the application. With uvicorn's own limit of 64 KiB the client is stopped too
often: hashed uploads were a fifth faster with this one.
"""

_LINGER_SECONDS: Final = 5.0
"""How long incoming data is discarded after a refusal: closing at once would reset the connection, and the client might
lose the response (RFC 9112 §9.6).
"""

_SILENT_SECONDS: Final = 10.0
"""How long a signed-in client may be silent in the middle of a body before its connection can be closed to make room
for others.
"""

_LINGER_BYTES: Final = MiB
"""The most bytes discarded after a refusal; a client that keeps sending is disconnected."""

_USED_OF_PROTOCOL: Final = frozenset(
    {"app", "transport", "flow", "cycle", "pipeline", "timeout_keep_alive_task", "connections", "headers", "parser"}
)


def missing_names() -> set[str]:
    """Names that this module uses and that uvicorn's classes do not have."""
    of_protocol = _USED_OF_PROTOCOL - set(HttpToolsProtocol.__init__.__code__.co_names)
    return {*of_protocol, *(USED_OF_CYCLE - set(RequestResponseCycle.__init__.__code__.co_names))}


class Protocol(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._application = self.app
        self.app = self._answer
        self._sender: zerocopy.FileSender | None = None
        self._in_headers = True
        self._in_body = False
        self._header_bytes = 0
        self._headers_timer: asyncio.TimerHandle | None = None
        self._framing = Framing()
        self._refusal: Refusal | None = None
        self._linger_timer: asyncio.TimerHandle | None = None
        self._thrown_away = 0
        self._heard_at = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        make_room(self.connections, count=len(self.connections) + 1)  # type: ignore[arg-type]  # all have this class
        super().connection_made(transport)
        if zerocopy.AVAILABLE and _is_plain_socket(transport):
            self._sender = zerocopy.FileSender(transport, self.flow.drain)
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_headers_timer()
        if self._linger_timer is not None:
            self._linger_timer.cancel()
        if self._sender is not None:
            self._sender.connection_lost()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers = True
        self._header_bytes = 0
        self._framing.begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._framing.line(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Trailers are also reported here: they are not supported, and must not be mistaken for headers."""
        if self._in_headers:
            super().on_header(name, value)
            self._framing.line(name, value)
            if name.lower() == b"transfer-encoding":
                self._framing.await_chunk()
        elif self._framing.trailer(name, value):
            self._give_up(TOO_MUCH_FRAMING)

    def on_headers_complete(self) -> None:
        refusal = refusal_of(self.headers, self.parser.get_http_version())
        if refusal is not None:
            self._give_up(refusal)
        self._in_headers, self._in_body = False, True
        self._stop_headers_timer()
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Called by the parser, if it supports it."""
        self._framing.chunk()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._framing.end()
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if self._linger_timer is not None:
            self._throw_away(len(data))
            return
        self._heard_at = self.loop.time()
        self._framing.reading()
        super().data_received(data)
        if self.transport.is_closing() or self._linger_timer is not None:
            return
        if self._framing.came(len(data)):
            self._refuse(TOO_MUCH_FRAMING)
        elif self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > HEADERS_MAX:
                self._refuse(HEADERS_TOO_LARGE)
            elif self._headers_timer is None:
                self._await_headers()
        elif self._is_idle() and self.timeout_keep_alive_task is None and self._headers_timer is None:
            self._await_headers()  # blank lines between requests have stopped uvicorn's own timer

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - called by uvicorn when the parser gives up
        self._refuse(self._refusal or MALFORMED)

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._framing.content(len(body))
        # If requests wait behind this one, the pause concerns them.
        if self.flow.read_paused and not self.pipeline and len(self.cycle.body) < _READ_AHEAD:
            self.flow.resume_reading()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_body and not self.pipeline and self._headers_timer is None:
            self._await_headers()  # the rest of an unwanted body must arrive within this time

    def patience(self) -> tuple[int, float] | None:
        """Priority for closing this connection to make room for another (`crowd.Guest`)."""
        if self.transport.is_closing():
            return None
        if self._is_idle():
            return 0, self._heard_at
        if self.pipeline or not self._in_body or self.flow.read_paused:
            return None
        if not self.cycle.scope["state"].get(CALLER_KNOWN):
            return 1, self._heard_at
        return (2, self._heard_at) if self.loop.time() - self._heard_at > _SILENT_SECONDS else None

    def turn_away(self) -> None:
        """Closes the connection to make room for another."""
        self.transport.abort()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application with the extension. A request is identified by the object that `send` belongs to."""
        cycle = getattr(send, "__self__", None)
        if not isinstance(cycle, RequestResponseCycle):
            await self._application(scope, receive, send)
            return
        if self._sender is not None:
            scope["extensions"] = {ZERO_COPY: {}}
        answer = Response(cycle, self._sender, send)
        await self._application(scope, receive, answer)
        if answer.held is not None:
            await answer.flush()
        if cycle.response_started and not cycle.response_complete and not cycle.disconnected:
            # The application has logged the reason. Less than the announced length and then the end: no client takes it
            # for complete.
            cycle.disconnected = True
            cycle.transport.abort()

    def _is_idle(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _await_headers(self) -> None:
        self._headers_timer = self.loop.call_later(_HEADERS_SECONDS, self._headers_are_late)

    def _stop_headers_timer(self) -> None:
        if self._headers_timer is not None:
            self._headers_timer.cancel()
            self._headers_timer = None

    def _headers_are_late(self) -> None:
        self._headers_timer = None
        if self._is_idle():
            self.transport.abort()

    def _give_up(self, refusal: Refusal) -> NoReturn:
        """Called inside the parser, which stops; uvicorn then asks for its 400 response."""
        self._refusal = refusal
        raise RefusedRequest(refusal.detail)

    def _refuse(self, refusal: Refusal) -> None:
        """The last response. Nothing may be written while another one is pending or being sent."""
        if self.transport.is_closing():
            return
        if not self._is_idle():
            if self._in_headers or self.pipeline or self.cycle.response_started:
                self.transport.abort()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(refusal.answer())
        self._linger()

    def _linger(self) -> None:
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self._linger_timer = self.loop.call_later(_LINGER_SECONDS, self.transport.abort)
        else:
            self.transport.close()

    def _throw_away(self, count: int) -> None:
        self._thrown_away += count
        if self._thrown_away > _LINGER_BYTES:
            self.transport.abort()


def _is_plain_socket(transport: asyncio.Transport) -> bool:
    return transport.get_extra_info("sslcontext") is None and transport.get_extra_info("socket") is not None
