"""Pieces that wait to be verified: in memory within a budget, beyond it in an unlinked temporary file."""

import asyncio
import io
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Protocol, TypeVar

from aishare.core.errors import BackendUnavailable, StorageFull
from aishare.core.sizes import CHUNK_SIZE, KiB
from aishare.core.threads import to_its_end
from aishare.storage.flow.budget import MemoryBudget
from aishare.storage.flow.reserve import DiskReserve

_T = TypeVar("_T")

MEMORY_BUDGET: Final = 4 * CHUNK_SIZE
"""For all downloads of a process together."""

_READ_SIZE: Final = 256 * KiB


@dataclass(frozen=True, slots=True)
class HoldingSpace:
    """Where the downloads of a process hold unverified data. `folder` None: the system's temporary folder."""

    budget: MemoryBudget = field(default_factory=lambda: MemoryBudget(MEMORY_BUDGET))
    folder: Path | None = None
    reserve: DiskReserve | None = None

    def writing(self, size_bytes: int) -> AbstractContextManager[object]:
        """Wraps a write into the folder: StorageFull if it would use the reserve of the disk."""
        if self.reserve is None or self.folder is None:
            return nullcontext()
        return self.reserve.writing(self.folder, size_bytes)


class Holder(Protocol):
    """Holds back the pieces of a chunk."""

    async def hold(self, piece: bytes) -> bytes:
        """What can be returned now, perhaps nothing."""
        ...

    def release(self) -> AsyncIterator[bytes]:
        """What is held, in order: it is verified. Afterwards nothing is held."""
        ...

    async def aclose(self) -> None:
        """Discards what is held."""
        ...


class LastPiece:
    """Holds one piece: enough for callers that can discard the result, such as an unfinished copy."""

    def __init__(self) -> None:
        self._piece = b""

    async def hold(self, piece: bytes) -> bytes:
        before, self._piece = self._piece, piece
        return before

    async def release(self) -> AsyncIterator[bytes]:
        piece, self._piece = self._piece, b""
        if piece:
            yield piece

    async def aclose(self) -> None:
        self._piece = b""


class AllPieces:
    """Holds everything, up to 8 MiB: for callers that cannot take anything back. Raises BackendUnavailable if the disk
    does not accept what does not fit into memory.
    """

    def __init__(self, room: HoldingSpace) -> None:
        self._room = room
        self._pieces: deque[bytes] = deque()
        self._file: io.FileIO | None = None

    async def hold(self, piece: bytes) -> bytes:
        if self._file is None and self._room.budget.try_take(len(piece)):
            self._pieces.append(piece)
        else:
            await self._spill(piece)
        return b""

    async def release(self) -> AsyncIterator[bytes]:
        """A slow client frees memory with each piece that it receives."""
        while self._pieces:
            yield self._pieces[0]
            self._drop()
        if self._file is not None:
            self._file.seek(0)
            while piece := await self._read_back(self._file):
                yield piece
            await self.aclose()

    async def aclose(self) -> None:
        while self._pieces:
            self._drop()
        file, self._file = self._file, None
        if file is not None:
            await _in_thread(file.close)

    def _drop(self) -> None:
        self._room.budget.give_back(len(self._pieces.popleft()))

    async def _spill(self, piece: bytes) -> None:
        with _room_needed():
            if self._file is None:
                self._file = await _in_thread(partial(_nameless, self._room.folder))
            await _in_thread(partial(_spilled, self._room, self._file, piece))

    async def _read_back(self, file: io.FileIO) -> bytes:
        with _room_needed():
            return await _in_thread(partial(file.read, _READ_SIZE))


async def _in_thread(work: Callable[[], _T]) -> _T:
    return await to_its_end(asyncio.get_running_loop().run_in_executor(None, work))


def _nameless(folder: Path | None) -> io.FileIO:
    """Unbuffered: a full disk is noticed with the piece that does not fit."""
    return tempfile.TemporaryFile(dir=folder, buffering=0)


def _spilled(room: HoldingSpace, file: io.FileIO, piece: bytes) -> None:
    with room.writing(len(piece)):
        _append(file, piece)


def _append(file: io.FileIO, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[file.write(view) :]


@contextmanager
def _room_needed() -> Iterator[None]:
    try:
        yield
    except (OSError, StorageFull) as error:
        reason = error.strerror if isinstance(error, OSError) else error.message
        raise BackendUnavailable(
            f"There is no disk space to check data from the storage: {reason}",
            hint="Free up space on the disk of DATA_DIR.",
        ) from error
