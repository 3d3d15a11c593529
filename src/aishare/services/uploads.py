"""Uploads: bytes first, row second.

The order is what makes an upload safe. The bytes are durable before the row that names them is committed, so a crash at
any moment leaves at most an object without a row (an orphan, swept later), never a row without bytes. For the same
reason bytes are only taken back when the row is known not to exist: if the database did not say whether the commit
took place, they stay.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aishare.catalogue import files
from aishare.catalogue.files import File, NewFile, PutResult
from aishare.catalogue.objects import StoredObject
from aishare.catalogue.session import Catalogue
from aishare.catalogue.sessions import Caller
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, CatalogueUnavailable
from aishare.core.ids import new_id
from aishare.core.media import kind_of, sniff
from aishare.core.paths import FilePath, split_path
from aishare.services.storage import Incoming, StorageService


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The file as it is now, and whether it is new."""

    file: File
    created: bool


class UploadService:
    """Takes bytes into the caller's own files."""

    def __init__(
        self,
        *,
        storage: StorageService,
        catalogue: Catalogue,
        limit_bytes: int | None,
        clock: Clock,
        stored: Callable[[File], None] = lambda _: None,
    ) -> None:
        self._storage = storage
        self._catalogue = catalogue
        self._limit_bytes = limit_bytes
        self._clock = clock
        self._stored = stored
        """Hears of each file that is there; must not wait."""

    async def upload(
        self, caller: Caller, path: FilePath, pieces: AsyncIterator[bytes], *, announced_bytes: int | None
    ) -> Uploaded:
        """Store `pieces` as the caller's file `path`, replacing what was there; durable when it returns."""
        _, name = split_path(path)
        incoming = Incoming(pieces, announced_bytes, media_type_of=lambda head: sniff(head, name))
        stored = await self._storage.store(incoming, limit_bytes=self._limit_bytes)
        commit = asyncio.ensure_future(self._commit(caller, path, stored))
        try:
            result = await asyncio.shield(commit)
        except CatalogueUnavailable:
            raise  # nobody knows whether the row exists
        except AishareError:
            await self._storage.discard(stored)
            raise
        self._stored(result.file)
        return Uploaded(result.file, result.created)

    async def _commit(self, caller: Caller, path: FilePath, stored: StoredObject) -> PutResult:
        _, name = split_path(path)
        new = NewFile(
            file_id=new_id(),
            owner_id=caller.user.id,
            path=path,
            media_type=stored.content_type,
            kind=kind_of(stored.content_type, name),
            object=stored,
        )
        now = self._clock()
        return await self._catalogue.write(lambda connection: files.put_file(connection, new, now=now))
