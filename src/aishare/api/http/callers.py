"""Authentication: the session cookie or bearer token of a request, looked up again each time."""

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
    """The caller; NotAuthenticated if there is none, CrossOrigin if another site makes the browser ask, MissingScope if
    the token was not made for this route.
    """
    caller = await _known_caller(scope, runtime)
    scope.setdefault("state", {})[CALLER_KNOWN] = True
    return caller


async def require_may_ask(scope: Scope, runtime: Runtime) -> None:
    """What `caller_of` raises, and Forbidden where only superusers may ask. Comes before a body is read, and before
    anybody is told what is wrong with a request.
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
    for secret in secrets[:-1]:  # a neighbour may have set a cookie of the same name
        with suppress(NotAuthenticated):
            return _known(scope, await runtime.people.sessions.caller(secret))
    return _known(scope, await runtime.people.sessions.caller(secrets[-1]))


def require_need(caller: Caller, scope: Scope) -> None:
    """What the route asks of a token with scopes."""
    if caller.scopes is not None and (need := need_of(scope)) not in {Need.OPEN, Need.ANY}:
        require_scope(caller, need.scope)


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
    if origin is not None and _is_own(origin, scope, runtime):
        return
    raise CrossOrigin(
        "The request came from a page on another site.", hint="Open aishare at its own address and try again."
    )


def is_local(scope: Scope) -> bool:
    """Whether the request was made on this machine, for this machine: neither through a proxy nor for another name."""
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
    """Where an attempt to sign in comes from.

    A forwarding header from a neighbour that is not in TRUSTED_PROXIES is that of a proxy which nobody told us about.
    Its header is not believed, and its address is everybody's: to lock it would lock everybody out.
    """
    address = address_of(scope)
    forwarded = header(scope, b"x-forwarded-for") or header(scope, b"forwarded")
    if forwarded is None or runtime.settings.trusted_proxies or not _is_near(address):
        return AttemptOrigin(address)
    _log.warning("proxy_not_trusted", address=address, hint="If this is your reverse proxy, add it to TRUSTED_PROXIES.")
    return AttemptOrigin(address, shared=True)


def _known(scope: Scope, caller: Caller) -> Caller:
    """Superusers get the details of what goes wrong from here on."""
    if caller.administers:
        show_details(scope)
    return caller


def _is_own(origin: str, scope: Scope, runtime: Runtime) -> bool:
    """Whether a page of this origin is one of ours: `https://files.example.org` is so for `files.example.org:443`."""
    found = authority_of(origin)
    return found is not None and found[1] in _own_authorities(scope, runtime, found[0])


def _own_authorities(scope: Scope, runtime: Runtime, scheme: str) -> set[Authority | None]:
    public = authority_of(runtime.settings.public_url or "")
    return {host_authority(header(scope, b"host") or "", scheme), public[1] if public else None}


def _is_near(address: str) -> bool:
    """On this machine or in a private network, where a reverse proxy would be."""
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
