"""Routes of migrations, which move files from one location to another. Administrators only."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from aishare.api.http.deps import RuntimeDep, SuperuserDep
from aishare.api.http.known import RequestBody
from aishare.catalogue.moving.migrations import PLANNED, WORKING
from aishare.core.errors import NotFound
from aishare.services.moving.migrations import (
    DEFAULT_CONCURRENCY,
    DEFAULT_GRACE_SECONDS,
    MAX_CONCURRENCY,
    MigrationOptions,
    MigrationView,
)
from aishare.services.moving.rollback import rollback_of

router = APIRouter(prefix="/api/admin/migrations", tags=["administration"])

_TEN_YEARS_SECONDS = 10 * 366 * 86_400
_MAX_RATE = 2**40

Concurrency = Annotated[int, Field(ge=1, le=MAX_CONCURRENCY)]
Rate = Annotated[int, Field(ge=1, le=_MAX_RATE)]


class MigrationEndsBody(RequestBody):
    """Ids of two locations; the target must be the active one."""

    source: str
    target: str


class NewMigrationBody(MigrationEndsBody):
    """`grace_seconds` is how long the source keeps its copies; `verify` is how copies are verified."""

    plan_id: str | None = None
    concurrency: Concurrency = DEFAULT_CONCURRENCY
    bytes_per_second: Rate | None = None
    verify: Literal["read", "checksum"] = "read"
    grace_seconds: Annotated[int, Field(ge=0, le=_TEN_YEARS_SECONDS)] = DEFAULT_GRACE_SECONDS


class MigrationLimitsBody(RequestBody):
    """What can be changed during a migration; fields not sent stay the same. `null` means no limit."""

    concurrency: Concurrency = DEFAULT_CONCURRENCY
    bytes_per_second: Rate | None = None


class MigrationPlanJson(BaseModel):
    """What a migration would involve. The speed is measured by copying a few objects, which are deleted again."""

    id: str
    source: str
    target: str
    objects: int
    bytes: int
    missing: int
    corrupt: int
    measured_bytes_per_second: float | None
    estimated_seconds: float | None
    requests: int
    free_bytes: int | None
    enough_space: bool
    server_side_copy: bool


class RollbackJson(BaseModel):
    """The progress of a rollback. `objects` had been moved when it began, `objects_back` are in the old location again.

    `objects_failed` stay in the new one, because their old copies are missing or damaged. `objects_deleted` is null
    until the end, and if old copies may already have been purged.
    """

    objects: int
    bytes: int
    objects_back: int
    bytes_back: int
    objects_failed: int
    objects_deleted: int | None
    started_at: datetime | None


class MigrationJson(BaseModel):
    """A migration and its progress. `error` says what it is waiting for. If some objects could not be moved, it ends as
    `failed`; after a successful `retry` it is `completed`. `objects_done` and `bytes_done` are in the new location:
    they decrease during a rollback, whose progress is in `rollback`. `took_seconds` and `average_bytes_per_second`
    cover the whole migration and are set at the end.
    """

    id: str
    source: str
    target: str
    state: Literal["running", "paused", "completed", "failed", "cancelled", "rolling_back", "rolled_back", "planned"]
    objects_total: int
    bytes_total: int
    objects_done: int
    bytes_done: int
    objects_skipped: int
    failures: int
    objects_per_second: float | None
    bytes_per_second_now: float | None
    eta_seconds: float | None
    concurrency: int
    bytes_per_second: int | None
    verify: Literal["read", "checksum"]
    grace_seconds: int
    error: str | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    took_seconds: float | None
    average_bytes_per_second: float | None
    rollback: RollbackJson | None
    plan: dict[str, Any]


class MigrationListJson(BaseModel):
    """Newest first."""

    items: list[MigrationJson]


class ManifestJson(BaseModel):
    """What was moved. `sha256` is the SHA-256 of the sorted lines "object_id sha256 size"."""

    migration_id: str
    source: str
    target: str
    objects: int
    bytes: int
    sha256: str
    failures: int
    completed_at: datetime


class MigrationFailureJson(BaseModel):
    """An object that could not be moved, and why."""

    object_id: str
    key: str
    code: str
    reason: str
    attempts: int
    at: datetime


class MigrationFailureListJson(BaseModel):
    """One page, sorted by object id."""

    items: list[MigrationFailureJson]
    next_cursor: str | None


@router.post("/plan")
async def plan_migration(body: MigrationEndsBody, admin: SuperuserDep, runtime: RuntimeDep) -> MigrationPlanJson:
    """Plan a migration: count objects and measure speed; nothing is moved. The plan's id can be used to start the
    migration.
    """
    planned = await runtime.moving.migrations.plan(admin.user.username, body.source, body.target)
    return MigrationPlanJson(id=planned.id, source=planned.source_id, target=planned.target_id, **planned.plan)


@router.post("", status_code=status.HTTP_201_CREATED)
async def start_migration(body: NewMigrationBody, admin: SuperuserDep, runtime: RuntimeDep) -> MigrationJson:
    """Start moving all files from the source to the target; they stay available."""
    options = MigrationOptions(
        concurrency=body.concurrency,
        bytes_per_second=body.bytes_per_second,
        verify=body.verify,
        grace_seconds=body.grace_seconds,
    )
    started = await runtime.moving.migrations.start(
        admin.user.username, body.source, body.target, options, plan_id=body.plan_id
    )
    return migration_json(started)


@router.get("")
async def list_migrations(_admin: SuperuserDep, runtime: RuntimeDep) -> MigrationListJson:
    """List all migrations, newest first."""
    return MigrationListJson(items=[migration_json(view) for view in await runtime.moving.migrations.all()])


@router.get("/{migration_id}")
async def get_migration(migration_id: str, _admin: SuperuserDep, runtime: RuntimeDep) -> MigrationJson:
    """Get a migration."""
    return migration_json(await runtime.moving.migrations.get(migration_id))


@router.patch("/{migration_id}")
async def limit_migration(
    migration_id: str, body: MigrationLimitsBody, admin: SuperuserDep, runtime: RuntimeDep
) -> MigrationJson:
    """Change the limits of a running migration."""
    changes = body.model_dump(exclude_unset=True)
    return migration_json(await runtime.moving.migrations.limit(admin.user.username, migration_id, changes))


@router.post("/{migration_id}/{act}")
async def act_on_migration(
    migration_id: str,
    act: Literal["pause", "resume", "cancel", "rollback", "retry"],
    admin: SuperuserDep,
    runtime: RuntimeDep,
) -> MigrationJson:
    """Pause, resume, cancel or roll back a migration, or retry what failed."""
    return migration_json(await runtime.moving.migrations.act(admin.user.username, migration_id, act))


@router.get("/{migration_id}/manifest")
async def get_migration_manifest(migration_id: str, _admin: SuperuserDep, runtime: RuntimeDep) -> ManifestJson:
    """Get the manifest of what was moved, once the migration is complete."""
    manifest = (await runtime.moving.migrations.get(migration_id)).migration.manifest
    if manifest is None:
        raise NotFound("The migration is not complete, so there is no manifest yet.")
    return ManifestJson.model_validate(manifest)


@router.get("/{migration_id}/failures")
async def list_migration_failures(
    migration_id: str,
    _admin: SuperuserDep,
    runtime: RuntimeDep,
    cursor: str = "",
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
) -> MigrationFailureListJson:
    """List the objects that could not be moved, and why."""
    found = await runtime.moving.migrations.failures(migration_id, after=cursor, limit=limit + 1)
    items = [MigrationFailureJson.model_validate(one, from_attributes=True) for one in found[:limit]]
    return MigrationFailureListJson(items=items, next_cursor=items[-1].object_id if len(found) > limit else None)


def migration_json(view: MigrationView) -> MigrationJson:
    """The migration as the API and the command line show it."""
    row, back = view.migration, rollback_of(view.migration)
    total = max(int(row.plan["objects"]), row.objects_done)
    return MigrationJson(
        id=row.id,
        source=row.source_id,
        target=row.target_id,
        state=row.state,  # type: ignore[arg-type]  # one of these
        objects_total=total,
        bytes_total=max(int(row.plan["bytes"]), row.bytes_done),
        objects_done=row.objects_done,
        bytes_done=row.bytes_done,
        objects_skipped=row.objects_skipped,
        failures=view.failures,
        objects_per_second=row.objects_rate if row.state in WORKING else None,
        bytes_per_second_now=row.bytes_rate if row.state in WORKING else None,
        eta_seconds=view.eta_seconds(),
        concurrency=row.concurrency,
        bytes_per_second=row.bytes_per_second,
        verify=row.verify,  # type: ignore[arg-type]  # the same
        grace_seconds=row.grace_seconds,
        error=row.error if row.state != PLANNED else None,
        created_by=row.created_by,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        took_seconds=view.took_seconds(),
        average_bytes_per_second=view.average_bytes_per_second(),
        rollback=None if back is None else RollbackJson.model_validate(asdict(back)),
        plan={name: value for name, value in row.plan.items() if name != "rollback"},
    )
