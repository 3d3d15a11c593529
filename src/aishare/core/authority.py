"""Hosts and ports as clients write them, in a form that can be compared. Whatever comes, nothing here raises."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

DEFAULT_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}


class Authority(NamedTuple):
    """`example.org:443` and `Example.ORG` under https are one."""

    host: str
    port: int | None


def authority_of(url: str) -> tuple[str, Authority] | None:
    """Scheme and authority of an absolute URL; None if it has none, or is none."""
    try:
        parts = urlsplit(url)
        found = parts.hostname, parts.port
    except ValueError:
        return None
    host, port = found
    if not host or not parts.scheme:
        return None
    return parts.scheme, Authority(host.lower(), DEFAULT_PORTS.get(parts.scheme) if port is None else port)


def host_authority(host: str, scheme: str) -> Authority | None:
    """What a Host header names for a page of this scheme."""
    found = authority_of(f"{scheme}://{host}")
    return found[1] if found else None
