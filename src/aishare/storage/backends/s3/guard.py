"""Addresses that no store has, and that whoever may set an endpoint must not reach through us.

Link-local addresses hold the metadata services of clouds, which hand out credentials of the machine. The check is made
on the resolved address, of every look-up, so that neither another spelling of the number nor a name that changes its
address between two look-ups gets by (OWASP, Server-Side Request Forgery Prevention Cheat Sheet).
"""

import asyncio
import ipaddress
import socket
from typing import Final

from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from aishare.core.errors import BackendDenied

_METADATA: Final = frozenset(
    map(ipaddress.ip_address, ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"))
)
"""Of AWS, Google, Alibaba, Azure and Oracle, where it is not link-local as in most clouds."""

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_HINT: Final = "An endpoint is the address of a store; this one belongs to the machine or its network."


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of `host`, the preferred first. OSError if it has none, BackendDenied if one is not for stores."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
    if any(map(is_forbidden, addresses)):
        raise BackendDenied(f"The address of {host} is not allowed for a storage.", hint=_HINT)
    return addresses


def is_forbidden(address: str) -> bool:
    """Whether no store may have it. Loopback and private addresses are fine: a store on one's own network is usual."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = _inner(parsed)
    return parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified or parsed in _METADATA


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that it is only another way to."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class GuardedResolver(ThreadedResolver):
    """For connections of the client: a name that points elsewhere by now is not followed."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if any(is_forbidden(entry["host"]) for entry in found):
            raise OSError(None, "the address is not allowed for a storage")
        return found
