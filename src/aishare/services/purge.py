"""Deletes the bytes that moved objects left behind, when their time of grace is over."""

from typing import Final

import structlog

from aishare.catalogue import copies
from aishare.catalogue.copies import Copy
from aishare.catalogue.session import Catalogue
from aishare.core.clock import Clock
from aishare.core.errors import AishareError
from aishare.services.storage import StorageService

_log = structlog.get_logger(__name__)

_BATCH: Final = 256


class PurgeService:
    """Never touches a place that an object's row points to."""

    def __init__(self, *, catalogue: Catalogue, storage: StorageService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._clock = clock

    async def purge(self) -> int:
        """One batch; how many copies are gone. One that can not be deleted now is tried again later."""
        now = self._clock()
        due = await self._catalogue.read(lambda connection: copies.purgeable_copies(connection, now=now, limit=_BATCH))
        purged = [copy for copy in due if await self._delete(copy)]
        if purged:
            await self._catalogue.write(lambda connection: copies.forget_copies(connection, purged))
        return len(purged)

    async def _delete(self, copy: Copy) -> bool:
        try:
            await self._storage.location(copy.location_id).backend.delete(copy.key)
        except AishareError as error:
            _log.warning("purge_postponed", location=copy.location_id, key=copy.key, error=error.code)
            return False
        return True
