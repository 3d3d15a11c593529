"""The cookie of a session: which name it has, how it is set, read and dropped.

Over HTTPS it is `__Host-aishare_session` (RFC 6265bis §4.1.3.2): browsers take a cookie of such a name only from this
very host, with Secure and for all paths, so neither a page of a neighbouring host nor somebody on the line can plant
one. Over plain HTTP browsers refuse the prefix, and the cookie goes without it.
"""

from typing import Final

from starlette.responses import Response
from starlette.types import Scope

from aishare.api.http.cookies import cookie_values

PLAIN: Final = "aishare_session"
SECURE: Final = f"__Host-{PLAIN}"


def set_session(response: Response, scope: Scope, secret: str, *, max_age_seconds: int) -> None:
    """The cookie goes into the answer. HTTPS is what the server speaks, or what a trusted proxy says it speaks."""
    secure = _is_https(scope)
    response.set_cookie(
        SECURE if secure else PLAIN,
        secret,
        max_age=max_age_seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def drop_session(response: Response, scope: Scope) -> None:
    """The browser forgets both; it would not listen without Secure to what is said about the one with the prefix."""
    response.delete_cookie(PLAIN, path="/", httponly=True, samesite="lax", secure=_is_https(scope))
    if _is_https(scope):
        response.delete_cookie(SECURE, path="/", httponly=True, samesite="lax", secure=True)


def session_secrets(scope: Scope) -> list[str]:
    """What the session may be, the first one first. Over HTTPS only the cookie that nobody else can have set counts.

    Over HTTP the other one counts as well, for it comes from a proxy that is not believed to speak HTTPS.
    """
    names = (SECURE,) if _is_https(scope) else (PLAIN, SECURE)
    return [secret for name in names for secret in cookie_values(scope, name)]


def _is_https(scope: Scope) -> bool:
    return bool(scope.get("scheme") == "https")
