"""Links used by pages of other origins (CORS, the Fetch standard §3.3), such as notebooks in a browser or images in a
wiki.

Anyone with the address of a link without password and user can download it, so pages may do so too. They are treated as
anonymous: cookies are ignored. Links that need a password or a user only work on aishare's own pages.
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
    """Adds the headers to any response."""
    answer_with(scope, _ALLOWED)


async def send_options(send: Send, *, open_to_all: bool) -> None:
    """Which methods are allowed here, and for pages of which origins."""
    headers = [(b"allow", b"GET, HEAD, OPTIONS"), (b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer")]
    if open_to_all:
        headers += _PREFLIGHT
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
