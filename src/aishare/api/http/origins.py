"""Links in pages of other origins (CORS, the Fetch standard §3.3): notebooks in a browser, pictures in a wiki.

Whoever has the address of a link without password and user has what it leads to, so pages may have it as well. They get
it as strangers: nobody's cookies count. Links that ask who somebody is stay in the pages of aishare.
"""

from typing import Final

from starlette.types import Scope, Send

from aishare.api.http.requests import answer_with

_READABLE: Final = (
    b"accept-ranges, content-disposition, content-length, content-range, etag, last-modified, repr-digest, "
    b"retry-after, x-request-id"
)
_SENDABLE: Final = (
    b"range, if-range, if-match, if-none-match, if-modified-since, if-unmodified-since, cache-control, pragma"
)
_ALLOWED: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _READABLE),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_PREFLIGHT: Final = (
    *_ALLOWED,
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", _SENDABLE),
    (b"access-control-max-age", b"600"),
)


def allow_other_origins(scope: Scope) -> None:
    """Whatever the answer will be."""
    answer_with(scope, _ALLOWED)


async def send_options(send: Send, *, open_to_all: bool) -> None:
    """What may be asked here, and by pages of which origins."""
    headers = [(b"allow", b"GET, HEAD, OPTIONS"), (b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer")]
    if open_to_all:
        headers += _PREFLIGHT
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
