"""Moving objects to another location while everybody goes on using them: copy and prove, then switch the row."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aishare.catalogue import copies, objects
from aishare.catalogue.copies import Copy
from aishare.catalogue.objects import StoredObject
from aishare.catalogue.session import Catalogue, Connection
from aishare.core.clock import Clock
from aishare.core.errors import AishareError
from aishare.core.keys import moved_key
from aishare.services.storage import OpenLocation
from aishare.storage.replicate import Verification, replicate


@dataclass(frozen=True, slots=True)
class Manner:
    """How objects are moved. The bytes left behind are kept for `grace`, and answer for the object meanwhile.

    `pace` is told of each piece before it is passed on, and may wait.
    """

    grace: timedelta
    verification: Verification = "read"
    migration_id: str | None = None
    pace: Callable[[int], Awaitable[None]] | None = None


async def copy_object(stored: StoredObject, source: OpenLocation, target: OpenLocation, manner: Manner) -> None:
    """Durable and proven in the target when it returns. Raises what the storages say; may be repeated."""
    await replicate(
        source.backend,
        stored.key,
        target.backend,
        moved_key(stored.id, stored.generation),
        digests=stored.digests,
        content_type=stored.content_type,
        verification=manner.verification,
        pace=manner.pace,
    )


def switch_copied(
    connection: Connection, copied: Sequence[StoredObject], *, target_id: str, manner: Manner, now: datetime
) -> list[StoredObject]:
    """Point the rows at the copies; those that were switched. The others were deleted or moved by somebody else."""
    switched = []
    for stored in copied:
        key = moved_key(stored.id, stored.generation)
        if objects.switch_object(connection, stored, location_id=target_id, key=key):
            copies.insert_copy(connection, _left_behind(stored, manner, now))
            switched.append(stored)
    return switched


class Relocation:
    """One object after the other; migrations do the same with many at once."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def relocate(self, stored: StoredObject, source: OpenLocation, target: OpenLocation, manner: Manner) -> bool:
        """Whether it was moved; False if it is not there any more. Raises what the storages say."""
        await copy_object(stored, source, target, manner)
        return bool(await self.switch([stored], target, manner))

    async def switch(
        self,
        copied: Sequence[StoredObject],
        target: OpenLocation,
        manner: Manner,
        *,
        also: Callable[[Connection, list[StoredObject]], None] | None = None,
    ) -> list[StoredObject]:
        """Those that were switched, in one transaction with `also`; copies that nobody needs are removed."""
        now = self._clock()

        def change(connection: Connection) -> tuple[list[StoredObject], list[StoredObject]]:
            switched = switch_copied(connection, copied, target_id=target.row.id, manner=manner, now=now)
            if also is not None:
                also(connection, switched)
            lost = [stored for stored in copied if stored not in switched]
            return switched, [stored for stored in lost if objects.find_object(connection, stored.id) is None]

        switched, gone = await self._catalogue.write(change)
        for stored in gone:
            await _remove(target, stored)
        return switched


def _left_behind(stored: StoredObject, manner: Manner, now: datetime) -> Copy:
    return Copy(
        location_id=stored.location_id,
        key=stored.key,
        object_id=stored.id,
        migration_id=manner.migration_id,
        size_bytes=stored.digests.size_bytes,
        purge_after=now + manner.grace,
    )


async def _remove(target: OpenLocation, stored: StoredObject) -> None:
    """Nobody will ever point to this copy: a deleted object is not switched any more."""
    try:
        await target.backend.delete(moved_key(stored.id, stored.generation))
    except AishareError:
        return  # an orphan, found by the collection of garbage
