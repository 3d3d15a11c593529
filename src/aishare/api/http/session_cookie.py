"""The session cookie: its name, and how it is set, read and deleted.

Over HTTPS it is `__Host-aishare_session` (RFC 6265bis §4.1.3.2): browsers accept a cookie with this prefix only from
this exact host, with Secure and for all paths, so no neighbouring host and nobody on the network can set one. Over
plain HTTP browsers refuse the prefix, so the cookie has none.
"""

from typing import Final

from starlette.responses import Response
from starlette.types import Scope

from aishare.api.http.cookies import cookie_values

PLAIN: Final = "aishare_session"
SECURE: Final = f"__Host-{PLAIN}"


def set_session(response: Response, scope: Scope, secret: str, *, max_age_seconds: int) -> None:
    """Adds the cookie to the response. HTTPS is used if the server itself or a trusted proxy says so."""
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
    """Deletes both cookies; the one with the prefix can only be deleted with Secure."""
    response.delete_cookie(PLAIN, path="/", httponly=True, samesite="lax", secure=_is_https(scope))
    if _is_https(scope):
        response.delete_cookie(SECURE, path="/", httponly=True, samesite="lax", secure=True)


def session_secrets(scope: Scope) -> list[str]:
    """The possible session secrets, in order. Over HTTPS only the cookie that nobody else can have set counts.

    Over HTTP the other one counts too, because it may come through a proxy whose HTTPS is not trusted.
    """
    names = (SECURE,) if _is_https(scope) else (PLAIN, SECURE)
    return [secret for name in names for secret in cookie_values(scope, name)]


def _is_https(scope: Scope) -> bool:
    return bool(scope.get("scheme") == "https")
