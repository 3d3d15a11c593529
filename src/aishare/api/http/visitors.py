"""The visitor of a link: their address, the cookies of the link, and who is signed in."""

import hashlib
from functools import partial
from typing import Final

from starlette.types import Scope

from aishare.api.http.callers import address_of, caller_of
from aishare.api.http.cookies import cookie_values
from aishare.catalogue.sharing.link_uses import KEPT_TOGETHER
from aishare.runtime import Runtime
from aishare.services.sharing.link_visits import UNLOCKED, Visitor

_UNLOCK: Final = "aishare_unlock"
_MARK: Final = "aishare_download"

_PURPOSES: Final = frozenset({b"sec-purpose", b"purpose", b"x-purpose", b"x-moz"})

ROOTS: Final = ("/d", "/api/d")
"""Path prefixes of link routes; a cookie is limited to one path, so each prefix gets one."""


def visitor_of(scope: Scope, runtime: Runtime, path: str | None = None) -> Visitor:
    """`path` is that of a file in a folder, because each download in a folder has its own mark."""
    return Visitor(
        address=address_of(scope),
        caller=partial(caller_of, scope, runtime),
        unlocked=cookie_values(scope, _UNLOCK),
        marks=cookie_values(scope, _mark_name(path)),
    )


def is_prefetch(scope: Scope) -> bool:
    """Whether a browser prefetches the address. `Sec-Purpose` is from the Fetch standard; the others are
    older headers.
    """
    return any(
        name in _PURPOSES and any(word in value.lower() for word in (b"prefetch", b"prerender", b"preview"))
        for name, value in scope["headers"]
    )


def mark_cookies(scope: Scope, token: str, mark: str, path: str | None) -> list[str]:
    """Cookies that identify a download that has begun, for further requests; for a whole link, also on its page."""
    seconds = int(KEPT_TOGETHER.total_seconds())
    roots = ROOTS if path is None else ROOTS[:1]
    return [_cookie(scope, f"{_mark_name(path)}={mark}", f"{root}/{token}", seconds) for root in roots]


def unlock_cookies(scope: Scope, token: str, value: str) -> list[str]:
    """Cookies used instead of the password."""
    seconds = int(UNLOCKED.total_seconds())
    return [_cookie(scope, f"{_UNLOCK}={value}", f"{root}/{token}", seconds) for root in ROOTS]


def _cookie(scope: Scope, pair: str, path: str, seconds: int) -> str:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{pair}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def _mark_name(path: str | None) -> str:
    return _MARK if path is None else f"{_MARK}_{hashlib.sha256(path.encode()).hexdigest()[:16]}"
