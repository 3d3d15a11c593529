"""Disk space that uploads leave free, so that the database can still write and users can still delete files.

All functions block and must run in a thread, but take microseconds on a local disk.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aishare.core.errors import StorageFull
from aishare.core.sizes import GiB, MiB

_LARGEST: Final = 256 * MiB
_PERCENT: Final = 1
_SMALLEST: Final = 16 * MiB
_SMALLEST_PERCENT: Final = 10
"""For small disks: SQLite's write-ahead log alone needs about 4 MiB, whatever the size of the disk."""

_LARGE: Final = 64 * MiB
"""If there is no space for a file larger than this or than the reserve, the disk is not necessarily full."""

_ALWAYS_BELOW: Final = GiB
_STEPS: Final = 1024
"""A writer checks again after writing a thousandth of the free space, so that even a thousand parallel writers cannot
use up the reserve between two checks. With less than 1 GiB left, every write is checked.
"""


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """The disk of a folder: its free space available to us, and its total size. `device` identifies the disk."""

    device: int
    free_bytes: int
    total_bytes: int


def space_of(folder: Path) -> DiskSpace:
    """Blocks that only root may use are not free. OSError if the folder does not exist."""
    found = os.statvfs(folder)
    return DiskSpace(folder.stat().st_dev, found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)


class DiskReserve:
    """One for the process, however many storages it has, so that writers on one disk know of each other.

    `configured_bytes` on every disk; None: 256 MiB or 1 %, whichever is less, but 16 MiB on a disk that is at least ten
    times as large.
    """

    def __init__(self, configured_bytes: int | None = None) -> None:
        self.configured_bytes = configured_bytes
        self._lock = threading.Lock()
        """Protects the counters; never held while a disk is queried, which may hang."""
        self._turns: dict[Path, threading.Lock] = {}
        self._under_way: Counter[int] = Counter()
        self._refused: dict[int, int] = {}
        """By device: the size that was recently refused."""

    def of(self, total_bytes: int) -> int:
        """How much of a disk of this size stays free."""
        if self.configured_bytes is not None:
            return self.configured_bytes
        least = min(_SMALLEST, total_bytes * _SMALLEST_PERCENT // 100)
        return min(_LARGEST, max(least, total_bytes * _PERCENT // 100))

    def require(self, folder: Path, size_bytes: int) -> int:
        """StorageFull if this many bytes do not fit besides the reserve; returns how many more would."""
        with self._turn(folder):
            return self._left(*self._look(folder), size_bytes)

    def is_full(self, space: DiskSpace) -> bool:
        """Whether there is no space, or not enough for a recently refused size, unless that was very large."""
        with self._lock:
            usable = self._usable(space, self._under_way[space.device])
            refused = self._refused.get(space.device, 0)
            if usable >= refused:
                self._refused.pop(space.device, None)
            return usable < max(refused, 1)

    @contextmanager
    def writing(self, folder: Path, size_bytes: int) -> Iterator[int]:
        """The same during the write itself, so that other checks include it."""
        with self._turn(folder):
            space, others = self._look(folder)
            left = self._left(space, others, size_bytes)
            with self._lock:
                self._under_way[space.device] += size_bytes
        try:
            yield left
        finally:
            with self._lock:
                self._under_way[space.device] -= size_bytes

    def _turn(self, folder: Path) -> threading.Lock:
        """One check of a folder at a time, so that each includes what the one before has taken."""
        with self._lock:
            return self._turns.setdefault(folder, threading.Lock())

    def _look(self, folder: Path) -> tuple[DiskSpace, int]:
        """The disk, and what others were writing just before: what they finish meanwhile counts twice, never not at
        all.
        """
        with self._lock:
            others = Counter(self._under_way)
        space = space_of(folder)
        return space, others[space.device]

    def _left(self, space: DiskSpace, others: int, size_bytes: int) -> int:
        usable = self._usable(space, others)
        if usable < size_bytes:
            with self._lock:
                self._refused[space.device] = min(size_bytes, _LARGE, self.of(space.total_bytes))
            raise StorageFull(
                f"The disk is full, except for the {self.of(space.total_bytes)} bytes that are kept free.",
                hint="Delete files, free up space on the disk, or lower DISK_RESERVE_MB.",
            )
        return usable - size_bytes

    def _usable(self, space: DiskSpace, others: int) -> int:
        return space.free_bytes - others - self.of(space.total_bytes)


def until_next_look(left_bytes: int) -> int:
    """How many bytes may be written without another check."""
    return 0 if left_bytes < _ALWAYS_BELOW else left_bytes // _STEPS
