"""Deleting the copies that a migration left in the old location, after a grace period."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.moving import copies
from aishare.catalogue.moving.copies import Copy
from aishare.core.clock import Clock
from aishare.core.errors import AishareError
from aishare.services.content import StorageService

_log = structlog.get_logger(__name__)

_BATCH: Final = 256
_READERS_GRACE: Final = timedelta(seconds=5)
"""Grace period for downloads that looked up the object just before it was moved."""
_RETRY: Final = timedelta(minutes=1)


class PurgeService:
    """The row is removed first: from then on no rollback can use these bytes again."""

    def __init__(self, *, catalogue: Catalogue, storage: StorageService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._clock = clock

    async def purge(self) -> int:
        """Deletes a batch of what is due; returns the number of deleted copies."""
        before = self._clock() - _READERS_GRACE
        due = await self._catalogue.read(
            lambda connection: copies.purgeable_copies(connection, now=before, limit=_BATCH)
        )
        claimed = (
            await self._catalogue.write(
                lambda connection: [copy for copy in due if copies.claim_copy(connection, copy, now=before)]
            )
            if due
            else []
        )
        return sum([await self._deleted(copy) for copy in claimed])

    async def _deleted(self, copy: Copy) -> bool:
        try:
            await self._storage.location(copy.location_id).backend.delete(copy.key)
        except AishareError as error:
            _log.warning("purge_postponed", location=copy.location_id, key=copy.key, error=error.code)
            later = replace(copy, purge_after=self._clock() + _RETRY)
            await self._catalogue.write(lambda connection: copies.insert_copy(connection, later))
            return False
        return True
