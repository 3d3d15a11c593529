"""Folders: always the caller's own."""

from aishare.catalogue import folders, subtrees
from aishare.catalogue.folders import Folder, FolderListing, FolderPage
from aishare.catalogue.session import Catalogue
from aishare.catalogue.sessions import Caller
from aishare.core.clock import Clock
from aishare.core.paths import FilePath


class FolderService:
    """List, make, move and delete folders."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def page(self, caller: Caller, listing: FolderListing) -> FolderPage:
        """Direct subfolders; NotFound if the parent is no folder."""
        owner_id = caller.user.id
        return await self._catalogue.read(
            lambda connection: folders.list_folders(connection, listing, owner_id=owner_id)
        )

    async def create(self, caller: Caller, path: FilePath) -> Folder:
        """With the folders above it; Conflict if a folder or file has that path."""
        owner_id, now = caller.user.id, self._clock()
        return await self._catalogue.write(
            lambda connection: folders.create_folder(connection, owner_id, path, now=now)
        )

    async def move(self, caller: Caller, path: FilePath, new_path: FilePath) -> Folder:
        """The whole subtree or nothing."""
        owner_id, now = caller.user.id, self._clock()
        return await self._catalogue.write(
            lambda connection: subtrees.move_folder(connection, owner_id, path, new_path, now=now)
        )

    async def delete(self, caller: Caller, path: FilePath) -> int:
        """The whole subtree, for good; the number of files in it. The bytes follow (StorageService.bury)."""
        owner_id, now = caller.user.id, self._clock()
        return await self._catalogue.write(
            lambda connection: subtrees.delete_folder(connection, owner_id, path, now=now)
        )
