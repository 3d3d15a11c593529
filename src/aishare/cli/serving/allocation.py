"""How the C library allocates large pieces of memory; see mallopt(3)."""

import ctypes
import sys
from typing import Final

from aishare.core.sizes import MiB

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8

_SETTINGS: Final = {
    _M_MMAP_THRESHOLD: 2 * MiB,
    _M_TRIM_THRESHOLD: 8 * MiB,
    _M_ARENA_MAX: 2,
}


def give_memory_back() -> None:
    """Returns large pieces to the system when they are freed. glibc raises its threshold to the largest piece ever
    freed, so the 8 MiB parts of uploads would be allocated in the heaps, one per thread, and leave gaps that only this
    process can use.

    Other C libraries have no such threshold and are not changed.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in _SETTINGS.items():
            mallopt(parameter, value)
