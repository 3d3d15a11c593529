"""Uploads: content first, row second.

This order makes uploads safe. The content is durable before the row that refers to it is committed, so a crash at any
moment leaves at most an object without a row (deleted later), never a row without content. For the same reason content
is only deleted if the row certainly does not exist: if the database did not confirm or refuse the commit, it stays.

Conditions for replacing a file are checked twice: before the body, so that no body is sent in vain, and in the
transaction that creates the row, which decides.
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
    """The stored file, whether it is new, and who else has access to it, if its owner uploaded it."""

    file: File
    created: bool
    shared: SharedCounts | None


Destination = Callable[[Connection], tuple[str, FilePath]]
"""Owner and path, decided in the transaction that creates the file: permissions may have changed during the upload."""


class UploadService:
    """Stores uploaded files."""

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
        """Called for each stored file; must not block."""

    async def upload(
        self,
        caller: Caller,
        path: FilePath,
        pieces: AsyncIterator[bytes],
        *,
        announced_bytes: int | None,
        conditions: Preconditions = UNCONDITIONAL,
    ) -> Uploaded:
        """Stores `pieces` as the caller's file `path`, replacing any existing file; durable when it returns."""
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

    async def upload_into_share(  # noqa: PLR0913 - owner, path, content and its properties
        self,
        caller: Caller,
        share_id: str,
        path: FilePath,
        pieces: AsyncIterator[bytes],
        *,
        announced_bytes: int | None,
        conditions: Preconditions = UNCONDITIONAL,
    ) -> Uploaded:
        """The same in a shared folder, by its path relative to that: the file belongs to the folder's owner."""

        def destination(connection: Connection) -> tuple[str, FilePath]:
            return writable_place(connection, caller, share_id, path)

        owner_id, full = await self._catalogue.read(destination)  # before a body is accepted that would be discarded
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
        """Replaces the content of a file: one's own, or one shared with write access."""

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

    async def put(  # noqa: PLR0913 - owner, path, content and its properties
        self,
        destination: Destination,
        name: str,
        pieces: AsyncIterator[bytes],
        *,
        author: Author,
        announced_bytes: int | None,
        conditions: Preconditions = UNCONDITIONAL,
    ) -> Uploaded:
        """Stores `pieces`, then creates the file where `destination` says; `name` helps to detect the media type."""
        incoming = NewContent(pieces, announced_bytes, media_type_of=lambda head: sniff(head, name))
        stored = await self._storage.store(incoming, limit_bytes=self._limit_bytes)
        commit = asyncio.ensure_future(self._commit(destination, stored, author, conditions))
        try:
            uploaded = await asyncio.shield(commit)
        except CatalogueUnavailable:
            raise  # it is unknown whether the row exists
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
    """A new file needs no lookup."""
    if put.created:
        return NOT_SHARED
    return shared_files(connection, put.file.owner_id, [put.file.id], now=now).of(put.file.id)
