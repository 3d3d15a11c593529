"""Folders: always the caller's own, and with a token for a folder those below it."""

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
    """List, make, move and delete folders."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def page(self, caller: Caller, listing: FolderListing) -> tuple[FolderPage, Shared]:
        """Direct subfolders, or with a query those it finds below; NotFound if the parent is no folder. A token for a
        folder sees that alone from above, and finds what is in it. And which of them others can get at.
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
        """How many links and people can get at a folder of the caller's."""
        owner_id, now = caller.user.id, self._clock()
        found = await self._catalogue.read(lambda connection: shared_folders(connection, owner_id, [path], now=now))
        return found.of(path)

    async def create(self, caller: Caller, path: FilePath, *, conditions: Preconditions = UNCONDITIONAL) -> Folder:
        """With the folders above it; Conflict if a folder or file has that path."""
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
        """The same in a folder that was shared for writing, by its path below that: it belongs to the owner."""
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
        """The whole subtree, for good; the number of files in it. The bytes follow (StorageService.delete_marked)."""
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
        """Under the owner's lock, behind which the folder stays as it is."""
        if conditions.given:
            lock_owner(connection, owner_id)
            folder = folders.folder_at(connection, owner_id, path)
            conditions.require(None if folder is None else folder.version)


def _alone(connection: Connection, owner_id: str, path: str) -> FolderPage:
    found = folders.folder_at(connection, owner_id, path)
    return FolderPage([] if found is None else [found], None)


def _require_below(caller: Caller, path: str) -> None:
    """A token changes what is in its folder, not the folder; of other folders it knows nothing."""
    if path == caller.folder:
        raise OutsideFolder(
            "The token is limited to the contents of this folder.", hint="Sign in to change the folder itself."
        )
    if not reaches(caller, caller.user.id, path):
        raise _no_folder()


def _no_folder() -> NotFound:
    return NotFound("There is no such folder.")
