"""Previews: one guard, then a child reads what it needs of the bytes, through this process."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from aishare.catalogue.files import File
from aishare.catalogue.objects import StoredObject
from aishare.catalogue.sessions import Caller
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE
from aishare.previews.answers import Answer, Nothing, Unreadable, decode
from aishare.previews.children import Children
from aishare.previews.kinds import Reader, reader_of
from aishare.previews.limits import READ_BYTES
from aishare.services.access import Action
from aishare.services.files import FileService
from aishare.services.storage import StorageService

_REMEMBERED: Final = 1000
"""Files that gave no preview, so that a child is not lost to each of them again and again."""

_CHUNKS: Final = 2
"""Of a file in memory during its preview: the storage proves whole chunks, and readers ask for small ranges."""

_NO_READER: Final = "There is no preview for files of this kind."


class PreviewService:
    """Looks into files. `children` outlive the settings."""

    def __init__(self, *, files: FileService, storage: StorageService, children: Children, known: "Refusals") -> None:
        self._files = files
        self._storage = storage
        self._children = children
        self._known = known

    async def preview_of(self, caller: Caller, file_id: str, page: int) -> Answer:
        """NotFound also when the caller may not."""
        return await self.preview(await self._files.get(caller, file_id, Action.READ), page)

    async def preview(self, file: File, page: int) -> Answer:
        """For whoever has made sure that this file may be read. A file that can not be read is told why."""
        reader = reader_of(file.media_type, file.name)
        if reader is None:
            return Nothing(_NO_READER)
        task = _Task(file, reader, page)
        known = self._known.get(task.key)
        if known is not None:
            return Nothing(known)
        try:
            answer = await self._ask(task)
        except Unreadable as reason:
            answer = Nothing(str(reason))
        if isinstance(answer, Nothing):
            self._known.add(task.key, answer.reason)
        return answer

    async def _ask(self, task: "_Task") -> Answer:
        window = _Window(self._storage, task.file.object)
        try:
            return decode(await self._children.ask(task.text(), window.read))
        except ValueError:
            raise Unreadable("The reader failed on this file.") from None


class Refusals:
    """Reasons by content and page, the latest ones."""

    def __init__(self) -> None:
        self._reasons: OrderedDict[tuple[bytes, str, int], str] = OrderedDict()

    def get(self, key: tuple[bytes, str, int]) -> str | None:
        return self._reasons.get(key)

    def add(self, key: tuple[bytes, str, int], reason: str) -> None:
        self._reasons[key] = reason
        if len(self._reasons) > _REMEMBERED:
            self._reasons.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Task:
    file: File
    reader: Reader
    page: int

    @property
    def key(self) -> tuple[bytes, str, int]:
        """The name is no part of it: only the colours of a text depend on that."""
        return self.file.object.digests.sha256, self.reader, self.page

    def text(self) -> bytes:
        size = self.file.object.digests.size_bytes
        return json.dumps({"reader": self.reader, "name": self.file.name, "size": size, "page": self.page}).encode()


class _Window:
    """Ranges of an object. Reads whole chunks, as the storage does to prove them, and keeps the last."""

    def __init__(self, storage: StorageService, stored: StoredObject) -> None:
        self._storage = storage
        self._stored = stored
        self._chunks: OrderedDict[int, bytes] = OrderedDict()
        self._read = 0

    async def read(self, start: int, length: int) -> bytes:
        """Unreadable where a child asks for what there is not, or for more than a preview is worth."""
        stop = start + length
        if not length or stop > self._stored.digests.size_bytes:
            raise Unreadable("The reader failed on this file.")
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
