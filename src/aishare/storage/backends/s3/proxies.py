"""Whether a storage is reached through a proxy of the environment: `http_proxy`, `https_proxy`, `no_proxy`.

In `no_proxy` the client itself only understands names and addresses; administrators also use networks, ports and `*`,
as in curl and Go.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from aishare.core.authority import DEFAULT_PORTS

_LOOPBACK: Final = ("127.0.0.1", "::1")
_ENTRY: Final = re.compile(r"\[(?P<ip>[^]]*)\](?::(?P<ip_port>\d+))?|(?P<name>[^:]+)(?::(?P<port>\d+))?|(?P<bare>.+)")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and its variable. `url` may contain a password, `place` does not."""

    variable: str
    url: str

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def host(self) -> str:
        return _parsed(self.url).hostname or ""

    @property
    def port(self) -> int:
        parts = _parsed(self.url)
        try:
            return parts.port or DEFAULT_PORTS.get(parts.scheme, 80)
        except ValueError:
            return 0

    @property
    def usable(self) -> bool:
        """Whether it is an address of the only kind that the client supports."""
        return _parsed(self.url).scheme in DEFAULT_PORTS and bool(self.host) and self.port > 0


def proxy_for(url: str, environ: Mapping[str, str] | None = None) -> Proxy | None:
    """The proxy for requests to `url`; None for a direct connection."""
    environ = os.environ if environ is None else environ
    parts = urlsplit(url)
    name = f"{parts.scheme}_proxy"
    variable = name if environ.get(name) else name.upper()
    address = environ.get(variable, "").strip()
    if not address or is_excepted(parts, environ.get("no_proxy") or environ.get("NO_PROXY", "")):
        return None
    return Proxy(variable, address if "://" in address else f"http://{address}")


def without_proxy_hint(proxy: Proxy, host: str) -> str:
    """What to do about a proxy that causes a problem."""
    return f"Correct {proxy.variable}, or add {host} to NO_PROXY if the storage is reached without a proxy."


def is_excepted(parts: SplitResult, exceptions: str) -> bool:
    """Whether `no_proxy` contains the host: itself, a parent domain, its network, or everything."""
    host, port = (parts.hostname or "").rstrip("."), parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    return any(_covers(entry, host, port) for entry in re.split(r"[\s,]+", exceptions.lower()) if entry)


def _covers(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    found = _ENTRY.fullmatch(entry)
    if found is None:
        return False
    wanted = found["ip_port"] or found["port"]
    if wanted is not None and int(wanted) != port:
        return False
    name = found["ip"] or found["name"] or found["bare"] or ""
    return _is_network_of(name, host) if _is_network(name) else _is_domain_of(name, host)


def _is_domain_of(name: str, host: str) -> bool:
    domain = name.removeprefix("*").strip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_network_of(network: str, host: str) -> bool:
    """`localhost` counts as an address; other names are not resolved for this, as in other programs."""
    addresses = _LOOPBACK if host == "localhost" else (host,)
    inside = ipaddress.ip_network(network, strict=False)
    return any(_is_network(address) and ipaddress.ip_address(address) in inside for address in addresses)


def _parsed(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
