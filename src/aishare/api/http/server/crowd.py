"""Too many connections: those whose clients have been silent longest are closed to make room for others.

A process has a limited number of file descriptors, and without a free one the kernel resets every new connection.
"""

import resource
from collections.abc import Iterable
from typing import Final, Protocol

_SHARE: Final = 2
"""Half of the file descriptors are for connections; the others are needed for the requested files and the database."""

_MOST: Final = 4096
"""Upper limit, however many descriptors there are: connections also cost memory, and the search goes through all of
them.
"""


CALLER_KNOWN: Final = "caller_known"
"""Key in the request state: the request comes from a signed-in user."""


class Guest(Protocol):
    """A connection, as seen by this module."""

    def patience(self) -> tuple[int, float] | None:
        """How much would be lost, and since when it is waiting; the smallest is closed first. None while it is being
        served.
        """

    def turn_away(self) -> None:
        """Closes the connection."""


def make_room(guests: Iterable[Guest], *, count: int) -> None:
    """Closes one connection if there are too many."""
    if count <= _room():
        return
    waiting = [(patience, guest) for guest in guests if (patience := guest.patience()) is not None]
    if waiting:
        min(waiting, key=lambda entry: entry[0])[1].turn_away()


def _room() -> int:
    """Read each time, because an administrator can change the limit of a running process."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return min(_MOST, limit // _SHARE) if limit != resource.RLIM_INFINITY else _MOST
