"""`/s/TOKEN`, the public address of a link: a page for browsers, the content for programs, a preview card for chat
apps.
"""

from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from aishare.api.doors.exchange import Exchange
from aishare.api.doors.link_cards import draws_card
from aishare.api.doors.link_doors import send_link_card
from aishare.api.doors.table import find
from aishare.api.http.headers import accepts_page
from aishare.api.http.origins import allow_other_origins, send_options
from aishare.core.errors import LinkNotFound
from aishare.runtime import LiveRuntime

_PAGES: Final = b"/s/"
_PASSED_ON: Final = frozenset({"download"})
"""Other parameters belong to the page, or were added by an app that shared the link."""


class LinkAddresses:
    """Wraps the browser application, which serves the page at this address."""

    def __init__(self, live: LiveRuntime, web: ASGIApp) -> None:
        self._live = live
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        if not raw.startswith(_PAGES) or len(raw) == len(_PAGES):
            await self._web(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await send_options(send, open_to_all=True)  # of the redirect; the content is checked again
        elif scope["method"] in {"GET", "HEAD"} and draws_card(scope):
            await self._card(_of_bytes(scope, raw), receive, send)
        elif scope["method"] in {"GET", "HEAD"} and not accepts_page(scope):
            await _redirect(scope, send, raw)
        else:
            await self._web(scope, receive, send)

    async def _card(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = find(scope["path"])
        if place is None:
            raise LinkNotFound("There is no such link.")
        await send_link_card(Exchange(scope, receive, send, self._live.current, place.match))


def _of_bytes(scope: Scope, raw: bytes) -> Scope:
    return {**scope, "path": f"/d/{scope['path'][len(_PAGES) :]}", "raw_path": b"/d/" + raw[len(_PAGES) :]}


async def _redirect(scope: Scope, send: Send, raw: bytes) -> None:
    allow_other_origins(scope)
    query = [pair for pair in parse_qsl(scope["query_string"].decode("latin-1")) if pair[0] in _PASSED_ON]
    location = b"/d/" + raw[len(_PAGES) :] + (b"?" + urlencode(query).encode("ascii") if query else b"")
    headers = [
        (b"location", location),
        (b"content-length", b"0"),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
        (b"vary", b"accept, user-agent"),
    ]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
