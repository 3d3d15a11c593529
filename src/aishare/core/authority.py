"""Hosts and ports as clients write them, in a comparable form. Nothing here raises, whatever the input."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

DEFAULT_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}


class Authority(NamedTuple):
    """`example.org:443` and `Example.ORG` are equal for https."""

    host: str
    port: int | None


def authority_of(url: str) -> tuple[str, Authority] | None:
    """Scheme and authority of an absolute URL; None if it has none or is not one."""
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
    """The authority in a Host header, for a page with this scheme."""
    found = authority_of(f"{scheme}://{host}")
    return found[1] if found else None
