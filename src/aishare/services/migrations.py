"""Migrations for administrators: plan, start, watch, pause, resume, cancel, limit, roll back, retry.

The work itself is in `migration_steps`; a row in the state `running` is all it takes for a worker to find it.
"""

import json
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from aishare.catalogue import audit, migrations
from aishare.catalogue.audit import AuditEntry
from aishare.catalogue.locations import ACTIVE, Location, list_contents
from aishare.catalogue.migrations import Failure, Migration
from aishare.catalogue.objects import StoredObject, objects_after
from aishare.catalogue.session import Catalogue, Connection
from aishare.catalogue.users import User
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, Conflict, InvalidInput, NotFound
from aishare.core.ids import new_id
from aishare.core.keys import object_key
from aishare.core.sizes import CHUNK_SIZE, MiB
from aishare.services.migration_steps import MAX_CONCURRENCY
from aishare.services.storage import OpenLocation, StorageService
from aishare.storage.replicate import Verification, replicate

_TRIAL_OBJECTS: Final = 16
_TRIAL_BYTES: Final = 16 * MiB
_TRIAL_SECONDS: Final = 4.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration would do. Rates are None where nothing could be measured."""

    objects: int
    bytes: int
    missing: int
    corrupt: int
    measured_bytes_per_second: float | None
    measured_objects_per_second: float | None
    estimated_seconds: float | None
    requests: int
    free_bytes: int | None
    enough_space: bool
    server_side_copy: bool


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a migration is to run."""

    concurrency: int = 6
    bytes_per_second: int | None = None
    verify: Verification = "read"
    grace_seconds: int = 86_400


@dataclass(frozen=True, slots=True)
class Progress:
    """A migration and how far it is; rates are averages since it began."""

    migration: Migration
    plan: dict[str, Any]
    failures: int
    objects_per_second: float | None
    bytes_per_second: float | None
    eta_seconds: float | None


