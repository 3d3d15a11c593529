"""Who is calling: a cookie session or a bearer token, looked up again at each request."""

import ipaddress
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

from aishare.catalogue.sessions import Caller
from aishare.core.errors import CrossOrigin, NotAuthenticated
from aishare.runtime import Runtime

SESSION_COOKIE: Final = "aishare_session"

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


async def caller_of(scope: Scope, runtime: Runtime) -> Caller:
    """The caller; NotAuthenticated if there is none, CrossOrigin if another site makes the browser ask."""
    authorization = header(scope, b"authorization")
    if authorization:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise NotAuthenticated("Only bearer tokens are understood here.")
        return await runtime.tokens.caller(token.strip())
    secret = session_secret(scope)
    if secret is None:
        raise NotAuthenticated("You are not signed in.", hint="Sign in, or send an API token.")
    refuse_cross_origin(scope, runtime)
    return await runtime.sessions.caller(secret)


def session_secret(scope: Scope) -> str | None:
    """The value of the session cookie."""
    text = header(scope, b"cookie")
    if not text:
        return None
    try:
        morsel = SimpleCookie(text).get(SESSION_COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None


def refuse_cross_origin(scope: Scope, runtime: Runtime) -> None:
    """For requests that change something: the page that sends them must be ours.

    Browsers say where a request comes from in Sec-Fetch-Site or Origin (Fetch standard §3.2); a request with neither
    comes from a program, which has the cookie because somebody gave it to it.
    """
    if scope["method"] in _SAFE_METHODS:
        return
    site = header(scope, b"sec-fetch-site")
    if site in {"same-origin", "none"}:
        return
    origin = header(scope, b"origin")
    if site is None and origin is None:
        return
    if origin is not None and origin != "null" and urlsplit(origin).netloc.lower() in _own_hosts(scope, runtime):
        return
    raise CrossOrigin("The request came from a page of another origin.", hint="Open aishare itself and try again.")


def is_local(scope: Scope) -> bool:
    """Whether the request was made on this machine, for this machine: neither through a proxy nor for another name."""
    if header(scope, b"forwarded") or header(scope, b"x-forwarded-for"):
        return False
    host = urlsplit(f"//{header(scope, b'host') or ''}").hostname or ""
    return host == "localhost" or _is_loopback(host)


def address_of(scope: Scope) -> str:
    """The peer's address, for throttling and the audit."""
    client = scope.get("client")
    return client[0] if client else ""


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of this lower-case name."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return None


def _own_hosts(scope: Scope, runtime: Runtime) -> set[str]:
    hosts = {(header(scope, b"host") or "").lower()}
    if runtime.settings.public_url:
        hosts.add(urlsplit(runtime.settings.public_url).netloc.lower())
    return hosts - {""}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
