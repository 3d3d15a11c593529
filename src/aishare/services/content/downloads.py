"""Downloads: check permissions, then find the file, its object and its location."""

from functools import partial

from aishare.catalogue.content.files import File
from aishare.catalogue.people.sessions import Caller
from aishare.core.paths import FilePath
from aishare.services.content.access import Action
from aishare.services.content.delivery import Representation
from aishare.services.content.files import FileService
from aishare.services.content.storage import StorageService


class DownloadService:
    """Opens files for reading."""

    def __init__(self, *, files: FileService, storage: StorageService, redirects: bool = False) -> None:
        self._files = files
        self._storage = storage
        self._redirects = redirects

    async def content(self, caller: Caller, file_id: str) -> Representation:
        """What the transfer needs to send this file; NotFound also if the caller may not read it."""
        return self.content_of(await self._files.get(caller, file_id, Action.READ))

    async def content_at(self, caller: Caller, path: FilePath) -> Representation:
        """The same for the caller's own file at this path."""
        return self.content_of(await self._files.at(caller, path))

    async def content_in_share(self, caller: Caller, share_id: str, path: FilePath) -> Representation:
        """The same for a file in a folder that is shared with the caller."""
        return self.content_of(await self._files.in_share(caller, share_id, path))

    def content_of(self, file: File, *, redirects: bool = True) -> Representation:
        """The same for a file whose permission has already been checked; without `redirects`, everything is sent from
        here.
        """
        stored = file.object
        local = self._storage.local_object(stored)
        return Representation(
            name=file.name,
            media_type=file.media_type,
            size_bytes=stored.digests.size_bytes,
            sha256=stored.digests.sha256,
            modified_at=file.modified_at,
            local_path=None if local is None else local.path,
            read=partial(self._storage.read, stored),
            presign=self._storage.presign(stored) if self._redirects and redirects else None,
            proof=local,
            guard=None if stored.damage is None else partial(self._storage.require_good, stored),
        )
