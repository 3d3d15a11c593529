"""Routes of integrity checks and damaged files. Administrators only."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, Field

from aishare.api.http.deps import RuntimeDep, SuperuserDep
from aishare.api.http.known import RequestBody
from aishare.catalogue.content.damages import DamagedFile
from aishare.catalogue.integrity.scrubs import Scrub
from aishare.services.integrity.scrubs import ALL, ScrubOptions, progress_of

router = APIRouter(prefix="/api/admin", tags=["administration"])


class NewScrubBody(RequestBody):
    """The percentage of files to read, and the location; all locations if left out."""

    percent: Annotated[int, Field(ge=1, le=ALL)] = ALL
    location: str | None = None


class ScrubJson(BaseModel):
    """An integrity check and its progress: objects and bytes read, and the number of damaged objects. `progress` is
    from 0 to 1.
    """

    id: str
    state: Literal["running", "completed", "cancelled"]
    percent: int
    location: str | None
    progress: float
    objects: int
    bytes: int
    damages: int
    created_by: str
    created_at: datetime
    finished_at: datetime | None


class ScrubListJson(BaseModel):
    """Newest first."""

    items: list[ScrubJson]


class DamagedFileJson(BaseModel):
    """The damaged file and its owner."""

    id: str
    path: str
    owner: str


class DamageJson(BaseModel):
    """An object that is missing or damaged; `code` is `object_not_found`, `object_corrupt` or another storage error."""

    object_id: str
    file: DamagedFileJson | None
    location_id: str
    key: str
    code: str
    reason: str
    found_at: datetime


class DamageListJson(BaseModel):
    """Sorted by owner and path; `more` is true if there are more than the limit."""

    items: list[DamageJson]
    more: bool


@router.post("/scrubs", status_code=status.HTTP_201_CREATED)
async def start_scrub(body: NewScrubBody, admin: SuperuserDep, runtime: RuntimeDep) -> ScrubJson:
    """Start an integrity check: read files back and compare them with their SHA-256, in the background."""
    options = ScrubOptions(percent=body.percent, location_id=body.location)
    return scrub_json(await runtime.integrity.scrubs.start(admin.user.username, options))


@router.get("/scrubs")
async def list_scrubs(_admin: SuperuserDep, runtime: RuntimeDep) -> ScrubListJson:
    """List all integrity checks, running and ended."""
    return ScrubListJson(items=[scrub_json(scrub) for scrub in await runtime.integrity.scrubs.all()])


@router.get("/scrubs/{scrub_id}")
async def get_scrub(scrub_id: str, _admin: SuperuserDep, runtime: RuntimeDep) -> ScrubJson:
    """Get the progress of an integrity check."""
    return scrub_json(await runtime.integrity.scrubs.get(scrub_id))


@router.post("/scrubs/{scrub_id}/cancel")
async def cancel_scrub(scrub_id: str, admin: SuperuserDep, runtime: RuntimeDep) -> ScrubJson:
    """Stop an integrity check; the damage found so far stays listed."""
    return scrub_json(await runtime.integrity.scrubs.cancel(admin.user.username, scrub_id))


@router.get("/damages")
async def list_damages(
    _admin: SuperuserDep, runtime: RuntimeDep, *, limit: Annotated[int, Query(ge=1, le=10_000)] = 200
) -> DamageListJson:
    """List the files found to be damaged by a check or a download. Files that are intact again are left out."""
    found = await runtime.integrity.scrubs.damages(limit=limit + 1)
    return DamageListJson(items=[damage_json(one) for one in found[:limit]], more=len(found) > limit)


def scrub_json(scrub: Scrub) -> ScrubJson:
    """The check as the API and the command line show it."""
    return ScrubJson(
        id=scrub.id,
        state=scrub.state,  # type: ignore[arg-type]  # one of these
        percent=scrub.percent,
        location=scrub.location_id,
        progress=progress_of(scrub),
        objects=scrub.objects,
        bytes=scrub.bytes,
        damages=scrub.damages,
        created_by=scrub.created_by,
        created_at=scrub.created_at,
        finished_at=scrub.finished_at,
    )


def damage_json(found: DamagedFile) -> DamageJson:
    """The damage as the API and the command line show it."""
    file = None
    if found.file_id is not None:
        file = DamagedFileJson(id=found.file_id, path=found.path or "", owner=found.owner or "")
    damage = found.damage
    return DamageJson(
        object_id=damage.object_id,
        file=file,
        location_id=damage.location_id,
        key=damage.key,
        code=damage.code,
        reason=damage.reason,
        found_at=damage.found_at,
    )
