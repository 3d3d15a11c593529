"""Listening sockets shared by several processes: reserved by the parent, opened by each of them."""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from aishare.core.errors import InvalidSettings, SettingProblem

Address = tuple[int, tuple[Any, ...]]
"""Address family, and the argument of `bind`."""


@contextmanager
def reserve(host: str, port: int) -> Iterator[list[Address]]:
    """The addresses of `host`, reserved for our own workers; port 0 becomes a free port.

    First bound without SO_REUSEPORT: with it, a second installation of the same user would share the port unnoticed.
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


@contextmanager
def listeners(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Sockets for a single process, on every address of `host`; port 0 becomes a free port."""
    with ExitStack() as stack:
        opened: list[socket.socket] = []
        for family, address in _resolve(host, port):
            taken = address if port or not opened else (address[0], opened[0].getsockname()[1], *address[2:])
            one = stack.enter_context(_socket(family))
            _bind(one, taken)
            one.setblocking(False)
            opened.append(one)
        yield opened


def listener(address: Address) -> socket.socket:
    """One of several sockets for this address: the kernel distributes connections among them."""
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
        raise InvalidSettings([SettingProblem(f"cannot be resolved: {error.strerror}", variable="HOST")]) from error
    addresses: list[Address] = [(family, address) for family, _, _, _, address in dict.fromkeys(found)]
    return [one for one in addresses if _is_here(one)] or addresses


def _is_here(address: Address) -> bool:
    """`localhost` has an IPv6 address even if the machine has none."""
    family, place = address
    try:
        with _socket(family) as tried:
            tried.bind((place[0], 0, *place[2:]))
    except OSError:
        return False
    return True


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
        raise InvalidSettings([_problem(address, error)]) from error


def _problem(address: tuple[Any, ...], error: OSError) -> SettingProblem:
    host, port = address[:2]
    if error.errno == errno.EADDRINUSE:
        todo = "another program is using this port: stop it, or choose another port"
        return SettingProblem(f"cannot listen on {host}, port {port}: {error.strerror}; {todo}", "PORT")
    if error.errno == errno.EADDRNOTAVAIL:
        return SettingProblem(f"{host} is not an address of this machine", "HOST")
    if error.errno == errno.EACCES:
        return SettingProblem(f"this user is not allowed to listen on port {port}; choose 1024 or higher", "PORT")
    return SettingProblem(f"cannot listen on {host}, port {port}: {error.strerror}", "PORT")
