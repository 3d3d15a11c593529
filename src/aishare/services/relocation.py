"""Moving one object to another location while everybody goes on using it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from aishare.catalogue import copies, objects
from aishare.catalogue.copies import Copy
from aishare.catalogue.objects import StoredObject
from aishare.catalogue.session import Catalogue, Connection
from aishare.core.clock import Clock
from aishare.core.errors import AishareError
from aishare.core.keys import Key, moved_key
from aishare.services.storage import OpenLocation
from aishare.storage.replicate import Verification, replicate


class Outcome(Enum):
    """What became of one object."""

    MOVED = "moved"
    GONE = "gone"
    """Deleted, or moved by somebody else, while it was being copied."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How objects are moved. The bytes left behind are kept for `grace`, and answer for the object meanwhile."""

    grace: timedelta
    verification: Verification = "read"
    migration_id: str | None = None


class Relocation:
    """Copies, proves, then switches the row by compare-and-set. May be repeated at any point."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def relocate(
        self, stored: StoredObject, source: OpenLocation, target: OpenLocation, manner: Manner
    ) -> Outcome:
        """Raises what the storages say; then the object is where it was."""
        key = moved_key(stored.id, stored.generation)
        await replicate(
            source.backend,
            stored.key,
            target.backend,
            key,
            digests=stored.digests,
            content_type=stored.content_type,
            verification=manner.verification,
        )
        left = Copy(
            location_id=stored.location_id,
            key=stored.key,
            object_id=stored.id,
            migration_id=manner.migration_id,
            size_bytes=stored.digests.size_bytes,
            purge_after=self._clock() + manner.grace,
        )

        def switch(connection: Connection) -> StoredObject | None:
            if objects.switch_object(connection, stored, location_id=target.row.id, key=key):
                copies.insert_copy(connection, left)
            return objects.find_object(connection, stored.id)

        now = await self._catalogue.write(switch)
        if now is not None and (now.location_id, now.key) == (target.row.id, key):
            return Outcome.MOVED  # by us, or by somebody who made the very same copy
        if now is None:
            await _remove(target, moved_key(stored.id, stored.generation))
        return Outcome.GONE


async def _remove(target: OpenLocation, key: Key) -> None:
    try:
        await target.backend.delete(key)
    except AishareError:
        return  # an orphan, found by the collection of garbage
