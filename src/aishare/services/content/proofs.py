"""Files on the local disk that are sent as they are: verified once, and again after they were changed.

The kernel sends them, so their bytes are not checked while they are sent. A file with the stamps it had when it was
last compared with its digests does not need to be checked again. Any other file is compared, chunk by chunk as it is
requested; when all of it has been compared, its new stamps are stored, or that it is damaged.
"""

import asyncio
import hashlib
import os
import sys
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, NamedTuple

import structlog

from aishare.catalogue.content import damages, objects
from aishare.catalogue.content.damages import Damage
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, BackendError, BackendUnavailable, CorruptObject
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, MiB
from aishare.core.threads import to_its_end
from aishare.storage.backends.disk import stamps_of

_log = structlog.get_logger(__name__)

_THREADS: Final = 2
"""Chunks verified at a time: after a backup is restored, every requested file has to be verified."""

_REMEMBERED: Final = 1024
"""Files that are partly verified or known to be damaged. A file that is forgotten is verified again."""

_ATTEMPTS: Final = 2

_threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="prove")


class _Chunk(NamedTuple):
    """A chunk of a file with these stamps."""

    object_id: str
    stamps: str
    number: int


class Proofs:
    """What is known about the files on this machine. A request for a chunk that is being compared waits for
    the result.
    """

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._seen: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._suspects: OrderedDict[str, None] = OrderedDict()
        self._flights: dict[_Chunk, asyncio.Task[None]] = {}
        self._notes: set[asyncio.Task[None]] = set()

    async def prove(self, stored: StoredObject, descriptor: int, wanted: ByteRange) -> None:
        """Raises CorruptObject unless the chunks that contain `wanted` are correct in this open file."""
        stamps = stamps_of(os.fstat(descriptor))
        for number in range(wanted.start // CHUNK_SIZE, -(-wanted.stop // CHUNK_SIZE)):
            if not self._seen.get((stored.id, stamps), 0) >> number & 1:
                await asyncio.shield(self._flight(stored, _Chunk(stored.id, stamps, number), descriptor))

    def suspects(self, stored: StoredObject) -> bool:
        """Whether the database may know of damage that the older `stored` does not include."""
        return stored.damage is not None or stored.id in self._suspects

    async def condemn(self, stored: StoredObject, error: BackendError, stamps: str | None) -> None:
        """Records that the object is damaged. Wrong bytes are not sent even if the database cannot be written."""
        found = (error.code, error.message, None, self._clock())
        damage = Damage(stored.id, stored.location_id, stored.key, *found)

        def write(connection: Connection) -> None:
            if objects.put_stamps(connection, stored, stamps):
                damages.put_damage(connection, damage)

        self._suspects[stored.id] = None
        _forget_oldest(self._suspects)
        _log.error("object_damaged", location=stored.location_id, key=stored.key, code=error.code)
        await self._note("damage", write)

    def _flight(self, stored: StoredObject, chunk: _Chunk, descriptor: int) -> asyncio.Task[None]:
        task = self._flights.get(chunk)
        if task is None:
            proof = self._prove_chunk(stored, chunk, _own(descriptor))
            task = self._flights[chunk] = asyncio.get_running_loop().create_task(proof)
            task.add_done_callback(partial(self._landed, chunk))
        return task

    def _landed(self, chunk: _Chunk, done: asyncio.Task[None]) -> None:
        del self._flights[chunk]
        if not done.cancelled():
            done.exception()  # retrieved, even if nobody is waiting any more

    async def _prove_chunk(self, stored: StoredObject, chunk: _Chunk, descriptor: int) -> None:
        try:
            right = await _in_thread(partial(_is_right, descriptor, chunk.number, stored.digests.chunk(chunk.number)))
        except OSError as failure:
            raise BackendError(f"The disk cannot read this file: {failure.strerror}.") from failure
        finally:
            os.close(descriptor)
        if not right:
            error = CorruptObject(f"Chunk {chunk.number} of the object does not match what was stored.")
            await self.condemn(stored, error, chunk.stamps)
            raise error
        self._remember(stored, chunk)

    def _remember(self, stored: StoredObject, chunk: _Chunk) -> None:
        file = (chunk.object_id, chunk.stamps)
        seen = self._seen[file] = self._seen.get(file, 0) | 1 << chunk.number
        self._seen.move_to_end(file)
        _forget_oldest(self._seen)
        if seen == (1 << stored.digests.chunk_count) - 1:
            self._start(self._acquit(stored, chunk.stamps))

    async def _acquit(self, stored: StoredObject, stamps: str) -> None:
        def write(connection: Connection) -> None:
            if objects.put_stamps(connection, stored, stamps) and stored.damage is not None:
                damages.clear_damage(connection, stored.id)

        if await self._note("proof", write):
            self._suspects.pop(stored.id, None)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """In parallel with the download, which does not have to wait for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)

    async def _note(self, what: str, write: Callable[[Connection], None]) -> bool:
        try:
            await self._catalogue.write(write)
        except AishareError as error:
            _log.warning("not_written_down", what=what, error=error.code)
            return False
        return True


class LocalObject:
    """An object that is a file on this machine."""

    __slots__ = ("_proofs", "_stored", "given_out", "path")

    def __init__(self, proofs: Proofs, stored: StoredObject, path: str, given_out: Callable[[int], None]) -> None:
        self._proofs = proofs
        self._stored = stored
        self.path = path
        self.given_out = given_out
        """Called with the number of bytes read without going through the storage."""

    def known(self, status: os.stat_result) -> bool | None:
        """Whether the file is correct, as far as known without reading it. None: it was changed."""
        stored = self._stored
        return not self._proofs.suspects(stored) if stored.stamps == stamps_of(status) else None

    async def prove(self, descriptor: int, wanted: ByteRange) -> None:
        """Raises CorruptObject unless these bytes are correct."""
        await self._proofs.prove(self._stored, descriptor, wanted)

    async def is_right(self, descriptor: int) -> bool:
        """Whether all of an open file is correct."""
        status, size = os.fstat(descriptor), self._stored.digests.size_bytes
        known = self.known(status)
        if status.st_size != size or known is not None:
            return status.st_size == size and known is True
        try:
            await self.prove(descriptor, ByteRange(0, size))
        except BackendError:
            return False
        return True


def _forget_oldest(known: OrderedDict[Any, Any]) -> None:
    if len(known) > _REMEMBERED:
        known.popitem(last=False)


def _own(descriptor: int) -> int:
    """For a check that continues when the request that started it ends."""
    try:
        return os.dup(descriptor)
    except OSError as error:
        raise BackendUnavailable(f"The system has run out of resources: {error.strerror}.") from error


async def _in_thread(work: Callable[[], bool]) -> bool:
    return await to_its_end(asyncio.get_running_loop().run_in_executor(_threads, work))


def _is_right(descriptor: int, number: int, sha256: bytes) -> bool:
    """The second attempt reads from the disk itself, because the copy in memory may be damaged."""
    start = number * CHUNK_SIZE
    for attempt in range(_ATTEMPTS):
        if attempt and sys.platform == "linux":
            os.posix_fadvise(descriptor, start, CHUNK_SIZE, os.POSIX_FADV_DONTNEED)
        if _digest(descriptor, start) == sha256:
            return True
    return False


def _digest(descriptor: int, start: int) -> bytes:
    digest = hashlib.sha256()
    position, stop = start, start + CHUNK_SIZE
    while piece := os.pread(descriptor, min(MiB, stop - position), position):
        digest.update(piece)
        position += len(piece)
    return digest.digest()
