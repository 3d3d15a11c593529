"""Moving objects to another location while they are in use: copy and verify, then switch the row."""

from dataclasses import dataclass
from datetime import timedelta

from aishare.catalogue.content import objects
from aishare.catalogue.content.objects import Move, StoredObject
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.moving import copies
from aishare.core.clock import Clock
from aishare.core.errors import AishareError
from aishare.core.keys import Key, moved_key
from aishare.services.content import OpenLocation
from aishare.storage.base import BaseStorageBackend
from aishare.storage.flow.replicate import Verification, replicate


@dataclass(frozen=True, slots=True)
class MoveOptions:
    """How objects are moved. The bytes left behind are kept for `grace`, and can be read meanwhile."""

    grace: timedelta
    verification: Verification = "read"


class Relocation:
    """One object after the other. Migrations do the same with many at once (`migration_batch`)."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def relocate(
        self, stored: StoredObject, source: OpenLocation, target: OpenLocation, options: MoveOptions
    ) -> bool:
        """Whether it was moved; False if it no longer exists. Raises the errors of the storages."""
        key = moved_key(stored.id, stored.generation)
        info = await replicate(
            source.backend,
            stored.key,
            target.backend,
            key,
            digests=stored.digests,
            content_type=stored.content_type,
            verification=options.verification,
        )
        purge_after = self._clock() + options.grace

        def switch(connection: Connection) -> tuple[bool, bool]:
            move = Move(stored, key, info.stamps)
            moved = copies.move_object(connection, move, location_id=target.row.id, purge_after=purge_after)
            return moved, objects.find_object(connection, stored.id) is None

        moved, gone = await self._catalogue.write(switch)
        if gone:
            await remove_unneeded(target.backend, key)
        return moved


async def remove_unneeded(backend: BaseStorageBackend, key: Key) -> None:
    """A copy of an object that was deleted meanwhile will never be used."""
    try:
        await backend.delete(key)
    except AishareError:
        return  # an unused object, found by the clean-up
