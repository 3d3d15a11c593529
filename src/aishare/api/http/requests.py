"""The layer around every request: an id, a log line, counters, and error responses."""

import logging
import time
from collections.abc import Iterable, Iterator
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aishare.api.http.callers import address_of
from aishare.api.http.error_pages import error_page, wants_page
from aishare.api.http.errors import failure_body, problem_document
from aishare.core.errors import AishareError, ClientDisconnected
from aishare.core.ids import new_request_id
from aishare.core.logs import request_id
from aishare.core.redaction import redact_path
from aishare.core.request_context import client_address

_log = structlog.get_logger("aishare.requests")
_level = logging.getLogger("aishare.requests")

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def answer_with(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Adds these headers to the response of this request, whatever it is; they replace headers of the same names."""
    scope["state"]["answer_headers"].update(headers)


class RequestMetrics:
    """Counters of requests. Labels are methods and statuses, never paths, which are users' data."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter("aishare_http_requests", "Completed requests", ["method", "status"], registry=registry)
        self.seconds = Histogram(
            "aishare_http_request_seconds", "Duration of requests in seconds", ["method"], registry=registry
        )
        self.running = Gauge(
            "aishare_http_requests_running", "Requests in progress", registry=registry, multiprocess_mode="livesum"
        )
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, status: int, *, seconds: float) -> None:
        """There are few labels; looking up their counters for each request costs more than counting."""
        known = self._known.get((method, status))
        if known is None:
            known = self.requests.labels(method, str(status)), self.seconds.labels(method)
            self._known[method, status] = known
        known[0].inc()
        known[1].observe(seconds)


class RequestLayer:
    """The outermost application. Gives each request an id and turns errors into problem documents."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = _ObservedSend(send, request_id=new_request_id(), https=scope.get("scheme") == "https")
        scope["state"] = {
            **scope.get("state", {}),
            "request_id": answer.request_id,
            "answer_headers": answer.headers,
        }
        request_id.set(answer.request_id)  # not reset: the server gives each request its own context
        client_address.set(address_of(scope))
        began = time.perf_counter()
        self._metrics.running.inc()
        try:
            await self._run(scope, receive, answer)
            self._note(scope, answer, time.perf_counter() - began)
        finally:
            self._metrics.running.dec()

    async def _run(self, scope: Scope, receive: Receive, answer: "_ObservedSend") -> None:
        try:
            await self._app(scope, receive, answer)
        except ClientDisconnected:
            answer.status = answer.status or 499  # nobody is listening; nginx uses this number in its log
        except AishareError as error:
            # A response that has begun stays incomplete: the server cuts the connection, so that it is not mistaken for
            # complete.
            if not answer.status:
                await answer.problem(error, scope)
        except Exception:  # noqa: BLE001 - every error gets a response; unknown ones are logged in full
            _log.exception("request_failed", method=scope["method"])
            if not answer.status:
                await answer.failure()

    def _note(self, scope: Scope, answer: "_ObservedSend", seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.count(method, answer.status, seconds=seconds)
        level = logging.DEBUG if method in _SAFE_METHODS and answer.status < 400 else logging.INFO  # noqa: PLR2004
        if _level.isEnabledFor(level):  # checking the level first saves the work for most requests
            path = redact_path(scope["path"])
            _log.log(level, "request", method=method, path=path, status=answer.status, ms=round(seconds * 1000, 1))


_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
"""On every response: a list of files contains names chosen by users and must never be interpreted as a page."""

_NO_STORE: Final = (b"cache-control", b"no-store")
"""For responses without their own Cache-Control: they may contain a token, or data that only this caller may see."""

_HSTS: Final = (b"strict-transport-security", b"max-age=2592000")
"""One month, and only for this host: the usual year would be too long for administrators who stop using HTTPS or have
other services on the host.
"""

_METHODS: Final = _SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}


class _ObservedSend:
    """`send` that adds the request id and the headers of all responses, and remembers the status."""

    def __init__(self, send: Send, *, request_id: str, https: bool) -> None:
        self._send = send
        self._https = https
        self.request_id = request_id
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        """See `answer_with`."""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            known = [header for header in message.get("headers", ()) if header[0] not in self.headers]
            known += self.headers.items()
            message["headers"] = [*known, *self._common({name for name, _ in known})]
        await self._send(message)

    def _common(self, known: set[bytes]) -> Iterator[tuple[bytes, bytes]]:
        yield b"x-request-id", self.request_id.encode()
        if _NOSNIFF[0] not in known:
            yield _NOSNIFF
        if _NO_STORE[0] not in known:
            yield _NO_STORE
        if self._https and _HSTS[0] not in known:
            yield _HSTS

    async def problem(self, error: AishareError, scope: Scope) -> None:
        answer = error_page if wants_page(scope) else problem_document
        status, body, headers = answer(error, scope=scope, request_id=self.request_id)
        await self._whole(status, body, headers)

    async def failure(self) -> None:
        body = failure_body(self.request_id)
        await self._whole(500, body, [("content-type", "application/problem+json"), ("cache-control", "no-store")])

    async def _whole(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        encoded.append((b"content-length", str(len(body)).encode()))
        await self({"type": "http.response.start", "status": status, "headers": encoded})
        await self({"type": "http.response.body", "body": body})
