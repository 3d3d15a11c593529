"""Addresses of which several processes listen on one: reserved by their parent, opened by each of them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from aishare.core.errors import InvalidSettings, SettingProblem

Address = tuple[int, tuple[Any, ...]]
"""Family, and what `bind` takes."""


@contextmanager
def reserve(host: str, port: int) -> Iterator[list[Address]]:
    """The addresses behind `host`, kept for our own workers; port 0 becomes a free one.

    Bound without SO_REUSEPORT first: with it, a second installation of the same user would quietly share the port.
    """
    with ExitStack() as stack:
        addresses: list[Address] = []
        for family, address in _resolve(host, port):
            taken = address if port else (address[0], addresses[0][1][1] if addresses else 0, *address[2:])
            holder = stack.enter_context(_socket(family))
            _bind(holder, taken)
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            addresses.append((family, holder.getsockname()))
        yield addresses


def listener(address: Address) -> socket.socket:
    """One of several sockets of this address: the kernel spreads connections over those that listen."""
    family, place = address
    opened = _socket(family)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    _bind(opened, place)
    opened.setblocking(False)
    return opened


def _resolve(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise InvalidSettings([SettingProblem(f"leads to no address: {error.strerror}", variable="HOST")]) from error
    return [(family, address) for family, _, _, _, address in dict.fromkeys(found)]


def _socket(family: int) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return opened


def _bind(opened: socket.socket, address: tuple[Any, ...]) -> None:
    try:
        opened.bind(address)
    except OSError as error:
        opened.close()
        text = f"can not listen on {address[0]}, port {address[1]}: {error.strerror}"
        raise InvalidSettings([SettingProblem(text, variable="PORT")]) from error
