"""Uploads to file requests: the files belong to the owner of the link and never replace anything."""

from collections.abc import AsyncIterator

from aishare.catalogue.content.files import FILE_BY_PATH, File
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.core.conditions import UNCONDITIONAL, Preconditions
from aishare.core.errors import PreconditionFailed
from aishare.core.paths import FilePath, join_path, split_path
from aishare.services.content import UploadService
from aishare.services.sharing.link_visits import LinkVisitService, Visit, author_of


class LinkUploadService:
    """Stores files for the owner of a link."""

    def __init__(self, *, catalogue: Catalogue, visits: LinkVisitService, uploads: UploadService) -> None:
        self._catalogue = catalogue
        self._visits = visits
        self._uploads = uploads

    async def receive(
        self,
        visit: Visit,
        name: FilePath,
        pieces: AsyncIterator[bytes],
        *,
        announced_bytes: int | None,
        conditions: Preconditions = UNCONDITIONAL,
    ) -> File:
        """Stores the file under a free name, durable when it returns.

        Visitors know no version of anything, so If-Match always fails; with `If-None-Match: *` the name itself must be
        free. That reveals no more than the number that is added to a taken name.
        """
        conditions.require(None)
        if conditions.only_new:
            full = join_path(visit.link.folder or "", name)
            if await self._catalogue.lookup(FILE_BY_PATH, owner_id=visit.link.owner_id, path=full):
                raise _taken()
        size = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for piece in pieces:
                size += len(piece)
                yield piece

        def destination(connection: Connection) -> tuple[str, FilePath]:
            owner_id, path = self._visits.take_upload(connection, visit, name, size)
            if conditions.only_new and split_path(path)[1] != name:
                raise _taken()
            return owner_id, path

        uploaded = await self._uploads.put(
            destination, name, counted(), author=author_of(visit), announced_bytes=announced_bytes
        )
        return uploaded.file


def _taken() -> PreconditionFailed:
    return PreconditionFailed("A file with this name already exists.", hint="Choose another name.")
