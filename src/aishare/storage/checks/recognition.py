"""Recognises a storage folder by its marker: a random name, written into it on first use.

Without it, the mount point of a missing disk would look like a new, empty storage.
"""

import errno
import os
from collections.abc import Callable
from typing import Final

from aishare.core.errors import LocationMissing

MARKER: Final = ".aishare-location"
"""Contains the identity of the folder. Keys never begin with a dot, so it cannot be mistaken for an object."""

_LONGEST: Final = 256
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ABSENT: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO})


class Recognition:
    """`knows` says whether a marker is the right one. Checked once per folder: another folder under the same name has
    another device or inode number.
    """

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self._knows = knows
        self._seen: tuple[int, int] | None = None

    def check(self, root: int) -> bool:
        """Whether the open folder was checked for the first time. Raises LocationMissing if it is another one."""
        status = os.fstat(root)
        place = (status.st_dev, status.st_ino)
        if place == self._seen:
            return False
        marker = marker_in(root)
        if marker is None or not self._knows(marker):
            raise missing()
        self._seen = place
        return True

    def forget(self) -> None:
        """Check again the next time."""
        self._seen = None


def marker_in(root: int) -> str | None:
    """None if there is none; an emptied or damaged marker is unknown to everyone."""
    try:
        descriptor = os.open(MARKER, _READ, dir_fd=root)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise
    try:
        return os.read(descriptor, _LONGEST).decode("ascii", "replace").strip() or None
    finally:
        os.close(descriptor)


def missing() -> LocationMissing:
    """An error with what can be done."""
    return LocationMissing(
        "The storage folder is not the one that aishare used before: its marker is missing or different.",
        hint=(
            "Mount its disk; it is then used again automatically. To start with a new, empty storage: aishare "
            "storage take-over --yes"
        ),
    )
