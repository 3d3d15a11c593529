"""Moving all files from one storage to another. Superusers only."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from aishare.api.deps import RuntimeDep, SuperuserDep
from aishare.services.migrations import Progress, Wishes

router = APIRouter(prefix="/api/admin/migrations", tags=["administration"])

_FAILURES_PAGE = 100


class PlanRequest(BaseModel):
    """Ids of locations; the target is the active one."""

    source: str
    target: str


class MigrationRequest(PlanRequest):
    """`verify`: prove the target by reading all of it back, or by the checksums of the upload itself."""

    plan_id: str | None = None
    concurrency: int = Field(6, ge=1, le=64)
    bytes_per_second: int | None = Field(None, ge=1)
    verify: Literal["read", "checksum"] = "read"
    grace_seconds: int = Field(86_400, ge=0)


class LimitsRequest(BaseModel):
    """Both are set; null lifts the limit."""

    concurrency: int = Field(ge=1, le=64)
    bytes_per_second: int | None = Field(None, ge=1)


class PlanJson(BaseModel):
    """What a migration would do; `missing` and `corrupt` are objects that are known to be so already."""

    id: str
    source: str
    target: str
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


class MigrationJson(BaseModel):
    """A migration and how far it is. Rates are averages since it began; `bytes_per_second` is the limit."""

    id: str
    source: str
    target: str
    state: str
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
    verify: str
    grace_seconds: int
    error: str | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    plan: PlanJson


class MigrationListJson(BaseModel):
    """The newest first."""

    items: list[MigrationJson]


class FailureJson(BaseModel):
    """An object that could not be moved; it is where it was."""

    object_id: str
    key: str
    code: str
    reason: str
    attempts: int
    at: datetime


class FailureListJson(BaseModel):
    """One page."""

    items: list[FailureJson]
    next_cursor: str | None


class ManifestJson(BaseModel):
    """What was moved. `sha256` is that of lines `<object id> <SHA-256 in hex> <size>`, in the order of ids."""

    migration_id: str
    source: str
    target: str
    objects: int
    bytes: int
    sha256: str
    failures: int
    completed_at: datetime


@router.post("/plan")
async def plan(body: PlanRequest, runtime: RuntimeDep, admin: SuperuserDep) -> PlanJson:
    """Counts, and copies a few objects to learn how fast it goes. Changes nothing."""
    return _plan_json(await runtime.migrations.plan(admin.user, body.source, body.target))


@router.post("", status_code=201)
async def start(body: MigrationRequest, runtime: RuntimeDep, admin: SuperuserDep) -> MigrationJson:
    """Start moving. New files go to the target already; every file stays readable all the time."""
    wishes = Wishes(body.concurrency, body.bytes_per_second, body.verify, body.grace_seconds)
    return _migration_json(
        await runtime.migrations.start(admin.user, body.source, body.target, wishes, plan_id=body.plan_id)
    )


@router.get("")
async def migrations(runtime: RuntimeDep, _admin: SuperuserDep) -> MigrationListJson:
    """All that were ever started."""
    return MigrationListJson(items=[_migration_json(one) for one in await runtime.migrations.all()])


@router.get("/{migration_id}")
async def migration(migration_id: str, runtime: RuntimeDep, _admin: SuperuserDep) -> MigrationJson:
    """How far it is."""
    return _migration_json(await runtime.migrations.get(migration_id))


@router.patch("/{migration_id}")
async def limit(migration_id: str, body: LimitsRequest, runtime: RuntimeDep, admin: SuperuserDep) -> MigrationJson:
    """New limits, also while it runs: they count within a second."""
    return _migration_json(
        await runtime.migrations.change(
            admin.user, migration_id, concurrency=body.concurrency, bytes_per_second=body.bytes_per_second
        )
    )


@router.post("/{migration_id}/pause")
async def pause(migration_id: str, runtime: RuntimeDep, admin: SuperuserDep) -> MigrationJson:
    """Finish what is being copied, then rest."""
    return _migration_json(await runtime.migrations.pause(admin.user, migration_id))


@router.post("/{migration_id}/resume")
async def resume(migration_id: str, runtime: RuntimeDep, admin: SuperuserDep) -> MigrationJson:
    """Go on where it was."""
    return _migration_json(await runtime.migrations.resume(admin.user, migration_id))


@router.post("/{migration_id}/cancel")
async def cancel(migration_id: str, runtime: RuntimeDep, admin: SuperuserDep) -> MigrationJson:
    """End it. What was moved stays moved."""
    return _migration_json(await runtime.migrations.cancel(admin.user, migration_id))


@router.post("/{migration_id}/rollback")
async def rollback(migration_id: str, runtime: RuntimeDep, admin: SuperuserDep) -> MigrationJson:
    """Objects whose bytes still lie in the source go back to them."""
    return _migration_json(await runtime.migrations.roll_back(admin.user, migration_id))


@router.post("/{migration_id}/retry")
async def retry(migration_id: str, runtime: RuntimeDep, admin: SuperuserDep) -> MigrationJson:
    """Try what failed once more."""
    return _migration_json(await runtime.migrations.retry(admin.user, migration_id))


@router.get("/{migration_id}/manifest")
async def manifest(migration_id: str, runtime: RuntimeDep, _admin: SuperuserDep) -> ManifestJson:
    """The record of a migration that has ended; 404 before."""
    return ManifestJson(**await runtime.migrations.manifest(migration_id))


@router.get("/{migration_id}/failures")
async def failures(
    migration_id: str,
    runtime: RuntimeDep,
    _admin: SuperuserDep,
    cursor: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = _FAILURES_PAGE,
) -> FailureListJson:
    """Objects that could not be moved, and why."""
    found = await runtime.migrations.failures(migration_id, after=cursor, limit=limit)
    items = [FailureJson.model_validate(one, from_attributes=True) for one in found]
    return FailureListJson(items=items, next_cursor=found[-1].object_id if len(found) == limit else None)


def _plan_json(progress: Progress) -> PlanJson:
    row = progress.migration
    return PlanJson(id=row.id, source=row.source_id, target=row.target_id, **progress.plan)


def _migration_json(progress: Progress) -> MigrationJson:
    row = progress.migration
    same: dict[str, Any] = {
        name: getattr(row, name) for name in MigrationJson.model_fields if name != "plan" and hasattr(row, name)
    }
    return MigrationJson(
        **same,
        source=row.source_id,
        target=row.target_id,
        objects_total=progress.plan["objects"],
        bytes_total=progress.plan["bytes"],
        failures=progress.failures,
        objects_per_second=progress.objects_per_second,
        bytes_per_second_now=progress.bytes_per_second,
        eta_seconds=progress.eta_seconds,
        plan=_plan_json(progress),
    )
