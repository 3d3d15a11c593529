"""Folders: always the caller's own; with a token limited to a folder, only those below it."""

from collections.abc import Callable
from dataclasses import replace

from aishare.catalogue.content import folders, subtrees
from aishare.catalogue.content.folders import Folder, FolderListing, FolderPage
from aishare.catalogue.content.usage import lock_owner
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.sharing.shared_counts import Shared, SharedCounts, shared_folders
from aishare.core.clock import Clock
from aishare.core.conditions import UNCONDITIONAL, Preconditions
from aishare.core.errors import NotFound, OutsideFolder
from aishare.core.paths import FilePath, is_inside
from aishare.services.content.access import reaches, reaches_folder, require_reach
from aishare.services.content.file_events import note_folder_created, note_folder_deleted, note_folder_moved
from aishare.services.content.shared_places import share_of, writable_place


class FolderService:
    """Lists, creates, moves and deletes folders."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def page(self, caller: Caller, listing: FolderListing) -> tuple[FolderPage, Shared]:
        """Direct subfolders, or with a query those found below; NotFound if the parent does not exist. A token limited
        to a folder sees only that folder from above, and finds what is in it. Also returns which of them others can
        access.
        """
        owner_id, top = caller.user.id, caller.folder
        if top is not None and is_inside(top, listing.parent) and listing.query is not None:
            listing = replace(listing, parent=top)
        elif top is not None and is_inside(top, listing.parent):
            return await self._with_shared(owner_id, lambda connection: _alone(connection, owner_id, top))
        if not reaches_folder(caller, owner_id, listing.parent):
            raise _no_folder()
        return await self._with_shared(
            owner_id, lambda connection: folders.list_folders(connection, listing, owner_id=owner_id)
        )

    async def shared(self, caller: Caller, path: str) -> SharedCounts:
        """How many links and people have access to a folder of the caller."""
        owner_id, now = caller.user.id, self._clock()
        found = await self._catalogue.read(lambda connection: shared_folders(connection, owner_id, [path], now=now))
        return found.of(path)

    async def create(self, caller: Caller, path: FilePath, *, conditions: Preconditions = UNCONDITIONAL) -> Folder:
        """Creates missing parent folders too; Conflict if a folder or file has that path."""
        owner_id, now = caller.user.id, self._clock()
        if path != caller.folder:
            require_reach(caller, owner_id, path)

        def change(connection: Connection) -> Folder:
            self._require(connection, owner_id, path, conditions)
            folder = folders.create_folder(connection, owner_id, path, now=now)
            note_folder_created(connection, caller, path, now=now)
            return folder

        return await self._catalogue.write(change)

    async def create_in_share(
        self, caller: Caller, share_id: str, path: FilePath, *, conditions: Preconditions = UNCONDITIONAL
    ) -> Folder:
        """The same in a folder shared with write access, by its path relative to that: it belongs to the owner."""
        now = self._clock()

        def change(connection: Connection) -> Folder:
            owner_id, full = writable_place(connection, caller, share_id, path)
            self._require(connection, owner_id, full, conditions)
            folder = folders.create_folder(connection, owner_id, full, now=now)
            owner = share_of(connection, caller, share_id).owner
            note_folder_created(connection, caller, full, now=now, owner_name=owner.username)
            return replace(folder, path=path)

        return await self._catalogue.write(change)

    async def move(
        self, caller: Caller, path: FilePath, new_path: FilePath, *, conditions: Preconditions = UNCONDITIONAL
    ) -> Folder:
        """The whole subtree or nothing."""
        owner_id, now = caller.user.id, self._clock()
        _require_below(caller, path)
        require_reach(caller, owner_id, new_path)

        def change(connection: Connection) -> Folder:
            lock_owner(connection, owner_id)
            before = folders.require_folder(connection, owner_id, path)
            self._require(connection, owner_id, path, conditions)
            moved = subtrees.move_folder(connection, owner_id, path, new_path, now=now)
            note_folder_moved(connection, caller, before, new_path, now=now)
            return moved

        return await self._catalogue.write(change)

    async def delete(self, caller: Caller, path: FilePath, *, conditions: Preconditions = UNCONDITIONAL) -> int:
        """Permanently deletes the whole subtree; returns the number of files. The content follows
        (StorageService.delete_marked).
        """
        owner_id, now = caller.user.id, self._clock()
        _require_below(caller, path)

        def change(connection: Connection) -> int:
            lock_owner(connection, owner_id)
            folder = folders.require_folder(connection, owner_id, path)
            self._require(connection, owner_id, path, conditions)
            deleted = subtrees.delete_folder(connection, owner_id, path, now=now)
            note_folder_deleted(connection, caller, folder, now=now)
            return deleted

        return await self._catalogue.write(change)

    async def _with_shared(
        self, owner_id: str, page_of: Callable[[Connection], FolderPage]
    ) -> tuple[FolderPage, Shared]:
        now = self._clock()

        def read(connection: Connection) -> tuple[FolderPage, Shared]:
            page = page_of(connection)
            paths = [folder.path for folder in page.items]
            return page, shared_folders(connection, owner_id, paths, now=now)

        return await self._catalogue.read(read)

    def _require(self, connection: Connection, owner_id: str, path: FilePath, conditions: Preconditions) -> None:
        """While holding the owner's lock, so that the folder does not change."""
        if conditions.given:
            lock_owner(connection, owner_id)
            folder = folders.folder_at(connection, owner_id, path)
            conditions.require(None if folder is None else folder.version)


def _alone(connection: Connection, owner_id: str, path: str) -> FolderPage:
    found = folders.folder_at(connection, owner_id, path)
    return FolderPage([] if found is None else [found], None)


def _require_below(caller: Caller, path: str) -> None:
    """A token changes the contents of its folder, not the folder itself; it knows nothing of other folders."""
    if path == caller.folder:
        raise OutsideFolder(
            "The token is limited to the contents of this folder.", hint="Sign in to change the folder itself."
        )
    if not reaches(caller, caller.user.id, path):
        raise _no_folder()


def _no_folder() -> NotFound:
    return NotFound("There is no such folder.")
