"""How the C library's allocator treats large pieces; see mallopt(3)."""

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
    """Large pieces go back to the system when they are freed.

    glibc raises its threshold to the largest piece ever freed, so the 8 MiB parts of uploads would come to lie in the
    heaps, one of them per thread, and leave holes there that only the process can use again. Other C libraries have
    no such threshold and are left alone.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in _SETTINGS.items():
            mallopt(parameter, value)
