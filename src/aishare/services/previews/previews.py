"""Previews: check permissions, then let a child process read the parts of the file it needs."""

import time
from collections import OrderedDict
from typing import Final

from aishare.catalogue.content.files import File
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.people.sessions import Caller
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE
from aishare.previews.answers import Answer, Nothing, Unreadable
from aishare.previews.kinds import reader_of
from aishare.previews.limits import READ_BYTES
from aishare.previews.looking import Task, look
from aishare.sandbox.pool import Pool
from aishare.services.content import Action, FileService, StorageService

_REMEMBERED: Final = 1000
"""Remembered files without a preview, so that they do not crash child processes again and again."""

_REMEMBERED_SECONDS: Final = 600.0

_CHUNKS: Final = 2
"""Chunks of a file kept in memory during its preview: the storage verifies whole chunks, while readers request small
ranges.
"""

_NO_READER: Final = "Previews are not available for this type of file."


class PreviewService:
    """Makes previews. `readers` are kept when settings change."""

    def __init__(self, *, files: FileService, storage: StorageService, readers: Pool, known: "Refusals") -> None:
        self._files = files
        self._storage = storage
        self._readers = readers
        self._known = known

    async def preview_of(self, caller: Caller, file_id: str, page: int) -> Answer:
        """NotFound also if the caller may not read it."""
        return await self.preview(await self._files.get(caller, file_id, Action.READ), page)

    async def preview(self, file: File, page: int) -> Answer:
        """For callers that have checked the permission. For an unreadable file, the result contains the reason."""
        reader = reader_of(file.media_type, file.name)
        if reader is None:
            return Nothing(_NO_READER)
        stored = file.object
        key = (stored.digests.sha256, reader, page)
        known = self._known.get(key)
        if known is not None:
            return Nothing(known)
        task = Task(reader, file.name, stored.digests.size_bytes, page)
        try:
            answer = await look(self._readers, task, _Window(self._storage, stored).read)
        except Unreadable as reason:
            answer = Nothing(str(reason))
        if isinstance(answer, Nothing):
            self._known.add(key, answer.reason)
        return answer


class Refusals:
    """Reasons by content, reader and page: only the latest, and for a while, because a slow machine can be a reason
    too.
    """

    def __init__(self) -> None:
        self._reasons: OrderedDict[_Key, tuple[str, float]] = OrderedDict()

    def get(self, key: "_Key") -> str | None:
        reason, until = self._reasons.get(key, ("", 0.0))
        return reason if time.monotonic() < until else None

    def add(self, key: "_Key", reason: str) -> None:
        self._reasons[key] = reason, time.monotonic() + _REMEMBERED_SECONDS
        self._reasons.move_to_end(key)
        if len(self._reasons) > _REMEMBERED:
            self._reasons.popitem(last=False)


_Key = tuple[bytes, str, int]


class _Window:
    """Ranges of an object. Reads whole chunks, which the storage verifies, and keeps the last ones."""

    def __init__(self, storage: StorageService, stored: StoredObject) -> None:
        self._storage = storage
        self._stored = stored
        self._chunks: OrderedDict[int, bytes] = OrderedDict()
        self._read = 0

    async def read(self, start: int, length: int) -> bytes:
        """Raises Unreadable if a child requests more than a preview may read."""
        stop = start + length
        pieces = []
        for number in range(start // CHUNK_SIZE, (stop - 1) // CHUNK_SIZE + 1):
            first = number * CHUNK_SIZE
            chunk = await self._chunk(number)
            pieces.append(chunk[max(start - first, 0) : stop - first])
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def _chunk(self, number: int) -> bytes:
        known = self._chunks.get(number)
        if known is not None:
            self._chunks.move_to_end(number)
            return known
        start = number * CHUNK_SIZE
        wanted = ByteRange(start, min(start + CHUNK_SIZE, self._stored.digests.size_bytes))
        self._read += wanted.length
        if self._read > READ_BYTES:
            raise Unreadable("Too much of the file would have to be read for this page.")
        while len(self._chunks) >= _CHUNKS:
            self._chunks.popitem(last=False)
        async with self._storage.read(self._stored, wanted) as reader:
            chunk = b"".join([piece async for piece in reader.pieces])
        self._chunks[number] = chunk
        return chunk