class MigrationService:
    """Every change is one row's; workers hear of it within a second."""

    def __init__(self, *, catalogue: Catalogue, storage: StorageService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._clock = clock

    async def plan(self, actor: User, source_id: str, target_id: str) -> Progress:
        """A plan that can be started. NotFound for unknown locations, Conflict if nothing may move there."""
        source, target = await self._places(source_id, target_id)
        plan = await self._measured_plan(source, target)
        migration = self._row(actor, source_id, target_id, plan)
        await self._catalogue.write(lambda connection: migrations.insert_migration(connection, migration))
        return self._progress(migration, 0)

    async def start(
        self, actor: User, source_id: str, target_id: str, wishes: Wishes, *, plan_id: str | None = None
    ) -> Progress:
        """Conflict if another migration empties or fills that source, or the target is not the active location."""
        _check(wishes)
        await self._places(source_id, target_id)
        if plan_id is None:
            plan_id = (await self.plan(actor, source_id, target_id)).migration.id
        now = self._clock()

        def begin(connection: Connection) -> None:
            _refuse_second(connection, source_id, target_id)
            begun = migrations.change_migration(
                connection,
                plan_id,
                from_states=[migrations.PLANNED],
                state=migrations.RUNNING,
                started_at=now,
                **asdict(wishes),
            )
            if not begun:
                raise Conflict("This plan was started already, or there is no such plan.")
            self._note(connection, actor, "migration_started", plan_id)

        await self._catalogue.write(begin)
        return await self.get(plan_id)

    async def get(self, migration_id: str) -> Progress:
        """NotFound if there is none."""

        def find(connection: Connection) -> tuple[Migration | None, int]:
            found = migrations.find_migration(connection, migration_id)
            return found, migrations.count_failures(connection, migration_id)

        migration, failures = await self._catalogue.read(find)
        if migration is None:
            raise NotFound("There is no such migration.")
        return self._progress(migration, failures)

    async def all(self) -> list[Progress]:
        """The newest first, without plans."""

        def find(connection: Connection) -> list[tuple[Migration, int]]:
            found = migrations.list_migrations(connection)
            return [(one, migrations.count_failures(connection, one.id)) for one in found]

        return [self._progress(*pair) for pair in await self._catalogue.read(find)]

    async def change(
        self, actor: User, migration_id: str, *, concurrency: int, bytes_per_second: int | None
    ) -> Progress:
        """New limits, also while it runs."""
        _check(Wishes(concurrency, bytes_per_second))
        limits = {"concurrency": concurrency, "bytes_per_second": bytes_per_second}
        return await self._set(actor, migration_id, "migration_limited", migrations.UNFINISHED, **limits)

    async def pause(self, actor: User, migration_id: str) -> Progress:
        """What is being copied is finished; then it rests."""
        states = [migrations.RUNNING]
        return await self._set(actor, migration_id, "migration_paused", states, state=migrations.PAUSED)

    async def resume(self, actor: User, migration_id: str) -> Progress:
        """Goes on where it was."""
        states = [migrations.PAUSED]
        return await self._set(actor, migration_id, "migration_resumed", states, state=migrations.RUNNING)

    async def cancel(self, actor: User, migration_id: str) -> Progress:
        """Ends it. What was moved stays moved."""
        changes = {"state": migrations.CANCELLED, "finished_at": self._clock()}
        states = [migrations.RUNNING, migrations.PAUSED, migrations.FAILED]
        return await self._set(actor, migration_id, "migration_cancelled", states, **changes)

    async def roll_back(self, actor: User, migration_id: str) -> Progress:
        """Objects whose bytes still lie in the source go back to them."""
        states = [
            migrations.RUNNING, migrations.PAUSED, migrations.COMPLETED, migrations.FAILED, migrations.CANCELLED,
        ]  # fmt: skip
        changes = {"state": migrations.ROLLING_BACK, "cursor": "", "error": None, "finished_at": None}
        return await self._set(actor, migration_id, "migration_rolled_back", states, **changes)

    async def retry(self, actor: User, migration_id: str) -> Progress:
        """What failed is tried again."""
        await self._catalogue.write(lambda connection: migrations.clear_failures(connection, migration_id))
        changes = {"state": migrations.RUNNING, "cursor": "", "error": None, "finished_at": None, "manifest": None}
        states = [migrations.FAILED, migrations.COMPLETED, migrations.RUNNING]
        return await self._set(actor, migration_id, "migration_retried", states, **changes)

    async def manifest(self, migration_id: str) -> dict[str, Any]:
        """NotFound until it has ended."""
        text = (await self.get(migration_id)).migration.manifest
        if text is None:
            raise NotFound("This migration has no manifest yet: it has not ended.")
        found: dict[str, Any] = json.loads(text)
        return found

    async def failures(self, migration_id: str, *, after: str = "", limit: int = 100) -> list[Failure]:
        """In the order of object ids."""
        return await self._catalogue.read(
            lambda connection: migrations.list_failures(connection, migration_id, after=after, limit=limit)
        )

    # --- inside ---------------------------------------------------------------------------------------------------

    async def _places(self, source_id: str, target_id: str) -> tuple[OpenLocation, OpenLocation]:
        rows = {one.location.id: one.location for one in await self._catalogue.read(list_contents)}
        if source_id not in rows or target_id not in rows:
            raise NotFound("There is no such location.")
        if source_id == target_id:
            raise Conflict("Source and target are the same.")
        _refuse_inactive(rows[target_id])
        return self._storage.location(source_id), self._storage.location(target_id)

    async def _measured_plan(self, source: OpenLocation, target: OpenLocation) -> Plan:
        def count(connection: Connection) -> tuple[tuple[int, int], dict[str, int], list[StoredObject]]:
            return (
                migrations.live_content(connection, source.row.id),
                migrations.known_damages(connection, source.row.id),
                objects_after(connection, source.row.id, after="", limit=_TRIAL_OBJECTS),
            )

        (objects, size), damages, first = await self._catalogue.read(count)
        trial = await _Trial(source, target).run(first)
        free = await _free_bytes(target)
        return Plan(
            objects=objects,
            bytes=size,
            missing=damages.get("object_not_found", 0),
            corrupt=damages.get("object_corrupt", 0),
            measured_bytes_per_second=trial.bytes_per_second,
            measured_objects_per_second=trial.objects_per_second,
            estimated_seconds=trial.estimate(objects, size),
            requests=3 * objects + size // CHUNK_SIZE,
            free_bytes=free,
            enough_space=free is None or free > size,
            server_side_copy=False,
        )

    def _row(self, actor: User, source_id: str, target_id: str, plan: Plan) -> Migration:
        wishes = Wishes()
        return Migration(
            id=new_id(),
            source_id=source_id,
            target_id=target_id,
            state=migrations.PLANNED,
            plan=json.dumps(asdict(plan)),
            verify=wishes.verify,
            concurrency=wishes.concurrency,
            bytes_per_second=None,
            grace_seconds=wishes.grace_seconds,
            cursor="",
            round=1,
            objects_done=0,
            bytes_done=0,
            objects_skipped=0,
            error=None,
            manifest=None,
            created_by=actor.username,
            created_at=self._clock(),
            started_at=None,
            finished_at=None,
            lease_owner=None,
            lease_until=None,
        )

    def _progress(self, migration: Migration, failures: int) -> Progress:
        plan = json.loads(migration.plan)
        seconds = self._worked_seconds(migration)
        objects = migration.objects_done / seconds if seconds else None
        size = migration.bytes_done / seconds if seconds else None
        eta = None
        if migration.state == migrations.RUNNING and objects:
            by_objects = (plan["objects"] - migration.objects_done) / objects
            by_bytes = (plan["bytes"] - migration.bytes_done) / size if size else 0.0
            eta = max(by_objects, by_bytes, 0.0)
        return Progress(migration, plan, failures, objects, size, eta)

    def _worked_seconds(self, migration: Migration) -> float | None:
        if migration.started_at is None:
            return None
        worked = (migration.finished_at or self._clock()) - migration.started_at
        return max(worked, timedelta(milliseconds=1)).total_seconds()

    async def _set(self, actor: User, migration_id: str, action: str, states: Any, **changes: object) -> Progress:
        before = await self.get(migration_id)

        def change(connection: Connection) -> None:
            if not migrations.change_migration(connection, migration_id, from_states=list(states), **changes):
                raise Conflict(f"The migration is {before.migration.state}: this is not possible now.")
            self._note(connection, actor, action, migration_id)

        await self._catalogue.write(change)
        return await self.get(migration_id)

    def _note(self, connection: Connection, actor: User, action: str, migration_id: str) -> None:
        entry = AuditEntry(self._clock(), action, actor.username, actor_id=actor.id, target=migration_id)
        audit.append_audit(connection, entry)


@dataclass
class _Trial:
    """A few objects copied and removed again, to learn how fast it goes."""

    source: OpenLocation
    target: OpenLocation
    objects_per_second: float | None = None
    bytes_per_second: float | None = None

    async def run(self, first: list[StoredObject]) -> "_Trial":
        began, count, size = time.monotonic(), 0, 0
        for stored in first:
            if size + stored.digests.size_bytes > _TRIAL_BYTES or time.monotonic() - began > _TRIAL_SECONDS:
                continue
            try:
                await self._copy(stored)
            except AishareError:
                continue  # the plan counts what is bad; this only measures
            count, size = count + 1, size + stored.digests.size_bytes
        seconds = max(time.monotonic() - began, 0.001)
        if count:
            self.objects_per_second, self.bytes_per_second = count / seconds, size / seconds
        return self

    def estimate(self, objects: int, size: int) -> float | None:
        """Most of the time goes either to the number or to the bytes. One at a time was measured: an upper bound."""
        if self.objects_per_second is None or not self.bytes_per_second:
            return None
        return max(objects / self.objects_per_second, size / self.bytes_per_second)

    async def _copy(self, stored: StoredObject) -> None:
        key = object_key(new_id())
        try:
            await replicate(
                self.source.backend,
                stored.key,
                self.target.backend,
                key,
                digests=stored.digests,
                content_type=stored.content_type,
            )
        finally:
            await self.target.backend.delete(key)


async def _free_bytes(target: OpenLocation) -> int | None:
    try:
        capacity = target.backend.capacity
        return None if capacity is None else (await capacity.space()).free_bytes
    except AishareError:
        return None


def _check(wishes: Wishes) -> None:
    if not 1 <= wishes.concurrency <= MAX_CONCURRENCY:
        raise InvalidInput(f"concurrency: from 1 to {MAX_CONCURRENCY}")
    if wishes.bytes_per_second is not None and wishes.bytes_per_second < 1:
        raise InvalidInput("bytes_per_second: 1 or more, or null for no limit")
    if wishes.grace_seconds < 0:
        raise InvalidInput("grace_seconds: 0 or more")


def _refuse_inactive(target: Location) -> None:
    if target.state != ACTIVE:
        raise Conflict(
            "Objects can only be moved to the active location.",
            hint="Apply the settings of the target first: new files go there from that moment.",
        )


def _refuse_second(connection: Connection, source_id: str, target_id: str) -> None:
    for other in migrations.list_migrations(connection, states=migrations.UNFINISHED):
        if {other.source_id, other.target_id} & {source_id, target_id}:
            raise Conflict("Another migration of these locations is not finished.", hint="Cancel it, or wait.")
