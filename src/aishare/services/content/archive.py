"""Archives: many files as one ZIP, written while it is sent. Nothing is stored, and memory use is constant.

Each file is looked up again when its turn comes, so that its current content is sent. A file that exists but cannot be
read ends the archive in the middle: an archive is either broken or complete.
"""

import asyncio
import tempfile
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

from aishare.catalogue.content import files
from aishare.catalogue.content.files import File
from aishare.catalogue.content.folders import require_folder
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people.sessions import Caller
from aishare.core.clock import Clock
from aishare.core.errors import CorruptObject, NotFound
from aishare.core.paths import is_inside, join_path
from aishare.core.sizes import KiB
from aishare.core.zip_names import Names
from aishare.core.zip_records import ZipMember, ZipRecords
from aishare.services.content.access import reaches_folder
from aishare.services.content.archive_walk import Found, walk_folder
from aishare.services.content.files import FileService
from aishare.services.content.shared_places import share_of, shared_folder
from aishare.services.content.storage import StorageService

_PIECE: Final = 64 * KiB
"""Records and small files are combined into pieces of this size; separate pieces would cost more than their bytes."""

_DIRECTORY_IN_MEMORY: Final = 256 * KiB
"""A larger central directory is kept in a temporary file until the end; it has about 100 bytes per file."""

Guard = Callable[[], Awaitable[None]]
"""Called before each file is read; raises if the archive must stop."""


@dataclass(frozen=True, slots=True)
class Member:
    """A part of an archive; without a file, an empty folder, whose name ends with a slash."""

    name: str
    modified_at: datetime
    file: File | None

    @property
    def size_bytes(self) -> int:
        return 0 if self.file is None else self.file.object.digests.size_bytes


@dataclass(frozen=True, slots=True)
class Archive:
    """`pieces` may be read once. `name` is the name of the ZIP file."""

    name: str
    pieces: AsyncGenerator[bytes, None]


class ArchiveService:
    """Makes archives of folders and of files. The routes decide who may request them."""

    def __init__(
        self, *, catalogue: Catalogue, storage: StorageService, file_service: FileService, clock: Clock
    ) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._files = file_service
        self._clock = clock

    async def of_folder(self, owner_id: str, folder: str, *, guard: Guard | None = None) -> Archive:
        """Everything below a folder; NotFound if there is none. The caller must check the permission."""
        top = await self._catalogue.read(lambda connection: require_folder(connection, owner_id, folder))

        async def still_inside(found: Found) -> File | None:
            if guard is not None:
                await guard()
            file = await self._catalogue.lookup(files.FILE_BY_ID, file_id=found.file_id or "")
            inside = file is not None and file.owner_id == owner_id and is_inside(file.path, folder)
            return file if inside else None

        return Archive(f"{top.name}.zip", self._pieces(walk_folder(self._catalogue, owner_id, top), still_inside))

    async def of_own_folder(self, caller: Caller, folder: str) -> Archive:
        """The same for one of the caller's own folders."""
        if not reaches_folder(caller, caller.user.id, folder):
            raise NotFound("There is no such folder.")
        return await self.of_folder(caller.user.id, folder)

    async def of_shared_folder(self, caller: Caller, share_id: str, folder: str) -> Archive:
        """The same for a folder in a shared folder; if the share ends, the archive ends."""

        async def place() -> tuple[str, str]:
            share = await self._catalogue.read(lambda connection: share_of(connection, caller, share_id))
            found = shared_folder(share)
            return found.owner_id, join_path(found.path, folder)

        owner_id, path = await place()

        async def guard() -> None:
            if await place() != (owner_id, path):
                raise NotFound("The folder was moved.")

        return await self.of_folder(owner_id, path, guard=guard)

    async def of_files(self, caller: Caller, file_ids: list[str]) -> Archive:
        """Single files, next to each other; NotFound if the caller may not read one of them."""
        for file_id in file_ids:
            await self._files.get(caller, file_id)

        async def walk() -> AsyncGenerator[Found, None]:
            names = Names()
            for file_id in dict.fromkeys(file_ids):
                file = await self._files.get(caller, file_id)
                yield Found(names.claim(file.name), file.modified_at, file_id)

        async def readable(found: Found) -> File | None:
            return await self._files.get(caller, found.file_id or "")

        return Archive(f"aishare-{self._clock():%Y-%m-%d}.zip", self._pieces(walk(), readable))

    def _pieces(
        self, walk: AsyncGenerator[Found, None], look: Callable[[Found], Awaitable[File | None]]
    ) -> AsyncGenerator[bytes, None]:
        async def members() -> AsyncGenerator[Member, None]:
            async with aclosing(walk):
                async for found in walk:
                    file = None if found.file_id is None else await look(found)
                    if file is not None or found.file_id is None:  # files deleted meanwhile are left out
                        yield Member(found.name, found.modified_at, file)

        return _gathered(archive_of(members(), self._storage))


async def archive_of(members: AsyncGenerator[Member, None], storage: StorageService) -> AsyncGenerator[bytes, None]:
    """The bytes of a ZIP archive with these names."""
    records = ZipRecords()
    directory = _Directory()
    try:
        async with aclosing(members):
            async for member in members:
                yield records.begin(ZipMember(member.name, member.size_bytes, member.modified_at))
                crc = 0
                async with aclosing(_content(member, storage)) as pieces:
                    async for piece in pieces:
                        crc = zlib.crc32(piece, crc)
                        yield piece
                after, record = records.end(crc)
                yield after
                await directory.add(record)
        async for piece in directory.pieces():
            yield piece
        yield records.finish()
    finally:
        directory.close()


async def _content(member: Member, storage: StorageService) -> AsyncGenerator[bytes, None]:
    """Each chunk verified by its digest, and exactly as many bytes as the header says."""
    left = member.size_bytes
    if member.file is None or not left:
        return
    async with storage.read(member.file.object, None) as reader:
        async for piece in reader.pieces:
            left -= len(piece)
            yield piece
    if left:
        raise CorruptObject("The storage returned a different number of bytes than the file has.")


async def _gathered(pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Small pieces combined into larger ones."""
    waiting = bytearray()
    async with aclosing(pieces):
        async for piece in pieces:
            if waiting or len(piece) < _PIECE:
                waiting += piece
                piece = bytes(waiting) if len(waiting) >= _PIECE else b""  # noqa: PLW2901
            if piece:
                waiting.clear()
                yield piece
    if waiting:
        yield bytes(waiting)


class _Directory:
    """The central directory while it grows. Its file is written and read in threads."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._file: IO[bytes] | None = None

    async def add(self, record: bytes) -> None:
        self._buffer += record
        if len(self._buffer) >= _DIRECTORY_IN_MEMORY:
            await asyncio.to_thread(self._flush)

    async def pieces(self) -> AsyncIterator[bytes]:
        if self._file is not None:
            await asyncio.to_thread(self._file.seek, 0)
            while piece := await asyncio.to_thread(self._file.read, _DIRECTORY_IN_MEMORY):
                yield piece
        yield bytes(self._buffer)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _flush(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the archive
        self._file.write(self._buffer)
        self._buffer.clear()
