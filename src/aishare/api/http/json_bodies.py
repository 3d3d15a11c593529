"""Checks before the JSON routes: who may send a body, and which bodies are parsed.

The framework would read and parse a body before it checks the caller. Here the caller is checked first; then the body's
size and time; then its structure, so that nothing reaches a parser or database that cannot handle it.
"""

import re
from collections.abc import Iterable
from typing import Final

from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aishare.api.http.callers import require_may_ask
from aishare.api.http.incoming import content_length, small_body
from aishare.core.errors import InvalidInput, InvalidRequest
from aishare.runtime import LiveRuntime

_DEPTH_MAX: Final = 64
"""No route needs more than five levels; parsers recurse once per level."""

_VALUES_MAX: Final = 20_000
"""The largest valid request has a thousand ids. Each value costs some hundred bytes, an invalid one also a message;
this many are parsed or refused in about ten milliseconds.
"""

_LONG_NUMBER: Final = re.compile(rb"[0-9]{1000}")
"""Parsers refuse longer numbers, or take seconds."""

_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_WHOLE_CHARACTERS: Final = re.compile(
    rb"(?:[^\\]++|\\[^u]|\\u(?!d[89a-f])|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})*+", re.IGNORECASE | re.DOTALL
)
"""An unpaired surrogate (RFC 8259 §8.2) can be neither stored nor sent back."""

_NO_NUL: Final = re.compile(rb"(?:[^\\]++|\\[^u]|\\u(?!0000))*+", re.DOTALL)
"""PostgreSQL cannot store NUL characters."""

_NAMES_NUL_ITSELF: Final = "/api/environment-variables"
"""Settings can contain such text when read from a file; the error then names the variable."""

_ALL_BUT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


class JsonBodies:
    """Wraps the application that contains the routes."""

    def __init__(self, app: ASGIApp, routes: Iterable[APIRoute], live: LiveRuntime) -> None:
        self._app = app
        self._live = live
        self._routes = [route for route in routes if route.body_field is not None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._taking_a_body(scope)
        if route is not None and content_length(scope) != 0:
            await require_may_ask(scope, self._live.current)  # the route checks again: permissions can change
            body = await small_body(scope, receive)
            check_json(body, nul=route.path.startswith(_NAMES_NUL_ITSELF))
            receive = _given_again(body, receive)
        await self._app(scope, receive, send)

    def _taking_a_body(self, scope: Scope) -> APIRoute | None:
        method, path = scope["method"], scope["path"]
        return next(
            (route for route in self._routes if method in (route.methods or ()) and route.path_regex.match(path)), None
        )


def check_json(body: bytes, *, nul: bool = False) -> None:
    """Refuses JSON that parsers and databases cannot handle; `nul` if the route itself checks for NUL characters."""
    _check_text(body)
    if b"\\u" in body and not _WHOLE_CHARACTERS.fullmatch(body):
        raise InvalidRequest("The JSON contains an unpaired surrogate.")
    if b"\\u0000" in body and not nul and not _NO_NUL.fullmatch(body):
        raise InvalidInput("The JSON contains a NUL character.")
    if _openings(body) > _DEPTH_MAX or body.count(b",") > _VALUES_MAX:
        _check_structure(_STRING.sub(b"", body))


def _check_text(body: bytes) -> None:
    """UTF-8 (RFC 8259 §8.1). The parser would also accept UTF-16 and UTF-32, which the other checks cannot read."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest("The JSON is not UTF-8.") from error
    if b"\0" in body:
        raise InvalidRequest("The JSON is not UTF-8, or contains a NUL character.")
    if _LONG_NUMBER.search(body) and _LONG_NUMBER.search(_STRING.sub(b"", body)):
        raise InvalidRequest("The JSON contains a number that is too long.")


def _check_structure(body: bytes) -> None:
    if body.count(b",") + _openings(body) > _VALUES_MAX:
        raise InvalidRequest("The JSON contains too many values.")
    brackets = body.translate(None, _ALL_BUT_BRACKETS)
    for _ in range(_DEPTH_MAX):
        inner = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(inner) == len(brackets):
            break
        brackets = inner
    if brackets:
        raise InvalidRequest("The JSON is nested too deeply, or its brackets do not match.")


def _openings(body: bytes) -> int:
    return body.count(b"[") + body.count(b"{")


def _given_again(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again
