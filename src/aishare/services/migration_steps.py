"""The work of a migration, one batch at a time. Free of any engine: whoever calls `step` again goes on where it ended.

Progress is in the data: a moved object does not lie in the source any more, so a batch that was cut off by kill -9 is
simply looked for again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Final

import structlog

from aishare.catalogue import copies, migrations, objects
from aishare.catalogue.copies import Copy
from aishare.catalogue.migrations import Failure, Migration
from aishare.catalogue.objects import StoredObject
from aishare.catalogue.session import Catalogue, Connection
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, BackendError, CorruptObject, ObjectNotFound
from aishare.services.manifests import manifest_of
from aishare.services.pace import Pace
from aishare.services.relocation import Manner, Relocation, copy_object
from aishare.services.storage import OpenLocation, StorageService
from aishare.storage.replicate import Verification, prove

_log = structlog.get_logger(__name__)

BATCH: Final = 256
LEASE: Final = timedelta(seconds=10)
_LOOK_SECONDS: Final = 1.0
"""How soon a pause, or another limit, is heard of."""

_SWITCH_MAX: Final = 64
_ATTEMPTS: Final = 3
"""Rounds in which an object is tried that does not arrive, or is bad where it lies; then it is left to people."""

MAX_CONCURRENCY: Final = 64


class Next(Enum):
    """What the caller of `step` does."""

    AGAIN = "again"
    WAIT = "wait"
    """A storage does not answer: again in a moment."""
    END = "end"
    """Nothing to do here: paused, ended, or somebody else works on it."""


class _Trouble(Exception):
    """A storage that does not do its work: no fault of the object's."""

    def __init__(self, error: BackendError) -> None:
        super().__init__(error.message)
        self.error = error


class _Gone(Exception):
    """Deleted, or moved by somebody else."""


