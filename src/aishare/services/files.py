"""Files as people see them: find, list, rename, delete."""

from aishare.catalogue import files
from aishare.catalogue.files import File
from aishare.catalogue.listing import Listing, Page, list_files
from aishare.catalogue.session import Catalogue
from aishare.catalogue.sessions import Caller
from aishare.core.clock import Clock
from aishare.core.errors import NotFound
from aishare.core.paths import FilePath
from aishare.services.access import Action, authorise


class FileService:
    """Everything about files but their bytes."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def get(self, caller: Caller, file_id: str, action: Action = Action.READ) -> File:
        """NotFound also when the caller may not."""
        file = await self._catalogue.lookup(files.FILE_BY_ID, file_id=file_id)
        return authorise(caller, file, action)

    async def page(self, caller: Caller, listing: Listing) -> Page:
        """One page of the caller's own files."""
        return await self._catalogue.read(lambda connection: list_files(connection, listing, owner_id=caller.user.id))

    async def rename(self, caller: Caller, file_id: str, path: FilePath) -> File:
        """Give the file another name or folder; Conflict if that is taken."""
        await self.get(caller, file_id, Action.WRITE)
        now = self._clock()
        renamed = await self._catalogue.write(
            lambda connection: files.rename_file(connection, file_id=file_id, path=path, now=now)
        )
        if renamed is None:
            raise NotFound("There is no such file.")
        return renamed

    async def delete(self, caller: Caller, file_id: str) -> None:
        """The row goes at once and for good; the bytes follow (StorageService.bury)."""
        await self.get(caller, file_id, Action.DELETE)
        now = self._clock()
        await self._catalogue.write(lambda connection: files.delete_file(connection, file_id=file_id, now=now))
