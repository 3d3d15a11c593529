"""The list of background jobs. Administrators only."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from aishare.api.http.deps import RuntimeDep, SuperuserDep
from aishare.catalogue.integrity.scrubs import Scrub
from aishare.services.integrity.scrubs import progress_of
from aishare.services.moving.migrations import MigrationView

router = APIRouter(prefix="/api/admin/jobs", tags=["administration"])


class JobJson(BaseModel):
    """A background job; `progress` is from 0 to 1, or null if unknown."""

    id: str
    kind: str
    state: str
    progress: float | None
    created_at: datetime
    finished_at: datetime | None
    detail: str


class JobListJson(BaseModel):
    """Newest first."""

    items: list[JobJson]


@router.get("")
async def list_jobs(_admin: SuperuserDep, runtime: RuntimeDep) -> JobListJson:
    """List all background jobs, running and ended."""
    jobs = [*map(_migration, await runtime.moving.migrations.all()), *map(_scrub, await runtime.integrity.scrubs.all())]
    return JobListJson(items=sorted(jobs, key=lambda job: job.created_at, reverse=True))


def _migration(view: MigrationView) -> JobJson:
    row = view.migration
    total = int(row.plan["objects"])
    return JobJson(
        id=row.id,
        kind="migration",
        state=row.state,
        progress=min((row.objects_done + row.objects_skipped) / total, 1.0) if total else None,
        created_at=row.created_at,
        finished_at=row.finished_at,
        detail=f"{row.objects_done:,} of {total:,} objects moved, {view.failures:,} failures",
    )


def _scrub(scrub: Scrub) -> JobJson:
    return JobJson(
        id=scrub.id,
        kind="scrub",
        state=scrub.state,
        progress=progress_of(scrub),
        created_at=scrub.created_at,
        finished_at=scrub.finished_at,
        detail=f"{scrub.objects:,} objects read, {scrub.damages:,} damaged",
    )
