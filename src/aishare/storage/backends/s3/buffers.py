"""Request bodies of parts: in memory within a budget, otherwise in an unlinked temporary file."""

import asyncio
import hashlib
import io
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Final

from aishare.core.sizes import CHUNK_SIZE, KiB, MiB
from aishare.storage.flow.budget import MemoryBudget
from aishare.storage.flow.reserve import DiskReserve

MEMORY_BUDGET: Final = 5 * CHUNK_SIZE
"""Memory for the parts of all uploads together: 40 MiB keeps the service below 200 MiB. When it is used up, an upload
waits for its own parts to be sent, or writes to disk if it has none, so slow uploads never delay others.
"""

_SENDING_AT_ONCE: Final = 12
"""Request bodies being sent, for all uploads together: besides its bytes, each costs about 1 MiB in sockets, threads
and TLS.
"""

_MAX_IN_MEMORY: Final = 16 * MiB
_DIGEST_READ: Final = MiB

_DIGEST_INLINE: Final = 64 * KiB
_SENT_AT_ONCE: Final = 256 * KiB


class PartBudget(MemoryBudget):
    """Shared by all uploads of a backend: bytes in memory, and turns at sending."""

    def __init__(self, size_bytes: int = MEMORY_BUDGET) -> None:
        super().__init__(size_bytes)
        self.turn_to_send = asyncio.Semaphore(_SENDING_AT_ONCE)

    def try_take(self, size_bytes: int) -> bool:
        return size_bytes <= _MAX_IN_MEMORY and super().try_take(size_bytes)


class PartBody:
    """The body of a part: pieces, which need no thread if they are in memory. A retry seeks and sends them again.

    The client treats it as a file, and aiohttp as pieces, because it would read a file 64 KiB at a time, each in a
    thread.
    """

    def __init__(self, file: IO[bytes], *, in_memory: bool) -> None:
        self._file = file
        self._in_memory = in_memory
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """From the start, each time: aiohttp repeats a request if the storage had closed its connection."""
        position = 0
        while piece := await self._piece(position):
            position += len(piece)
            yield piece

    async def _piece(self, position: int) -> bytes:
        if self._in_memory:
            self.seek(position)
            return self.read(_SENT_AT_ONCE)
        return await asyncio.to_thread(os.pread, self._file.fileno(), _SENT_AT_ONCE, position)


class PartBuffer:
    """One part being filled."""

    def __init__(self, file: IO[bytes], *, in_memory: bool) -> None:
        self._file = file
        self.size_bytes = 0
        self.in_memory = in_memory

    async def add(self, piece: bytes | memoryview) -> None:
        if self.in_memory:
            self._file.write(piece)
        else:
            await asyncio.to_thread(self._file.write, piece)
        self.size_bytes += len(piece)

    def sendable(self) -> bytes | PartBody:
        """All of it; small content directly, which is cheaper."""
        if self.size_bytes <= _SENT_AT_ONCE and isinstance(self._file, io.BytesIO):
            return self._file.getvalue()
        return self.body()

    def body(self) -> PartBody:
        """All of it, from its start."""
        self._file.flush()
        self._file.seek(0)
        return PartBody(self._file, in_memory=self.in_memory)

    async def md5(self) -> bytes:
        """16 bytes, as S3 requires: not for security. Rewinds."""
        if self.size_bytes <= _DIGEST_INLINE and self.in_memory:
            return self._md5()
        return await asyncio.to_thread(self._md5)

    def _md5(self) -> bytes:
        digest = hashlib.md5(usedforsecurity=False)
        if isinstance(self._file, io.BytesIO):
            with self._file.getbuffer() as content:
                digest.update(content)
        else:
            self._file.seek(0)
            while piece := self._file.read(_DIGEST_READ):
                digest.update(piece)
        self._file.seek(0)
        return digest.digest()


@asynccontextmanager
async def part_buffer(
    budget: PartBudget, capacity_bytes: int, folder: Path | None, reserve: DiskReserve | None = None
) -> AsyncIterator[PartBuffer]:
    """An empty buffer for up to `capacity_bytes`; memory and disk are freed on exit. StorageFull if there is no space
    on disk when memory is used up.
    """
    if budget.try_take(capacity_bytes):
        try:
            with io.BytesIO() as memory:
                yield PartBuffer(memory, in_memory=True)
        finally:
            budget.give_back(capacity_bytes)
    else:
        file: IO[bytes] = await asyncio.to_thread(_temporary_file, folder, reserve, capacity_bytes)
        try:
            yield PartBuffer(file, in_memory=False)
        finally:
            await asyncio.to_thread(file.close)


def _temporary_file(folder: Path | None, reserve: DiskReserve | None, capacity_bytes: int) -> IO[bytes]:
    if reserve is not None and folder is not None:
        reserve.require(folder, capacity_bytes)
    return tempfile.TemporaryFile(dir=folder)
