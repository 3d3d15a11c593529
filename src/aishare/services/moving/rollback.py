"""One batch of a rollback: objects go back to the old copies they left, if those are still intact."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from aishare.catalogue.content import objects
from aishare.catalogue.content.objects import Move, StoredObject
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.moving import copies, migration_failures, migrations
from aishare.catalogue.moving.copies import Copy
from aishare.catalogue.moving.migrations import ROLLED_BACK, ROLLING_BACK, Migration, Progress
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, CorruptObject, ObjectNotFound
from aishare.services.content import OpenLocation
from aishare.services.moving.migration_batch import LeaseLost, Unreachable, WorkLimits, failure_of
from aishare.storage.flow.replicate import Verification, prove

_ALONE: Final = (ObjectNotFound, CorruptObject)
"""Errors that concern a single object. All others concern the storage; the rollback waits until it works again."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """The progress. `objects` had been moved when it began; those that are not back were deleted since, or stay.

    `objects_deleted` is None if old copies may have been purged before: then the two cannot be distinguished.
    """

    objects: int
    bytes: int
    objects_back: int
    bytes_back: int
    objects_failed: int
    objects_deleted: int | None
    started_at: datetime | None


def begun(migration: Migration, now: datetime) -> Mapping[str, Any]:
    """The plan of the migration, with the number of objects to move back."""
    found = {"objects": migration.objects_done, "bytes": migration.bytes_done, "started_at": now.isoformat()}
    return {**migration.plan, "rollback": found}


def finished(migration: Migration, *, failed: int) -> Mapping[str, Any]:
    """The plan, with the number of objects whose old copies are not intact."""
    return {**migration.plan, "rollback": {**migration.plan["rollback"], "failed": failed}}


def rollback_of(migration: Migration) -> Rollback | None:
    """None if there was no rollback. For rows of earlier versions only the final numbers are known."""
    if migration.state not in {ROLLING_BACK, ROLLED_BACK}:
        return None
    noted = migration.plan.get("rollback") or _guess(migration)
    started = datetime.fromisoformat(noted["started_at"]) if "started_at" in noted else None
    back, failed = noted["objects"] - migration.objects_done, noted.get("failed", 0)
    return Rollback(
        objects=noted["objects"],
        bytes=noted["bytes"],
        objects_back=back,
        bytes_back=noted["bytes"] - migration.bytes_done,
        objects_failed=failed,
        objects_deleted=migration.objects_done - failed if _nothing_was_purged(migration, started) else None,
        started_at=started,
    )


def _guess(migration: Migration) -> Mapping[str, Any]:
    moved = migration.manifest or migration.plan
    return {
        "objects": max(int(moved["objects"]), migration.objects_done),
        "bytes": max(int(moved["bytes"]), migration.bytes_done),
    }


def _nothing_was_purged(migration: Migration, rolled_back_at: datetime | None) -> bool:
    """Old copies are kept for the grace period after the move, and as long as a rollback runs."""
    if rolled_back_at is None or migration.started_at is None or migration.state != ROLLED_BACK:
        return False
    return rolled_back_at < migration.started_at + timedelta(seconds=migration.grace_seconds)


@dataclass(frozen=True, slots=True)
class _Proof:
    copy: Copy
    stored: StoredObject
    error: AishareError | None
    stamps: str | None = None


class RollbackBatch:
    """Verifies the old copies as the migration verified the new ones, then updates the rows by compare-and-set."""

    def __init__(
        self, migration: Migration, source: OpenLocation, *, catalogue: Catalogue, clock: Clock, limits: WorkLimits
    ) -> None:
        self._migration = migration
        self._source = source
        self._catalogue = catalogue
        self._clock = clock
        self._limits = limits
        self._verification: Verification = "checksum" if migration.verify == "checksum" else "read"

    async def run(self, *, limit: int) -> str | None:
        """The id of the last object handled; None if there are no more, or if it was stopped."""
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
        while pairs and not self._limits.halted:
            group, pairs = pairs[: self._limits.concurrency], pairs[self._limits.concurrency :]
            proofs = await asyncio.gather(*(self._proof(copy, stored) for copy, stored in group))
            await self._catalogue.write(lambda connection, proofs=proofs: self._record(connection, proofs))  # type: ignore[misc]
            last = group[-1][1].id
        return last

    async def _proof(self, copy: Copy, stored: StoredObject) -> _Proof:
        try:
            await self._limits.pacer(stored.digests.size_bytes if self._verification == "read" else 0)
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
        if not migrations.record_progress(connection, self._migration.id, self._limits.owner, progress, error=None):
            raise LeaseLost

    def _switch(self, connection: Connection, proof: _Proof) -> bool:
        """The row of the copy is removed first: the purge removes it in the same way, so only one of them gets it."""
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
            copies.insert_copy(connection, copy)  # just deleted: its content must still be purged
        return moved
