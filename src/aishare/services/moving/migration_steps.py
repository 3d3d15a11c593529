"""Working on a migration, one batch per step. No loop, no engine: progress is in the rows, and every step may be
repeated.

A lease in the row keeps all other processes away. It is renewed while the batch runs, however large an object is, and
each write of results checks that it is still ours; a process that was suspended for long notices this there, and the
process that took over updates the remaining rows.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.moving import copies, migration_failures, migrations
from aishare.catalogue.moving.migrations import COMPLETED, FAILED, ROLLED_BACK, RUNNING, WORKING, Migration, Progress
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, CatalogueUnavailable, LocationUnavailable
from aishare.core.ids import new_id
from aishare.services.content import StorageService
from aishare.services.moving import rollback
from aishare.services.moving.migration_batch import LeaseLost, MigrationBatch, Unreachable, WorkLimits
from aishare.services.moving.migration_manifest import manifest_of
from aishare.services.moving.pace import Pacer
from aishare.services.moving.rollback import RollbackBatch
from aishare.services.work import Step

_log = structlog.get_logger(__name__)

BATCH: Final = 512
"""Objects per step; between two steps the copies wait for the database."""

_LEASE: Final = timedelta(seconds=15)
_RENEW_SECONDS: Final = 4.0
_WATCH_SECONDS: Final = 0.5
_UNREACHABLE_SECONDS: Final = 2.0
"""Between attempts while a storage is down. Long enough to cost little, short enough to continue soon."""


class MigrationSteps:
    """Does the work of one process."""

    def __init__(
        self, *, catalogue: Catalogue, storage: StorageService, clock: Clock, owner: str | None = None
    ) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._clock = clock
        self._owner = owner or new_id()

    async def waiting(self) -> list[str]:
        """Ids of migrations that nobody else works on, including those of this owner."""
        now = self._clock()
        return await self._catalogue.read(
            lambda connection: migrations.waiting_migrations(connection, owner=self._owner, now=now)
        )

    async def step(self, migration_id: str) -> Step:
        """One batch. Never raises errors of a storage or the database."""
        try:
            return await self._step(migration_id)
        except LeaseLost:
            return Step.LATER
        except Unreachable as error:
            await self._explain(migration_id, error.message)
            await asyncio.sleep(_UNREACHABLE_SECONDS)
            return Step.LATER
        except CatalogueUnavailable as error:
            _log.warning("migration_waits", migration=migration_id, reason=error.message)
            await asyncio.sleep(_UNREACHABLE_SECONDS)
            return Step.LATER

    async def release(self, migration_id: str) -> None:
        """Gives the lease back, so that other processes do not have to wait for its end."""
        now = self._clock()
        await self._catalogue.write(
            lambda connection: migrations.renew_lease(connection, migration_id, self._owner, until=now)
        )

    async def _step(self, migration_id: str) -> Step:
        migration = await self._claimed(migration_id)
        if migration is None:
            found = await self._catalogue.read(lambda connection: migrations.find_migration(connection, migration_id))
            return Step.LATER if found is not None and found.state in WORKING else Step.END
        limits = WorkLimits(self._owner, migration.concurrency, Pacer(migration.bytes_per_second))
        more = await self._guarded(migration, limits)
        if limits.halted:
            await self.release(migration_id)
            return Step.END
        return Step.AGAIN if more else Step.END

    async def _claimed(self, migration_id: str) -> Migration | None:
        now = self._clock()

        def claim(connection: Connection) -> Migration | None:
            if not migrations.claim_lease(connection, migration_id, self._owner, now=now, until=now + _LEASE):
                return None
            return migrations.find_migration(connection, migration_id)

        return await self._catalogue.write(claim)

    async def _move(self, migration: Migration, limits: WorkLimits) -> bool:
        page = await self._catalogue.read(
            lambda connection: migration_failures.objects_to_move(
                connection, migration.id, migration.source_id, after=migration.cursor, limit=BATCH
            )
        )
        if not page:
            return await self._end_of_round(migration)
        batch = MigrationBatch(
            migration,
            self._storage.location(migration.source_id),
            self._storage.location(migration.target_id),
            catalogue=self._catalogue,
            clock=self._clock,
            limits=limits,
            backend_of=lambda location_id: self._storage.location(location_id).backend,
        )
        if await batch.run(page):
            await self._advance(migration, cursor=page[-1].id)
        return True

    async def _return(self, migration: Migration, limits: WorkLimits) -> bool:
        """Rollback: objects whose content is still in the source go back to it."""
        if (
            "rollback" not in migration.plan
        ):  # counted here, because until the lease is ours another process may still move objects
            await self._replan(migration, rollback.begun(migration, self._clock()))
            return True
        batch = RollbackBatch(
            migration,
            self._storage.location(migration.source_id),
            catalogue=self._catalogue,
            clock=self._clock,
            limits=limits,
        )
        last = await batch.run(limit=BATCH)
        if last is not None:
            await self._advance(migration, cursor=last)
        elif not limits.halted:
            failed = await self._catalogue.read(
                lambda connection: copies.count_moved_pairs(
                    connection, migration.id, left=migration.source_id, now_in=migration.target_id
                )
            )
            await self._finish(migration, state=ROLLED_BACK, plan=rollback.finished(migration, failed=failed))
            return False
        return True

    async def _end_of_round(self, migration: Migration) -> bool:
        """Goes through the source again until there is nothing new: uploads may have ended there meanwhile."""
        if migration.cursor:
            await self._advance(migration, cursor="", round=migration.round + 1)
            return True
        await self._catalogue.write(lambda connection: migration_failures.drop_retrying(connection, migration.id))
        manifest = await manifest_of(self._catalogue, migration, completed_at=self._clock())
        state = FAILED if manifest["failures"] else COMPLETED
        await self._finish(migration, state=state, manifest=manifest)
        return False

    async def _replan(self, migration: Migration, plan: Mapping[str, Any]) -> None:
        states = (migration.state,)
        await self._catalogue.write(
            lambda connection: migrations.change_migration(connection, migration.id, states=states, plan=plan)
        )

    async def _finish(self, migration: Migration, **values: Any) -> None:
        now = self._clock()
        idle = {"lease_until": None, "lease_owner": None, "objects_rate": None, "bytes_rate": None, "error": None}

        def finish(connection: Connection) -> None:
            migration_failures.drop_retrying(connection, migration.id)
            states = (migration.state,)
            migrations.change_migration(connection, migration.id, states=states, finished_at=now, **idle, **values)

        await self._catalogue.write(finish)
        _log.info("migration_ended", migration=migration.id, state=values["state"])

    async def _advance(self, migration: Migration, **values: Any) -> None:
        kept = await self._catalogue.write(
            lambda connection: migrations.record_progress(connection, migration.id, self._owner, Progress(), **values)
        )
        if not kept:
            raise LeaseLost

    async def _guarded(self, migration: Migration, limits: WorkLimits) -> bool:
        """Runs the batch while renewing the lease and applying changed limits; stops if the lease is lost."""
        work = self._move if migration.state == RUNNING else self._return
        working = asyncio.create_task(work(migration, limits))
        watcher = asyncio.create_task(self._watch(migration, limits))
        try:
            await asyncio.wait({working, watcher}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise LeaseLost
            return working.result()
        except LocationUnavailable as error:
            raise Unreachable(error) from error
        finally:
            for task in (working, watcher):
                task.cancel()
            await asyncio.gather(working, watcher, return_exceptions=True)

    async def _watch(self, migration: Migration, limits: WorkLimits) -> None:
        """Returns when the lease is lost."""
        meter = _Meter(migration)
        while not limits.halted:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                row = await self._catalogue.read(lambda connection: migrations.find_migration(connection, migration.id))
                if row is None or row.state != migration.state:
                    limits.halted = True
                    break
                limits.concurrency, limits.pacer.bytes_per_second = row.concurrency, row.bytes_per_second
                if meter.due() and not await self._renew(migration.id, meter.rates(row)):
                    return
            except AishareError as error:
                _log.warning("migration_watch_failed", migration=migration.id, reason=error.message)
        while await self._renew(migration.id, {}):  # noqa: ASYNC110 - the last objects may take long
            await asyncio.sleep(_RENEW_SECONDS)

    async def _renew(self, migration_id: str, rates: dict[str, float]) -> bool:
        until = self._clock() + _LEASE
        return await self._catalogue.write(
            lambda connection: migrations.record_progress(
                connection, migration_id, self._owner, Progress(), lease_until=until, **rates
            )
        )

    async def _explain(self, migration_id: str, reason: str) -> None:
        _log.warning("migration_waits", migration=migration_id, reason=reason)
        until = self._clock() + _LEASE
        await self._catalogue.write(
            lambda connection: migrations.record_progress(
                connection, migration_id, self._owner, Progress(), error=reason, lease_until=until
            )
        )


class _Meter:
    """Objects and bytes per second since the last renewal."""

    def __init__(self, migration: Migration) -> None:
        self._at = time.monotonic()
        self._objects = migration.objects_done
        self._bytes = migration.bytes_done

    def due(self) -> bool:
        return time.monotonic() - self._at >= _RENEW_SECONDS

    def rates(self, row: Migration) -> dict[str, float]:
        now = time.monotonic()
        seconds, self._at = now - self._at, now
        rates = {
            "objects_rate": (row.objects_done - self._objects) / seconds,
            "bytes_rate": (row.bytes_done - self._bytes) / seconds,
        }
        self._objects, self._bytes = row.objects_done, row.bytes_done
        return rates
