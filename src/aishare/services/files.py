"""Files as people see them: find, list, rename, delete."""

from dataclasses import replace

from aishare.catalogue import files
from aishare.catalogue.files import File
from aishare.catalogue.listing import Listing, Page, list_files
from aishare.catalogue.rights import SHARED, Right, right_on, shared_questions
from aishare.catalogue.session import Catalogue, Connection
from aishare.catalogue.sessions import Caller
from aishare.core.clock import Clock
from aishare.core.errors import Forbidden, NotFound
from aishare.core.paths import FilePath, join_path
from aishare.services.access import Action, authorise, authorised_file, needs_right, require_reach, seen


class FileService:
    """Everything about files but their bytes."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def get(self, caller: Caller, file_id: str, action: Action = Action.READ) -> File:
        """The file with its owner's path; NotFound also when the caller may not. One look-up for owners."""
        file = await self._catalogue.lookup(files.FILE_BY_ID, file_id=file_id)
        right = None
        if file is not None and needs_right(caller, file, action):
            right = await (self._shared(caller, file) if action is Action.READ else self._right(caller, file))
        return authorise(caller, file, action, right)

    async def look(self, caller: Caller, file_id: str) -> File:
        """The file with the path that the caller sees: what is shared begins with the folder that was shared."""
        file = await self._catalogue.lookup(files.FILE_BY_ID, file_id=file_id)
        right = None
        if file is not None and needs_right(caller, file, Action.READ):
            right = await self._right(caller, file)
        return seen(authorise(caller, file, Action.READ, right), right)

    async def page(self, caller: Caller, listing: Listing) -> Page:
        """One page of the caller's own files."""
        within = replace(listing, within=caller.folder)
        return await self._catalogue.read(lambda connection: list_files(connection, within, owner_id=caller.user.id))

    async def rename(self, caller: Caller, file_id: str, path: FilePath) -> File:
        """Give the file another name or folder, by the path that the caller sees; Conflict if that is taken."""
        now = self._clock()

        def change(connection: Connection) -> File:
            files.lock_owner_of(connection, file_id)
            file, right = authorised_file(connection, caller, file_id, Action.MOVE)
            new_path = _owners_path(path, right)
            require_reach(caller, file.owner_id, new_path)
            renamed = files.rename_file(connection, file_id=file_id, path=new_path, now=now)
            if renamed is None:
                raise NotFound("There is no such file.")
            return seen(renamed, right)

        return await self._catalogue.write(change)

    async def delete(self, caller: Caller, file_id: str) -> None:
        """The row goes at once and for good; the bytes follow (StorageService.bury)."""
        now = self._clock()

        def change(connection: Connection) -> None:
            files.lock_owner_of(connection, file_id)
            authorised_file(connection, caller, file_id, Action.DELETE)
            files.delete_file(connection, file_id=file_id, now=now)

        await self._catalogue.write(change)

    async def _right(self, caller: Caller, file: File) -> Right | None:
        return await self._catalogue.read(lambda connection: right_on(connection, caller.user.id, file))

    async def _shared(self, caller: Caller, file: File) -> Right | None:
        """Whether there is a right of any kind, quickly."""
        for question in shared_questions(caller.user.id, file):
            if right := await self._catalogue.lookup(SHARED, **question):
                return right
        return None


def _owners_path(path: FilePath, right: Right | None) -> FilePath:
    """Within what was shared, and may be written; of folders above that the caller knows nothing."""
    if right is None:
        return path
    full = FilePath(join_path(right.root or "", path))
    if not right.may_put(full):
        raise Forbidden("Files can not be moved out of the folder that was shared with you.")
    return full