class MigrationSteps:
    """`owner` names this process in leases."""

    def __init__(self, *, catalogue: Catalogue, storage: StorageService, owner: str, clock: Clock) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self.owner = owner
        self.now = clock
        self._relocation = Relocation(catalogue=catalogue, clock=clock)

    async def step(self, migration_id: str) -> Next:
        """One batch. May be called by any process, at any time, again and again."""
        migration = await self._leased(migration_id)
        if migration is None:
            return Next.END
        try:
            async with self._controlled(migration) as control:
                return await self._worked(migration, control)
        except _Trouble as trouble:
            return await self._troubled(migration, trouble.error)
        except BackendError as error:
            return await self._troubled(migration, error)

    async def _worked(self, migration: Migration, control: "_Control") -> Next:
        source = self._storage.location(migration.source_id)
        target = self._storage.location(migration.target_id)
        if migration.state == migrations.ROLLING_BACK:
            return await self._roll_back(migration, source, target)
        batch = await self._batch(migration)
        if batch is None:
            return await self._end_of_round(migration)
        work = _Batch(migration, source, target, control, self._relocation, self._catalogue, self.now)
        given_up = await self._given_up(migration, [stored.id for stored in batch])
        await work.run([stored for stored in batch if stored.id not in given_up])
        if control.stopping:
            return Next.END
        if work.trouble is not None:
            raise work.trouble
        last = batch[-1].id
        await self._change(migration, cursor=last, error=None)
        return Next.AGAIN

    async def _batch(self, migration: Migration) -> list[StoredObject] | None:
        """None at the end."""
        found = await self._catalogue.read(
            lambda connection: objects.objects_after(
                connection, migration.source_id, after=migration.cursor, limit=BATCH
            )
        )
        return found or None

    async def _given_up(self, migration: Migration, object_ids: list[str]) -> set[str]:
        return await self._catalogue.read(
            lambda connection: migrations.failed_ids(connection, migration.id, object_ids, attempts=_ATTEMPTS)
        )

    async def _end_of_round(self, migration: Migration) -> Next:
        """Once more from the beginning while anything is left that was not given up: it came or failed meanwhile."""
        ended = await self._catalogue.write(lambda connection: self._ended(connection, migration))
        if ended:
            _log.info("migration_ended", migration=migration.id)
        return Next.END if ended else Next.WAIT

    def _ended(self, connection: Connection, migration: Migration) -> bool:
        migrations.clear_failures(connection, migration.id, gone_only=True)
        left, _ = migrations.live_content(connection, migration.source_id)
        failures = migrations.count_failures(connection, migration.id, attempts=_ATTEMPTS)
        changes: dict[str, object] = {"cursor": "", "round": migration.round + 1}
        if left <= failures:
            now = self.now()
            changes = {
                "state": migrations.FAILED if failures else migrations.COMPLETED,
                "error": f"{failures} objects could not be moved." if failures else None,
                "manifest": manifest_of(connection, migration, failures=failures, now=now),
                "finished_at": now,
                "lease_owner": None,
                "lease_until": None,
            }
        migrations.change_migration(connection, migration.id, from_states=[migrations.RUNNING], **changes)
        return left <= failures

    # --- rolling back ---------------------------------------------------------------------------------------------

    async def _roll_back(self, migration: Migration, source: OpenLocation, target: OpenLocation) -> Next:
        """Objects whose bytes still lie in the source go back to them; newer ones stay where they are."""
        left = await self._catalogue.read(
            lambda connection: copies.copies_left_by(
                connection, migration.id, source.row.id, after=migration.cursor, limit=BATCH
            )
        )
        for copy in left:
            await self._put_back(migration, copy, source, target)
        if left:
            await self._change(migration, cursor=left[-1].object_id)
            return Next.AGAIN
        await self._change(
            migration, state=migrations.ROLLED_BACK, finished_at=self.now(), lease_owner=None, lease_until=None
        )
        return Next.END

    async def _put_back(self, migration: Migration, copy: Copy, source: OpenLocation, target: OpenLocation) -> None:
        stored = await self._catalogue.read(lambda connection: objects.find_object(connection, copy.object_id))
        if stored is None or stored.location_id != target.row.id:
            return
        try:
            await prove(source.backend, copy.key, stored.digests, verification="checksum")
        except (CorruptObject, ObjectNotFound):
            return  # the target has the good bytes
        grace = timedelta(seconds=migration.grace_seconds)
        other = Copy(target.row.id, stored.key, stored.id, None, stored.digests.size_bytes, self.now() + grace)

        def back(connection: Connection) -> None:
            if objects.switch_object(connection, stored, location_id=source.row.id, key=copy.key):
                copies.forget_copies(connection, [copy])
                copies.insert_copy(connection, other)
                migrations.count_moved(connection, migration.id, objects=-1, size_bytes=-copy.size_bytes, skipped=0)

        await self._catalogue.write(back)

    # --- rows -----------------------------------------------------------------------------------------------------

    async def _leased(self, migration_id: str) -> Migration | None:
        now = self.now()

        def take(connection: Connection) -> Migration | None:
            taken = migrations.take_lease(connection, migration_id, self.owner, now=now, until=now + LEASE)
            return migrations.find_migration(connection, migration_id) if taken else None

        return await self._catalogue.write(take)

    async def _change(self, migration: Migration, **values: object) -> None:
        await self._catalogue.write(
            lambda connection: migrations.change_migration(
                connection, migration.id, from_states=[migration.state], **values
            )
        )

    async def _troubled(self, migration: Migration, error: BackendError) -> Next:
        _log.warning("migration_waits", migration=migration.id, code=error.code, message=error.message)
        await self._change(migration, error=error.message)
        return Next.WAIT

    @asynccontextmanager
    async def _controlled(self, migration: Migration) -> AsyncIterator["_Control"]:
        """While open, the row is looked at every second: lease, state and limits."""
        control = _Control(migration.concurrency, Pace(migration.bytes_per_second))
        task = asyncio.create_task(self._look(migration, control))
        try:
            yield control
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _look(self, migration: Migration, control: "_Control") -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                now = await self._leased(migration.id)
            except AishareError:
                continue  # the database is away; the switch of rows would fail as well
            if now is None or now.state != migration.state:
                control.stop()
            else:
                control.change(now)


@dataclass
class _Control:
    """What an administrator may change while a batch runs."""

    concurrency: int
    pace: Pace
    stopping: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        self.stopping = True
        self.changed.set()

    def change(self, migration: Migration) -> None:
        self.pace.change(migration.bytes_per_second)
        if migration.concurrency != self.concurrency:
            self.concurrency = migration.concurrency
            self.changed.set()


