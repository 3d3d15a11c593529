"""Authentication: the session cookie or bearer token of a request, checked for each request."""

import ipaddress
from contextlib import suppress
from typing import Final

import structlog
from starlette.types import Scope

from aishare.api.http.errors import show_details
from aishare.api.http.headers import header
from aishare.api.http.server.crowd import CALLER_KNOWN
from aishare.api.http.session_cookie import session_secrets
from aishare.api.http.token_scopes import Need, asks_who_calls, need_of
from aishare.catalogue.people.sessions import Caller
from aishare.core.authority import Authority, authority_of, host_authority
from aishare.core.errors import CrossOrigin, NotAuthenticated
from aishare.runtime import Runtime
from aishare.services.content.access import require_scope, require_superuser
from aishare.services.people.sign_in_throttle import AttemptOrigin

_log = structlog.get_logger(__name__)

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


async def caller_of(scope: Scope, runtime: Runtime) -> Caller:
    """The caller; raises NotAuthenticated if there is none, CrossOrigin if another site sent the request, MissingScope
    if the token does not have the scope for this route.
    """
    caller = await _known_caller(scope, runtime)
    scope.setdefault("state", {})[CALLER_KNOWN] = True
    return caller


async def require_may_ask(scope: Scope, runtime: Runtime) -> None:
    """Raises like `caller_of`, and Forbidden for routes that only administrators can use. Called before a body is read
    and before the request's own problems are reported.
    """
    need = need_of(scope)
    if asks_who_calls(need, scope["path"]):
        caller = await caller_of(scope, runtime)
        if need is Need.ADMIN:
            require_superuser(caller)


async def _known_caller(scope: Scope, runtime: Runtime) -> Caller:
    authorization = header(scope, b"authorization")
    if authorization:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise NotAuthenticated("The Authorization header must be a bearer token.")
        caller = _known(scope, await runtime.people.tokens.caller(token.strip()))
        require_need(caller, scope)
        return caller
    secrets = session_secrets(scope)
    if not secrets:
        raise NotAuthenticated("You are not signed in.", hint="Sign in, or send an API token.")
    refuse_cross_origin(scope, runtime)
    for secret in secrets[:-1]:  # another site on the same domain may have set a cookie of this name
        with suppress(NotAuthenticated):
            return _known(scope, await runtime.people.sessions.caller(secret))
    return _known(scope, await runtime.people.sessions.caller(secrets[-1]))


def require_need(caller: Caller, scope: Scope) -> None:
    """The scope that a route requires of a limited token."""
    if caller.scopes is not None and (need := need_of(scope)) not in {Need.OPEN, Need.ANY}:
        require_scope(caller, need.scope)


def refuse_cross_origin(scope: Scope, runtime: Runtime) -> None:
    """For requests that change something: they must come from our own pages.

    Browsers send the origin in Sec-Fetch-Site or Origin (Fetch standard §3.2); a request with neither comes from a
    program that was given the cookie.
    """
    if scope["method"] in _SAFE_METHODS:
        return
    site = header(scope, b"sec-fetch-site")
    if site in {"same-origin", "none"}:
        return
    origin = header(scope, b"origin")
    if site is None and origin is None:
        return
    if origin is not None and _is_own(origin, scope, runtime):
        return
    raise CrossOrigin(
        "The request came from a page on another site.", hint="Open aishare at its own address and try again."
    )


def is_local(scope: Scope) -> bool:
    """Whether the request was made on this machine and for this machine: not through a proxy, and not for another host
    name.
    """
    if header(scope, b"forwarded") or header(scope, b"x-forwarded-for"):
        return False
    authority = host_authority(header(scope, b"host") or "", "http")
    host = authority.host if authority else ""
    return host == "localhost" or _is_loopback(host)


def address_of(scope: Scope) -> str:
    """The peer's address, for throttling and the audit."""
    client = scope.get("client")
    return client[0] if client else ""


def origin_of(scope: Scope, runtime: Runtime) -> AttemptOrigin:
    """The origin of a sign-in attempt.

    A forwarding header from a client that is not in TRUSTED_PROXIES comes from a proxy that is not configured. It is
    not trusted, and all users share the proxy's address: locking it would lock out everyone.
    """
    address = address_of(scope)
    forwarded = header(scope, b"x-forwarded-for") or header(scope, b"forwarded")
    if forwarded is None or runtime.settings.trusted_proxies or not _is_near(address):
        return AttemptOrigin(address)
    _log.warning("proxy_not_trusted", address=address, hint="If this is your reverse proxy, add it to TRUSTED_PROXIES.")
    return AttemptOrigin(address, shared=True)


def _known(scope: Scope, caller: Caller) -> Caller:
    """From here on, administrators get detailed errors."""
    if caller.administers:
        show_details(scope)
    return caller


def _is_own(origin: str, scope: Scope, runtime: Runtime) -> bool:
    """Whether this origin is our own: `https://files.example.org` matches `files.example.org:443`."""
    found = authority_of(origin)
    return found is not None and found[1] in _own_authorities(scope, runtime, found[0])


def _own_authorities(scope: Scope, runtime: Runtime, scheme: str) -> set[Authority | None]:
    public = authority_of(runtime.settings.public_url or "")
    return {host_authority(header(scope, b"host") or "", scheme), public[1] if public else None}


def _is_near(address: str) -> bool:
    """On this machine or in a private network, where a reverse proxy is likely."""
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
