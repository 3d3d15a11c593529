"""What proxies in front of the server report about a request: the client's address and the scheme it used.

Only proxies in TRUSTED_PROXIES are trusted. Each proxy appends the address of its client to X-Forwarded-For, so the
client is the last address that is not a trusted proxy.
"""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from aishare.api.http.headers import header
from aishare.core.authority import authority_of, host_authority
from aishare.runtime import LiveRuntime

_SCHEMES: Final = frozenset({"http", "https"})


class ForwardedLayer:
    """Replaces the address and scheme of the connection with those of the client."""

    def __init__(self, app: ASGIApp, live: LiveRuntime) -> None:
        self._app = app
        self._live = live
        self._trusted = live.current.settings.trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._trusted and _is_one_of(_peer(scope), self._trusted):
            _believe(scope, self._trusted)
        if scope["scheme"] == "http" and _is_public_https(scope, self._live.current.settings.public_url or ""):
            scope["scheme"] = "https"
        await self._app(scope, receive, send)


def _believe(scope: Scope, trusted: Sequence[str]) -> None:
    hops = _elements(scope, b"x-forwarded-for")
    schemes = [element.lower() for element in _elements(scope, b"x-forwarded-proto")]
    client = next((place for place in reversed(range(len(hops))) if not _is_one_of(_host(hops[place]), trusted)), 0)
    if hops and (address := _host(hops[client])):
        scope["client"] = (address, 0)
    if schemes:
        # If every hop has a scheme, take the one that belongs to the client's address. If the numbers differ, the first
        # is the client's.
        scheme = schemes[client] if len(schemes) == len(hops) else schemes[0]
        scope["scheme"] = scheme if scheme in _SCHEMES else scope["scheme"]


def _is_public_https(scope: Scope, public_url: str) -> bool:
    """For a proxy that passes the public host name but not the scheme: then PUBLIC_URL has the scheme."""
    if not public_url.startswith("https:"):
        return False
    public = authority_of(public_url)
    return public is not None and host_authority(header(scope, b"host") or "", "https") == public[1]


def _elements(scope: Scope, wanted: bytes) -> list[str]:
    text = header(scope, wanted)
    return [element.strip() for element in text.split(",")] if text else []


def _host(element: str) -> str:
    """Without the port that some proxies add: `192.0.2.1:5678`, `[2001:db8::1]:443`."""
    if element.startswith("["):
        return element[1:].partition("]")[0]
    return element.partition(":")[0] if element.count(":") == 1 else element


def _peer(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


@lru_cache(maxsize=4096)
def _is_one_of(host: str, networks: tuple[str, ...]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in networks)