@dataclass
class _Batch:
    """The objects of one step: several are copied at once, their rows switched together."""

    migration: Migration
    source: OpenLocation
    target: OpenLocation
    control: _Control
    relocation: Relocation
    catalogue: Catalogue
    clock: Clock
    trouble: _Trouble | None = None
    _waiting: list[StoredObject] = field(default_factory=list)
    _copied: list[StoredObject] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: bool = False

    async def run(self, batch: Sequence[StoredObject]) -> None:
        """Until all are moved or failed, or `control` stops it, or a storage is in trouble."""
        self._waiting = list(reversed(batch))
        switching = asyncio.create_task(self._switch_all())
        workers: set[asyncio.Task[None]] = set()
        try:
            while self._may_begin() or workers:
                while self._may_begin() and len(workers) < self.control.concurrency:
                    workers.add(asyncio.create_task(self._move(self._waiting.pop())))
                self.control.changed.clear()
                workers = await self._some_end(workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            self._ended = True
            self._arrived.set()
            await switching

    def _may_begin(self) -> bool:
        return bool(self._waiting) and not self.control.stopping and self.trouble is None

    async def _some_end(self, workers: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
        changed = asyncio.create_task(self.control.changed.wait())
        try:
            done, rest = await asyncio.wait({*workers, changed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()
        for task in done - {changed}:
            task.result()
        return {task for task in rest if task is not changed}  # type: ignore[misc]

    async def _move(self, stored: StoredObject) -> None:
        try:
            await self._copy(stored)
        except _Gone:
            return
        except _Trouble as trouble:
            self.trouble = trouble
            return
        except (CorruptObject, ObjectNotFound) as error:
            await self._fail(stored, error)
            return
        self._copied.append(stored)
        self._arrived.set()

    async def _copy(self, stored: StoredObject) -> None:
        """Raises CorruptObject or ObjectNotFound if the bytes are bad on one side, _Trouble if a storage fails."""
        try:
            await copy_object(stored, self.source, self.target, self._manner())
        except (CorruptObject, ObjectNotFound) as error:
            await self._refuse_gone(stored)
            await self._prove_source(stored)
            raise CorruptObject(f"The target gave back other bytes: {error.message}") from error
        except BackendError as error:
            raise _Trouble(error) from error

    async def _prove_source(self, stored: StoredObject) -> None:
        """Whose fault was it? Returns if the source is good, raises what is wrong with it."""
        try:
            await prove(self.source.backend, stored.key, stored.digests)
        except (CorruptObject, ObjectNotFound):
            raise
        except BackendError as error:
            raise _Trouble(error) from error

    async def _refuse_gone(self, stored: StoredObject) -> None:
        """Bytes that are missing may be those of an object that was deleted a moment ago: no failure."""
        now = await self.catalogue.read(lambda connection: objects.find_object(connection, stored.id))
        if now is None or now.generation != stored.generation:
            raise _Gone

    async def _fail(self, stored: StoredObject, error: BackendError) -> None:
        failure = Failure(stored.id, stored.key, error.code, error.message, 1, self.clock())
        await self.catalogue.write(lambda connection: migrations.put_failure(connection, self.migration.id, failure))

    async def _switch_all(self) -> None:
        """What was copied while the last rows were switched is switched next: a busy database makes larger groups."""
        while not self._ended:
            await self._arrived.wait()
            self._arrived.clear()
            await self._switch()

    async def _switch(self) -> None:
        while self._copied:
            group, self._copied = self._copied[:_SWITCH_MAX], self._copied[_SWITCH_MAX:]
            await self.relocation.switch(group, self.target, self._manner(), also=self._counted(len(group)))

    def _counted(self, wanted: int) -> Callable[[Connection, list[StoredObject]], None]:
        def count(connection: Connection, switched: list[StoredObject]) -> None:
            migrations.count_moved(
                connection,
                self.migration.id,
                objects=len(switched),
                size_bytes=sum(stored.digests.size_bytes for stored in switched),
                skipped=wanted - len(switched),
            )
            migrations.forgive(connection, self.migration.id, [stored.id for stored in switched])

        return count

    def _manner(self) -> Manner:
        verification: Verification = "checksum" if self.migration.verify == "checksum" else "read"
        return Manner(
            grace=timedelta(seconds=self.migration.grace_seconds),
            verification=verification,
            migration_id=self.migration.id,
            pace=self.control.pace.take,
        )
