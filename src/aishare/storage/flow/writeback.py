"""Early writing: the disk starts to write an upload while the rest is still arriving, so that the fsync at its end is
short.

It makes nothing durable, and does not change what fsync reports: sync_file_range(2) only starts the writing, and
without its waiting flags leaves errors for fsync to find.
"""

import ctypes
import sys
from typing import Final

from aishare.core.sizes import MiB

_STEP: Final = 16 * MiB
"""Large enough for efficient disk writes, small compared with the files for which it matters."""

_START: Final = 2
"""SYNC_FILE_RANGE_WRITE."""


class EarlyWriter:
    """Follows one file that is written from start to end. Blocks only while the disk's queue is full."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._started = 0

    def wrote_up_to(self, size_bytes: int) -> None:
        if _sync_file_range is not None and size_bytes - self._started >= _STEP:
            _sync_file_range(self._descriptor, self._started, size_bytes - self._started, _START)
            self._started = size_bytes


def _function() -> "ctypes._NamedFuncPointer | None":
    """None if the C library does not have it: then fsync does all the work."""
    if sys.platform != "linux":
        return None
    function = getattr(ctypes.CDLL(None), "sync_file_range", None)
    if function is not None:
        function.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
        function.restype = ctypes.c_int
    return function


_sync_file_range: Final = _function()
