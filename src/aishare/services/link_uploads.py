"""Files that visitors bring to a link that asks for them: they belong to its owner and never replace anything."""

from collections.abc import AsyncIterator

from aishare.catalogue.files import File
from aishare.catalogue.session import Connection
from aishare.core.paths import FilePath
from aishare.services.link_visits import LinkVisitService, Visit
from aishare.services.uploads import UploadService


class LinkUploadService:
    """Takes bytes in for the owner of a link."""

    def __init__(self, *, visits: LinkVisitService, uploads: UploadService) -> None:
        self._visits = visits
        self._uploads = uploads

    async def receive(
        self, visit: Visit, name: FilePath, pieces: AsyncIterator[bytes], *, announced_bytes: int | None
    ) -> File:
        """The file under a name that was free, durable when it returns."""
        size = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for piece in pieces:
                size += len(piece)
                yield piece

        def destination(connection: Connection) -> tuple[str, FilePath]:
            return self._visits.take_upload(connection, visit, name, size)

        uploaded = await self._uploads.put(destination, name, counted(), announced_bytes=announced_bytes)
        return uploaded.file
