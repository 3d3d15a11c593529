"""Removing bytes that no file needs any more. Superusers only."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from aishare.api.deps import RuntimeDep, SuperuserDep
from aishare.api.known import Body

router = APIRouter(prefix="/api/admin/garbage", tags=["administration"])


class GarbagePlanJson(BaseModel):
    """Orphans are bytes that no file has, older than a day; leftovers temporary files and unfinished uploads.

    `oldest` is when the oldest orphan was written. `skipped` says which locations were left out, and why.
    """

    id: str
    orphans: int
    bytes: int
    leftovers: int
    oldest: datetime | None
    skipped: list[str]


class CollectBody(Body):
    """The id of a plan."""

    plan_id: str


class CollectedJson(BaseModel):
    """Orphans that are gone, their bytes, and leftovers that are gone."""

    deleted: int
    bytes: int
    leftovers: int


@router.post("/plan")
async def plan_garbage(_admin: SuperuserDep, runtime: RuntimeDep) -> GarbagePlanJson:
    """Look for what could be deleted, in all locations. Deletes nothing."""
    return GarbagePlanJson.model_validate(await runtime.garbage.plan(), from_attributes=True)


@router.post("")
async def collect_garbage(body: CollectBody, admin: SuperuserDep, runtime: RuntimeDep) -> CollectedJson:
    """Delete what the plan names; what is no garbage any more stays."""
    collected = await runtime.garbage.collect(admin.user.username, body.plan_id)
    return CollectedJson.model_validate(collected, from_attributes=True)
