"""Files to sockets without passing through this process: sendfile(2)."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from aishare.core.errors import CorruptObject
from aishare.core.sizes import KiB, MiB
from aishare.core.threads import to_its_end

AVAILABLE: Final = sys.platform == "linux" and hasattr(os, "sendfile")

_PIECE: Final = MiB
"""Most bytes sent before other connections get their turn: about 0.2 ms from memory, 10 ms from a slow disk."""

_PROBE_STEP: Final = 256 * KiB
"""Distance between the pages that are checked to decide whether a piece is in memory; twice the kernel's usual
read-ahead.
"""

_STALLED_SECONDS: Final = 120.0
"""A client that receives nothing for this long is considered gone. The same time as for a stalled storage."""

_THREADS: Final = 4
"""Threads for pieces that must be read from the disk. None of them waits for a client, so a few are enough."""

_disk = ThreadPoolExecutor(_THREADS, thread_name_prefix="sendfile")


class FileSender:
    """Sends pieces of files on one connection, after everything the transport has written."""

    def __init__(self, transport: asyncio.Transport, drain: Callable[[], Awaitable[None]]) -> None:
        self._transport = transport
        self._drain = drain
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self.sent = 0
        """Bytes of the last file that the kernel accepted."""

    def connection_lost(self) -> None:
        """Wakes the code that is waiting for the socket."""
        if self._waiter is not None:
            _wake(self._waiter)

    async def send(self, file: int, *, offset: int, count: int) -> None:
        """Returns when the kernel has all `count` bytes. Raises ConnectionError if the client is gone or stalls.

        Uses a duplicate of the socket: the transport can close its own at any time, and the number of a closed
        descriptor is soon reused for another client. It is also the only socket that uvloop lets others watch.
        """
        self.sent = 0
        await self._flush()
        self._check_open()
        target = os.dup(self._transport.get_extra_info("socket").fileno())
        try:
            while self.sent < count:
                length = min(_PIECE, count - self.sent)
                self.sent += await self._piece(target, file, offset + self.sent, length)
                self._check_open()
        finally:
            os.close(target)

    async def _piece(self, target: int, file: int, offset: int, length: int) -> int:
        try:
            if _in_memory(file, offset, length):
                sent = os.sendfile(target, file, offset, length)
                await asyncio.sleep(0)
            else:
                sent = await self._from_disk(target, file, offset, length)
        except BlockingIOError:
            await self._writable(target)
            return 0
        if not sent:
            raise CorruptObject("The file became shorter on the disk during the download.")
        return sent

    async def _from_disk(self, target: int, file: int, offset: int, length: int) -> int:
        return await to_its_end(self._loop.run_in_executor(_disk, os.sendfile, target, file, offset, length))

    async def _writable(self, target: int) -> None:
        waiter = self._waiter = self._loop.create_future()
        timer = self._loop.call_later(_STALLED_SECONDS, _expire, waiter)
        self._loop.add_writer(target, _wake, waiter)
        try:
            await waiter
        finally:
            self._loop.remove_writer(target)
            timer.cancel()
            self._waiter = None

    async def _flush(self) -> None:
        """Waits until the transport has written everything: with limits of 0 it counts as full until then."""
        if not self._transport.get_write_buffer_size():
            return
        self._transport.set_write_buffer_limits(high=0)
        try:
            await self._drain()
        finally:
            self._transport.set_write_buffer_limits()

    def _check_open(self) -> None:
        if self._transport.is_closing():
            raise ConnectionAbortedError("The client disconnected.")


def _in_memory(file: int, offset: int, length: int) -> bool:
    """Whether the page cache contains this piece, by samples; a wrong result waits for at most one piece
    from the disk.
    """
    last = offset + length - 1
    byte = bytearray(1)
    try:
        for position in (*range(offset, last, _PROBE_STEP), last):
            os.preadv(file, [byte], position, os.RWF_NOWAIT)
    except OSError:
        return False
    return True


def _wake(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)


def _expire(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_exception(ConnectionAbortedError("The client stopped receiving data."))
