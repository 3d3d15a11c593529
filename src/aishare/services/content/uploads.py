"""Uploads: bytes first, row second.

The order is what makes an upload safe. The bytes are durable before the row that names them is committed, so a crash at
any moment leaves at most an object without a row (an orphan, swept later), never a row without bytes. For the same
reason bytes are only taken back when the row is known not to exist: if the database did not say whether the commit
took place, they stay.

What a request expects of the file that it replaces is looked at twice: before the body, so that nobody sends one in
vain, and in the transaction that makes the row, which decides.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from aishare.catalogue.content import files
from aishare.catalogue.content.files import File, NewFile, PutResult
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.content.rights import Right
from aishare.catalogue.content.usage import lock_owner
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.sharing.shared_counts import NOT_SHARED, SharedCounts, shared_files
from aishare.core.clock import Clock
from aishare.core.conditions import UNCONDITIONAL, Preconditions
from aishare.core.errors import AishareError, CatalogueUnavailable
from aishare.core.ids import new_id
from aishare.core.media import kind_of, sniff
from aishare.core.paths import FilePath, split_path
from aishare.services.content.access import Action, authorised_file, require_reach, seen
from aishare.services.content.file_events import Author, note_upload
from aishare.services.content.shared_places import writable_place
from aishare.services.content.storage import NewContent, StorageService


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The file as it is now, whether it is new, and who else can get at it, where its owner has put it."""

    file: File
    created: bool
    shared: SharedCounts | None


Destination = Callable[[Connection], tuple[str, FilePath]]
"""Owner and path, decided in the transaction that makes the file: rights may have changed while the bytes came."""


class UploadService:
    """Takes bytes in."""

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
        self,
        caller: Caller,
        path: FilePath,
        pieces: AsyncIterator[bytes],
        *,
        announced_bytes: int | None,
        conditions: Preconditions = UNCONDITIONAL,
    ) -> Uploaded:
        """Store `pieces` as the caller's file `path`, replacing what was there; durable when it returns."""
        _, name = split_path(path)
        owner_id = caller.user.id
        require_reach(caller, owner_id, path)
        await self._require_early(owner_id, path, conditions)
        return await self.put(
            lambda _: (owner_id, path),
            name,
            pieces,
            author=Author.of(caller),
            announced_bytes=announced_bytes,
            conditions=conditions,
        )

    async def upload_into_share(  # noqa: PLR0913 - who, where, what, and what is known of it
        self,
        caller: Caller,
        share_id: str,
        path: FilePath,
        pieces: AsyncIterator[bytes],
        *,
        announced_bytes: int | None,
        conditions: Preconditions = UNCONDITIONAL,
    ) -> Uploaded:
        """The same in a folder that was shared, by its path below that: the file belongs to the folder's owner."""

        def destination(connection: Connection) -> tuple[str, FilePath]:
            return writable_place(connection, caller, share_id, path)

        owner_id, full = await self._catalogue.read(destination)  # before a body is taken that would be thrown away
        await self._require_early(owner_id, full, conditions)
        _, name = split_path(path)
        author = Author.of(caller)
        uploaded = await self.put(
            destination, name, pieces, author=author, announced_bytes=announced_bytes, conditions=conditions
        )
        return replace(uploaded, file=replace(uploaded.file, path=path))

    async def replace(
        self,
        caller: Caller,
        file_id: str,
        pieces: AsyncIterator[bytes],
        *,
        announced_bytes: int | None,
        conditions: Preconditions = UNCONDITIONAL,
    ) -> Uploaded:
        """Give a file other content: one's own, or one that is shared for writing."""

        def authorised(connection: Connection) -> tuple[File, Right | None]:
            return authorised_file(connection, caller, file_id, Action.WRITE)

        def destination(connection: Connection) -> tuple[str, FilePath]:
            files.lock_owner_of(connection, file_id)
            file, _ = authorised(connection)
            return file.owner_id, FilePath(file.path)

        known, right = await self._catalogue.read(authorised)
        conditions.require(known.version)
        uploaded = await self.put(
            destination,
            known.name,
            pieces,
            author=Author.of(caller),
            announced_bytes=announced_bytes,
            conditions=conditions,
        )
        return replace(uploaded, file=seen(uploaded.file, right))

    async def put(  # noqa: PLR0913 - who, where, what, and what is known of it
        self,
        destination: Destination,
        name: str,
        pieces: AsyncIterator[bytes],
        *,
        author: Author,
        announced_bytes: int | None,
        conditions: Preconditions = UNCONDITIONAL,
    ) -> Uploaded:
        """Store `pieces`, then make the file where `destination` says; `name` tells what media type they may be."""
        incoming = NewContent(pieces, announced_bytes, media_type_of=lambda head: sniff(head, name))
        stored = await self._storage.store(incoming, limit_bytes=self._limit_bytes)
        commit = asyncio.ensure_future(self._commit(destination, stored, author, conditions))
        try:
            uploaded = await asyncio.shield(commit)
        except CatalogueUnavailable:
            raise  # nobody knows whether the row exists
        except AishareError:
            await self._storage.discard(stored)
            raise
        self._stored(uploaded.file)
        return uploaded

    async def _require_early(self, owner_id: str, path: FilePath, conditions: Preconditions) -> None:
        if conditions.given:
            file = await self._catalogue.lookup(files.FILE_BY_PATH, owner_id=owner_id, path=path)
            conditions.require(None if file is None else file.version)

    async def _commit(
        self, destination: Destination, stored: StoredObject, author: Author, conditions: Preconditions
    ) -> Uploaded:
        file_id, now = new_id(), self._clock()

        def change(connection: Connection) -> Uploaded:
            owner_id, path = destination(connection)
            if conditions.given:
                lock_owner(connection, owner_id)
                file = files.file_by_path(connection, owner_id, path)
                conditions.require(None if file is None else file.version)
            kind = kind_of(stored.content_type, split_path(path)[1])
            new = NewFile(file_id, owner_id, path, stored.content_type, kind, stored)
            put = files.put_file(connection, new, now=now)
            note_upload(connection, author, put, now=now)
            shared = _shared(connection, put, now=now) if author.user_id == owner_id else None
            return Uploaded(put.file, put.created, shared)

        return await self._catalogue.write(change)


def _shared(connection: Connection, put: PutResult, *, now: datetime) -> SharedCounts:
    """Of a new file nobody has to be asked."""
    if put.created:
        return NOT_SHARED
    return shared_files(connection, put.file.owner_id, [put.file.id], now=now).of(put.file.id)
