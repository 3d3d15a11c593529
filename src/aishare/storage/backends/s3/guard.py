"""Addresses that are not allowed for a storage, because people who can set an endpoint must not reach them through us.

Link-local addresses contain the metadata services of clouds, which hand out credentials of the machine. The resolved
address of every lookup is checked, so that neither another spelling of the number nor a name that changes its address
between two lookups gets through (OWASP, Server-Side Request Forgery Prevention Cheat Sheet).
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
"""Metadata addresses of AWS, Google, Alibaba, Azure and Oracle that are not link-local."""

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_HINT: Final = "An endpoint must be the address of a storage; this one belongs to the machine or its network."


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of `host`, in order of preference. OSError if it has none, BackendDenied if one is not allowed."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
    if any(map(is_forbidden, addresses)):
        raise BackendDenied(f"The address of {host} is not allowed for a storage.", hint=_HINT)
    return addresses


def is_forbidden(address: str) -> bool:
    """Whether the address is not allowed for a storage. Loopback and private addresses are allowed: a storage in one's
    own network is common.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = _inner(parsed)
    return parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified or parsed in _METADATA


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address embedded in it."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class GuardedResolver(ThreadedResolver):
    """For connections of the client: a name that now points to another address is checked again."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if any(is_forbidden(entry["host"]) for entry in found):
            raise OSError(None, "the address is not allowed for a storage")
        return found
