"""Migrations for administrators: start, stop, change, roll back. The work itself is in migration_steps."""

from dataclasses import dataclass
from typing import Any, Final

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.integrity.locations import label_of
from aishare.catalogue.moving import migration_failures, migrations
from aishare.catalogue.moving.migration_failures import Failure
from aishare.catalogue.moving.migrations import (
    CANCELLED,
    COMPLETED,
    FAILED,
    PAUSED,
    PLANNED,
    ROLLING_BACK,
    RUNNING,
    UNFINISHED,
    WORKING,
    Migration,
    change_migration,
    find_migration,
)
from aishare.catalogue.people.audit import AuditEntry, append_audit
from aishare.core.clock import Clock
from aishare.core.errors import Conflict, InvalidInput, NotFound
from aishare.core.ids import new_id
from aishare.services.content import OpenLocation, StorageService
from aishare.services.moving.migration_plan import make_plan
from aishare.services.moving.rollback import rollback_of

DEFAULT_CONCURRENCY: Final = 6
MAX_CONCURRENCY: Final = 32
DEFAULT_GRACE_SECONDS: Final = 86_400

_ENDED: Final = (COMPLETED, FAILED, CANCELLED)

_FROM: Final = {
    "pause": (RUNNING,),
    "resume": (PAUSED,),
    "cancel": (RUNNING, PAUSED, PLANNED),
    "rollback": (RUNNING, PAUSED, *_ENDED),
    "retry": (RUNNING, PAUSED, *_ENDED),
}
"""The states in which each action is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationOptions:
    """How to move; both limits can be changed during the migration."""

    concurrency: int = DEFAULT_CONCURRENCY
    bytes_per_second: int | None = None
    verify: str = "read"
    grace_seconds: int = DEFAULT_GRACE_SECONDS


@dataclass(frozen=True, slots=True)
class MigrationView:
    """A migration with the number of its failures."""

    migration: Migration
    failures: int

    def eta_seconds(self) -> float | None:
        """By the slower of objects and bytes, at the rate of the last seconds; during a rollback the counts
        decrease.
        """
        row = self.migration
        if row.state not in WORKING:
            return None
        objects = int(row.plan["objects"]) - row.objects_done - row.objects_skipped - self.failures
        left = [(objects, row.objects_rate), (int(row.plan["bytes"]) - row.bytes_done, row.bytes_rate)]
        if row.state == ROLLING_BACK:
            left = [(row.objects_done, row.objects_rate), (row.bytes_done, row.bytes_rate)]
        return max((max(rest, 0) / abs(rate) for rest, rate in left if rate), default=None)

    def took_seconds(self) -> float | None:
        """From start to end; for a rolled-back migration, of the rollback."""
        row, back = self.migration, rollback_of(self.migration)
        started = back.started_at if back else row.started_at
        if row.finished_at is None or started is None or row.state in UNFINISHED:
            return None
        return max(0.0, (row.finished_at - started).total_seconds())

    def average_bytes_per_second(self) -> float | None:
        """Over that time."""
        seconds, back = self.took_seconds(), rollback_of(self.migration)
        size = back.bytes_back if back else self.migration.bytes_done
        return size / seconds if seconds and size > 0 else None


class MigrationService:
    """Changes rows; the process that works on the migration sees it within a second."""

    def __init__(self, *, catalogue: Catalogue, storage: StorageService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._clock = clock

    async def plan(self, actor: str, source_id: str, target_id: str) -> Migration:
        """Counts, measures a sample, and stores the result as a row that can be started."""
        source, target = self._ends(source_id, target_id)
        plan = await make_plan(self._catalogue, source, target)
        planned = self._new(actor, source_id, target_id, plan, MigrationOptions())
        await self._catalogue.write(lambda connection: migrations.insert_migration(connection, planned))
        return planned

    async def start(
        self, actor: str, source_id: str, target_id: str, options: MigrationOptions, *, plan_id: str | None = None
    ) -> MigrationView:
        """From now on a process works on it. Conflict if another migration from this location has not ended."""
        self._ends(source_id, target_id)

        def insert(connection: Connection) -> Migration:
            migrations.refuse_second(connection, source_id)
            started = self._started(connection, actor, source_id, target_id, options, plan_id)
            self._note(connection, actor, "started", started)
            return started

        return MigrationView(await self._catalogue.write(insert), 0)

    async def all(self) -> list[MigrationView]:
        """Newest first, without plans that were not started."""

        def query(connection: Connection) -> list[MigrationView]:
            failures = migration_failures.count_failures(connection)
            rows = migrations.list_migrations(connection)
            return [MigrationView(row, failures.get(row.id, 0)) for row in rows if row.state != PLANNED]

        return await self._catalogue.read(query)

    async def get(self, migration_id: str) -> MigrationView:
        """NotFound if there is none."""
        return await self._catalogue.read(lambda connection: _view(connection, migration_id))

    async def limit(self, actor: str, migration_id: str, changes: dict[str, int | None]) -> MigrationView:
        """Changes `concurrency` and `bytes_per_second`; effective within a second."""
        concurrency = changes.get("concurrency", 1)
        if concurrency is None or not 1 <= concurrency <= MAX_CONCURRENCY:
            raise InvalidInput(f"concurrency must be a number from 1 to {MAX_CONCURRENCY}.")

        def change(connection: Connection) -> MigrationView:
            before = _view(connection, migration_id).migration
            if change_migration(connection, migration_id, states=(RUNNING, PAUSED, ROLLING_BACK), **changes) is None:
                raise Conflict("The migration has already ended.")
            self._note(connection, actor, "limited", before)
            return _view(connection, migration_id)

        return await self._catalogue.write(change)

    async def act(self, actor: str, migration_id: str, act: str) -> MigrationView:
        """`pause`, `resume`, `cancel`, `rollback` or `retry`. Conflict if the state does not allow it."""

        def change(connection: Connection) -> MigrationView:
            before = _view(connection, migration_id).migration
            if before.state not in _FROM[act]:
                raise Conflict(f"The migration is {before.state.replace('_', ' ')}: there is nothing to {act}.")
            values = self._effect(connection, before, act)
            change_migration(connection, migration_id, states=(before.state,), **values)
            self._note(connection, actor, act, before)
            return _view(connection, migration_id)

        return await self._catalogue.write(change)

    async def failures(self, migration_id: str, *, after: str, limit: int) -> list[Failure]:
        """One page, sorted by object id."""

        def query(connection: Connection) -> list[Failure]:
            _view(connection, migration_id)
            return migration_failures.failures_after(connection, migration_id, after=after, limit=limit)

        return await self._catalogue.read(query)

    def _effect(self, connection: Connection, before: Migration, act: str) -> dict[str, object]:
        """What the action changes in the row."""
        if act == "pause":
            return {"state": PAUSED, "objects_rate": None, "bytes_rate": None}
        if act == "resume":
            return {"state": RUNNING, "error": None}
        if act == "cancel":
            return {"state": CANCELLED, "finished_at": self._clock(), "objects_rate": None, "bytes_rate": None}
        if before.state in _ENDED:
            migrations.refuse_second(connection, before.source_id, but=before.id)
        fresh: dict[str, object] = {"cursor": "", "round": before.round + 1, "finished_at": None, "error": None}
        if act == "rollback":
            return {"state": ROLLING_BACK, **fresh}
        migration_failures.retry_failures(connection, before.id)
        self._ends(before.source_id, before.target_id)
        return {"state": RUNNING, **fresh}

    def _ends(self, source_id: str, target_id: str) -> tuple[OpenLocation, OpenLocation]:
        """Conflict unless the target takes new objects: otherwise the source would fill up while it is emptied."""
        if source_id == target_id:
            raise InvalidInput("The source and target are the same location.")
        if self._storage.active.row.id != target_id:
            raise Conflict(
                "The target is not the active location.", hint="Make it the active storage first, then move the rest."
            )
        return self._storage.location(source_id), self._storage.active

    def _started(  # noqa: PLR0913, PLR0917 - options of a migration
        self,
        connection: Connection,
        actor: str,
        source_id: str,
        target_id: str,
        options: MigrationOptions,
        plan_id: str | None,
    ) -> Migration:
        planned = None if plan_id is None else find_migration(connection, plan_id)
        if plan_id is None:
            objects, size, _ = migrations.measure_contents(connection, source_id)
            new = self._new(actor, source_id, target_id, {"objects": objects, "bytes": size}, options, state=RUNNING)
            migrations.insert_migration(connection, new)
            return new
        if planned is None or (planned.source_id, planned.target_id) != (source_id, target_id):
            raise NotFound("There is no such plan for these locations.")
        values = {name: getattr(options, name) for name in options.__slots__}
        started = change_migration(connection, plan_id, states=(PLANNED,), state=RUNNING, **values)
        if started is None:
            raise Conflict("This plan has already been started.")
        return started

    def _new(  # noqa: PLR0913 - the same
        self,
        actor: str,
        source_id: str,
        target_id: str,
        plan: dict[str, Any],
        options: MigrationOptions,
        *,
        state: str = PLANNED,
    ) -> Migration:
        return Migration(
            id=new_id(),
            source_id=source_id,
            target_id=target_id,
            state=state,
            plan=plan,
            verify=options.verify,
            concurrency=options.concurrency,
            bytes_per_second=options.bytes_per_second,
            grace_seconds=options.grace_seconds,
            created_by=actor,
            created_at=self._clock(),
        )

    def _note(self, connection: Connection, actor: str, act: str, migration: Migration) -> None:
        source, target = (label_of(connection, side) for side in (migration.source_id, migration.target_id))
        entry = AuditEntry(
            self._clock(), f"migration_{act}", actor, target=f"{source} to {target}", target_id=migration.id
        )
        append_audit(connection, entry)


def _view(connection: Connection, migration_id: str) -> MigrationView:
    found = find_migration(connection, migration_id)
    if found is None:
        raise NotFound("There is no such migration.")
    return MigrationView(found, migration_failures.count_failures(connection).get(migration_id, 0))
