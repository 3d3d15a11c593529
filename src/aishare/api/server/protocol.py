"""uvicorn's httptools protocol with zero-copy responses, a limit on headers and larger reads."""

import asyncio
from typing import Any, Final

from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from aishare.api.server import zerocopy
from aishare.api.server.answer import USED_OF_CYCLE, ZERO_COPY, Answer
from aishare.core.sizes import KiB, MiB

_HEADERS_SECONDS: Final = 20.0
"""How long a client may take for the headers of one request; the server itself would wait for ever."""

_HEADERS_MAX: Final = 64 * KiB
"""Request line and headers together, give or take one read of the socket."""

_READ_AHEAD: Final = MiB
"""Bytes of a body that may wait for the application. uvicorn's own limit of 64 KiB stops the client too often: hashed
uploads were a fifth faster with this one."""

_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\ncache-control: no-store\r\n"
    b"connection: close\r\n\r\n"
)

_USED_OF_PROTOCOL: Final = frozenset({"app", "transport", "flow", "cycle", "pipeline", "timeout_keep_alive_task"})


def missing_names() -> set[str]:
    """What this module uses of uvicorn's classes and does not find there."""
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
        self._header_bytes = 0
        self._headers_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if zerocopy.AVAILABLE and _is_plain_socket(transport):
            self._sender = zerocopy.FileSender(transport, self.flow.drain)
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_headers_timer()
        if self._sender is not None:
            self._sender.connection_lost()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers = True
        self._header_bytes = 0

    def on_headers_complete(self) -> None:
        self._in_headers = False
        self._stop_headers_timer()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > _HEADERS_MAX:
                self._refuse_headers()
            elif self._headers_timer is None:
                self._await_headers()
        elif self._is_idle() and self.timeout_keep_alive_task is None and self._headers_timer is None:
            self._await_headers()  # blank lines between requests ended the server's own timer

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        # With requests waiting behind this one the pause stands for them.
        if self.flow.read_paused and not self.pipeline and len(self.cycle.body) < _READ_AHEAD:
            self.flow.resume_reading()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, with the extension on offer. A request is known by the object that `send` belongs to."""
        cycle = getattr(send, "__self__", None)
        if not isinstance(cycle, RequestResponseCycle):
            await self._application(scope, receive, send)
            return
        if self._sender is not None:
            scope["extensions"] = {ZERO_COPY: {}}
        answer = Answer(cycle, self._sender, send)
        await self._application(scope, receive, answer)
        if answer.held is not None:
            await answer.flush()
        if cycle.response_started and not cycle.response_complete and not cycle.disconnected:
            # The application has logged why. Less than the length announced, then the end: nobody takes it for whole.
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

    def _refuse_headers(self) -> None:
        if self.transport.is_closing():
            return
        if self._is_idle():
            self.transport.write(_TOO_LARGE)
            self.transport.close()
        else:
            self.transport.abort()  # an answer is being sent: nothing may be written into it


def _is_plain_socket(transport: asyncio.Transport) -> bool:
    return transport.get_extra_info("sslcontext") is None and transport.get_extra_info("socket") is not None
