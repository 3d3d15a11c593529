"""Files as users see them: find, list, rename, delete."""

from collections.abc import Sequence
from dataclasses import replace

from aishare.catalogue.content import files
from aishare.catalogue.content.files import File
from aishare.catalogue.content.listing import Listing, Page, list_files
from aishare.catalogue.content.paths import Occupied, occupied_paths
from aishare.catalogue.content.rights import SHARED, Right, right_on, shared_questions
from aishare.catalogue.content.usage import lock_owner
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.sharing.shared_counts import Shared, SharedCounts, shared_files
from aishare.catalogue.sharing.shares import find_share
from aishare.core.clock import Clock
from aishare.core.conditions import UNCONDITIONAL, Preconditions
from aishare.core.errors import Forbidden, NotFound
from aishare.core.paths import FilePath, join_path, path_below
from aishare.services.content.access import (
    Action,
    authorise,
    authorised_file,
    needs_right,
    reaches,
    require_reach,
    seen,
)
from aishare.services.content.file_events import Author, note_delete, note_rename
from aishare.services.content.shared_places import FolderPlace, share_of, shared_folder


class FileService:
    """Everything about files except their content."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def get(self, caller: Caller, file_id: str, action: Action = Action.READ) -> File:
        """The file with its owner's path; NotFound also if the caller may not see it. One lookup for owners."""
        file = await self._catalogue.lookup(files.FILE_BY_ID, file_id=file_id)
        right = None
        if file is not None and needs_right(caller, file, action):
            right = await (self._shared(caller, file) if action is Action.READ else self._right(caller, file))
        return authorise(caller, file, action, right)

    async def look(self, caller: Caller, file_id: str) -> File:
        """The file with the path that the caller sees: paths in shares begin at the shared folder."""
        file = await self._catalogue.lookup(files.FILE_BY_ID, file_id=file_id)
        right = None
        if file is not None and needs_right(caller, file, Action.READ):
            right = await self._right(caller, file)
        return seen(authorise(caller, file, Action.READ, right), right)

    async def at(self, caller: Caller, path: FilePath) -> File:
        """The caller's own file at this path."""
        file = await self._catalogue.lookup(files.FILE_BY_PATH, owner_id=caller.user.id, path=path)
        return authorise(caller, file, Action.READ)

    async def occupied(self, caller: Caller, paths: Sequence[FilePath], *, share_id: str | None) -> list[Occupied]:
        """Which of `paths` exist: the caller's own, or below a shared folder. What the caller's token cannot access
        does not exist for it.
        """

        def read(connection: Connection) -> list[Occupied]:
            place = FolderPlace(caller.user.id, "")
            if share_id is not None:
                place = shared_folder(share_of(connection, caller, share_id))
            wanted = [join_path(place.path, path) for path in paths]
            within = [path for path in wanted if reaches(caller, place.owner_id, path)]
            found = occupied_paths(connection, place.owner_id, within)
            return [replace(item, path=path_below(item.path, place.path)) for item in found]

        return await self._catalogue.read(read)

    async def in_share(self, caller: Caller, share_id: str, path: FilePath) -> File:
        """A file in a folder shared with the caller, by its path relative to that folder; with its owner's path."""

        def find(connection: Connection) -> File:
            place = shared_folder(find_share(connection, share_id, caller.user.id))
            file = files.file_by_path(connection, place.owner_id, join_path(place.path, path))
            right = None
            if file is not None and needs_right(caller, file, Action.READ):
                right = right_on(connection, caller.user.id, file)
            return authorise(caller, file, Action.READ, right)

        return await self._catalogue.read(find)

    async def page(self, caller: Caller, listing: Listing) -> tuple[Page, Shared]:
        """One page of the caller's own files, and which of them others can access."""
        owner_id, within, now = caller.user.id, replace(listing, within=caller.folder), self._clock()

        def read(connection: Connection) -> tuple[Page, Shared]:
            page = list_files(connection, within, owner_id=owner_id)
            return page, shared_files(connection, owner_id, [file.id for file in page.items], now=now)

        return await self._catalogue.read(read)

    async def shared(self, caller: Caller, file: File) -> SharedCounts | None:
        """How many links and people have access to a file; None if it is not the caller's."""
        owner_id, now = caller.user.id, self._clock()
        if file.owner_id != owner_id:
            return None
        found = await self._catalogue.read(lambda connection: shared_files(connection, owner_id, [file.id], now=now))
        return found.of(file.id)

    async def rename(
        self, caller: Caller, file_id: str, path: FilePath, *, conditions: Preconditions = UNCONDITIONAL
    ) -> File:
        """Renames or moves the file, by the path that the caller sees; Conflict if that is taken."""
        now = self._clock()

        def change(connection: Connection) -> File:
            files.lock_owner_of(connection, file_id)
            file, right = authorised_file(connection, caller, file_id, Action.MOVE)
            conditions.require(file.version)
            new_path = _owners_path(path, right)
            require_reach(caller, file.owner_id, new_path)
            renamed = files.rename_file(connection, file_id=file_id, path=new_path, now=now)
            if renamed is None:
                raise NotFound("There is no such file.")
            note_rename(connection, Author.of(caller), file, new_path, now=now)
            return seen(renamed, right)

        return await self._catalogue.write(change)

    async def delete(self, caller: Caller, file_id: str, *, conditions: Preconditions = UNCONDITIONAL) -> None:
        """The row is deleted at once and permanently; the content follows (StorageService.delete_marked)."""
        now = self._clock()

        def change(connection: Connection) -> None:
            files.lock_owner_of(connection, file_id)
            file, _ = authorised_file(connection, caller, file_id, Action.DELETE)
            conditions.require(file.version)
            files.delete_file(connection, file_id=file_id, now=now)
            note_delete(connection, Author.of(caller), file, now=now)

        await self._catalogue.write(change)

    async def delete_at(self, caller: Caller, path: FilePath, *, conditions: Preconditions = UNCONDITIONAL) -> None:
        """The same for the caller's own file at this path."""
        now = self._clock()

        def change(connection: Connection) -> None:
            lock_owner(connection, caller.user.id)
            found = files.file_by_path(connection, caller.user.id, path)
            file = authorise(caller, found, Action.DELETE)
            conditions.require(file.version)
            files.delete_file(connection, file_id=file.id, now=now)
            note_delete(connection, Author.of(caller), file, now=now)

        await self._catalogue.write(change)

    async def _right(self, caller: Caller, file: File) -> Right | None:
        return await self._catalogue.read(lambda connection: right_on(connection, caller.user.id, file))

    async def _shared(self, caller: Caller, file: File) -> Right | None:
        """Whether there is any permission, checked quickly."""
        for question in shared_questions(caller.user.id, file):
            if right := await self._catalogue.lookup(SHARED, **question):
                return right
        return None


def _owners_path(path: FilePath, right: Right | None) -> FilePath:
    """Inside the shared folder, which must allow writing; the caller knows nothing of the folders above it."""
    if right is None:
        return path
    full = FilePath(join_path(right.root or "", path))
    if not right.may_put(full):
        raise Forbidden("Files cannot be moved out of the folder that was shared with you.")
    return full
