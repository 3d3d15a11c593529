"""Too many connections: those that have waited longest for their client are closed to make room for others.

A process has a limited number of descriptors. Without room for a new connection the kernel resets everybody's.
"""

import resource
from collections.abc import Iterable
from typing import Final, Protocol

_SHARE: Final = 2
"""Half of the descriptors are for connections: the files that they ask for and the database need the others."""

_MOST: Final = 4096
"""However many descriptors there are: a connection costs memory too, and all of them are looked through."""


CALLER_KNOWN: Final = "caller_known"
"""In the state of a request: somebody with an account sends it."""


class Guest(Protocol):
    """A connection, as far as the crowd is concerned."""

    def patience(self) -> tuple[int, float] | None:
        """The smallest goes first: how much would be lost, and since when it waits. None while it is being served."""

    def turn_away(self) -> None:
        """End it."""


def make_room(guests: Iterable[Guest], *, count: int) -> None:
    """Ends one connection if there are more than fit."""
    if count <= _room():
        return
    waiting = [(patience, guest) for guest in guests if (patience := guest.patience()) is not None]
    if waiting:
        min(waiting, key=lambda entry: entry[0])[1].turn_away()


def _room() -> int:
    """Asked each time: an administrator may change the limit of a running process."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return min(_MOST, limit // _SHARE) if limit != resource.RLIM_INFINITY else _MOST
