"""One batch of undoing a migration: objects go back to the bytes they left, if those are still good."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aishare.catalogue import copies, migration_failures, migrations, objects
from aishare.catalogue.copies import Copy
from aishare.catalogue.migrations import Migration, Progress
from aishare.catalogue.objects import Move, StoredObject
from aishare.catalogue.session import Catalogue, Connection
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, CorruptObject, ObjectNotFound
from aishare.services.migration_batch import Grip, LeaseLost, Unreachable, failure_of
from aishare.services.storage import OpenLocation
from aishare.storage.replicate import Verification, prove

_ALONE: Final = (ObjectNotFound, CorruptObject)
"""Errors of one object; any other is the storage's, and is waited for."""


@dataclass(frozen=True, slots=True)
class _Proof:
    copy: Copy
    stored: StoredObject
    error: AishareError | None
    stamps: str | None = None


class RollbackBatch:
    """Proves the old bytes as the migration proved the new ones, then switches the rows by compare-and-set."""

    def __init__(
        self, migration: Migration, source: OpenLocation, *, catalogue: Catalogue, clock: Clock, grip: Grip
    ) -> None:
        self._migration = migration
        self._source = source
        self._catalogue = catalogue
        self._clock = clock
        self._grip = grip
        self._verification: Verification = "checksum" if migration.verify == "checksum" else "read"

    async def run(self, *, limit: int) -> str | None:
        """The id of the last object looked at; None if there is no more, or when halted."""
        pairs = await self._catalogue.read(
            lambda connection: copies.moved_pairs(
                connection,
                self._migration.id,
                left=self._migration.source_id,
                now_in=self._migration.target_id,
                after=self._migration.cursor,
                limit=limit,
            )
        )
        last = None
        while pairs and not self._grip.halted:
            group, pairs = pairs[: self._grip.concurrency], pairs[self._grip.concurrency :]
            proofs = await asyncio.gather(*(self._proof(copy, stored) for copy, stored in group))
            await self._catalogue.write(lambda connection, proofs=proofs: self._record(connection, proofs))  # type: ignore[misc]
            last = group[-1][1].id
        return last

    async def _proof(self, copy: Copy, stored: StoredObject) -> _Proof:
        try:
            await self._grip.pacer(stored.digests.size_bytes if self._verification == "read" else 0)
            info = await prove(self._source.backend, copy.key, stored.digests, verification=self._verification)
        except _ALONE as error:
            return _Proof(copy, stored, error)
        except AishareError as error:
            raise Unreachable(error) from error
        return _Proof(copy, stored, None, info.stamps)

    def _record(self, connection: Connection, proofs: list[_Proof]) -> None:
        returned = [proof for proof in proofs if proof.error is None and self._switch(connection, proof)]
        for proof in proofs:
            if proof.error is not None:
                failure = failure_of(self._migration, proof.stored, proof.error, self._clock())
                migration_failures.record_failure(connection, failure)
        progress = Progress(objects=-len(returned), bytes=-sum(proof.stored.digests.size_bytes for proof in returned))
        if not migrations.record_progress(connection, self._migration.id, self._grip.owner, progress, error=None):
            raise LeaseLost

    def _switch(self, connection: Connection, proof: _Proof) -> bool:
        """The row of the copy goes first: whoever purges takes it in the same way, so only one of us gets it."""
        copy, stored = proof.copy, proof.stored
        if objects.find_object(connection, stored.id) != stored or not copies.take_copy(connection, copy):
            return False
        moved = copies.move_object(
            connection,
            Move(stored, copy.key, proof.stamps),
            location_id=copy.location_id,
            purge_after=self._clock() + timedelta(seconds=self._migration.grace_seconds),
            migration_id=self._migration.id,
        )
        if not moved:
            copies.insert_copy(connection, copy)  # deleted in this moment: its bytes are still to be purged
        return moved
