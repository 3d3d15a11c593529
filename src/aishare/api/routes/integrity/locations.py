"""Routes of the storage locations. Administrators only."""

import json
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from aishare.api.http.deps import RuntimeDep, SuperuserDep
from aishare.api.routes.configuration import LocationJson
from aishare.services.integrity.locations import LocationState

router = APIRouter(prefix="/api/admin/locations", tags=["administration"])


class LocationStateJson(LocationJson):
    """A location, what it contains, and whether it responds. `sealed`: its settings are saved, so it stays readable
    when the settings change.
    """

    copies: int
    copy_bytes: int
    reachable: bool
    sealed: bool
    problem: str | None
    created_at: datetime
    profile: dict[str, Any] | None


class LocationListJson(BaseModel):
    """Oldest first."""

    items: list[LocationStateJson]


@router.get("")
async def list_locations(runtime: RuntimeDep, _admin: SuperuserDep) -> LocationListJson:
    """List every storage that has been active, and the spool."""
    return LocationListJson(items=[_location_json(one) for one in await runtime.integrity.locations.all()])


@router.post("/{location_id}/retire", status_code=204)
async def retire_location(location_id: str, runtime: RuntimeDep, admin: SuperuserDep) -> None:
    """Remove an empty location and its credentials."""
    await runtime.integrity.locations.retire(admin.user, location_id)


def _location_json(found: LocationState) -> LocationStateJson:
    row = found.content.location
    return LocationStateJson(
        id=row.id,
        kind=row.kind,
        label=row.label,
        state=row.state,
        objects=found.content.objects,
        bytes=found.content.bytes,
        copies=found.copies,
        copy_bytes=found.copy_bytes,
        reachable=found.reachable,
        sealed=found.sealed,
        problem=found.problem,
        created_at=row.created_at,
        profile=None if found.profile is None else json.loads(found.profile),
    )
