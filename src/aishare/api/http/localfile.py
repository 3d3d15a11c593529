"""Files of the local storage, opened and read without a thread if they are in memory."""

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from aishare.core.errors import BackendError, CorruptObject, ObjectNotFound
from aishare.core.threads import to_its_end

T = TypeVar("T")

_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Opening must not wait for the other end of a pipe, because it happens on the event loop."""

_OPENAT2: Final = 437
"""The same number on every architecture that Python 3.11 supports on Linux. Python has no function for this call."""

_RESOLVE_CACHED: Final = 0x20
"""openat2(2), Linux 5.12: open the file only if the dentry cache can resolve its path, else EAGAIN. A thread costs ten
times more.
"""

_CWD: Final = -100
_THREADS: Final = 8

_disk = ThreadPoolExecutor(_THREADS, thread_name_prefix="read")


class LocalFile:
    """An open file. Its descriptor stays valid even if the file is deleted or replaced meanwhile."""

    def __init__(self, descriptor: int, status: os.stat_result) -> None:
        self.descriptor = descriptor
        self.status = status
        """Size when the file was opened."""

    def close(self) -> None:
        os.close(self.descriptor)

    async def read(self, *, offset: int, length: int) -> bytes | bytearray:
        """At least one byte, at most `length`. Raises CorruptObject at the end of the file, BackendError for disk
        errors.
        """
        piece: bytes | bytearray | None = self._cached(offset, length)
        if piece is None:
            try:
                piece = await _in_thread(lambda: os.pread(self.descriptor, length, offset))
            except OSError as error:
                raise BackendError(f"The disk cannot read this file: {error.strerror}.") from error
        if not piece:
            raise CorruptObject("The file became shorter on the disk during the download.")
        return piece

    def _cached(self, offset: int, length: int) -> bytearray | None:
        buffer = bytearray(length)
        try:
            count = os.preadv(self.descriptor, [buffer], offset, os.RWF_NOWAIT)
        except (OSError, AttributeError):
            return None  # not in memory, or unknown on this system
        return buffer if count == length else None


async def open_local(path: str, *, size_bytes: int) -> LocalFile:
    """Raises ObjectNotFound if it cannot be opened, CorruptObject if it has another size."""
    descriptor = _open_cached(path)
    if descriptor is None:
        descriptor = await _open_in_thread(path)
    status = os.fstat(descriptor)
    if status.st_size != size_bytes:
        os.close(descriptor)
        raise CorruptObject("The size of the file on the disk is not the size that was stored.")
    return LocalFile(descriptor, status)


async def _open_in_thread(path: str) -> int:
    unwanted: list[int] = []

    def opened() -> int:
        descriptor = os.open(path, _FLAGS)
        unwanted.append(descriptor)
        return descriptor

    try:
        return await _in_thread(opened)
    except OSError as error:
        raise ObjectNotFound(f"The file cannot be opened on the disk: {error.strerror}.") from error
    except asyncio.CancelledError:
        for descriptor in unwanted:
            os.close(descriptor)
        raise


async def _in_thread(work: Callable[[], T]) -> T:
    return await to_its_end(asyncio.get_running_loop().run_in_executor(_disk, work))


class _How(ctypes.Structure):
    """struct open_how."""

    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


def _openat2() -> Callable[[bytes], int] | None:
    if sys.platform != "linux":
        return None
    call = ctypes.CDLL(None).syscall
    call.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.POINTER(_How), ctypes.c_size_t)
    call.restype = ctypes.c_long
    how, size = ctypes.pointer(_How(_FLAGS, 0, _RESOLVE_CACHED)), ctypes.sizeof(_How)
    return lambda path: int(call(_OPENAT2, _CWD, path, how, size))


_open_from_cache: Final = _openat2()


def _open_cached(path: str) -> int | None:
    """None if only a thread can tell whether the file can be opened."""
    if _open_from_cache is None:
        return None
    descriptor = _open_from_cache(os.fsencode(path))
    return descriptor if descriptor >= 0 else None
