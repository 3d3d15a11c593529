"""Routes to find and delete unused objects. Administrators only."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from aishare.api.http.deps import RuntimeDep, SuperuserDep
from aishare.api.http.known import RequestBody

router = APIRouter(prefix="/api/admin/garbage", tags=["administration"])


class GarbagePlanJson(BaseModel):
    """`orphans` are unused objects older than a day; `leftovers` are temporary files and unfinished uploads. `oldest`
    is when the oldest unused object was written. `skipped` lists the locations that were left out, and why.
    """

    id: str
    orphans: int
    bytes: int
    leftovers: int
    oldest: datetime | None
    skipped: list[str]


class CollectBody(RequestBody):
    """The id of a plan."""

    plan_id: str


class CollectedJson(BaseModel):
    """The number of unused objects deleted, their bytes, and the temporary files and unfinished uploads deleted."""

    deleted: int
    bytes: int
    leftovers: int


@router.post("/plan")
async def plan_garbage(_admin: SuperuserDep, runtime: RuntimeDep) -> GarbagePlanJson:
    """Find unused objects in all locations. Nothing is deleted."""
    return GarbagePlanJson.model_validate(await runtime.integrity.garbage.plan(), from_attributes=True)


@router.post("")
async def collect_garbage(body: CollectBody, admin: SuperuserDep, runtime: RuntimeDep) -> CollectedJson:
    """Delete the unused objects in the plan, except any that are in use again."""
    collected = await runtime.integrity.garbage.collect(admin.user.username, body.plan_id)
    return CollectedJson.model_validate(collected, from_attributes=True)
