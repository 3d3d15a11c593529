"""User search, to find people to share with."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.routes.sharing.shares import PersonJson, person_json

router = APIRouter(prefix="/api/users", tags=["people"])


class PersonListJson(BaseModel):
    """At most ten."""

    items: list[PersonJson]


@router.get("/search")
async def search_users(
    caller: CallerDep, runtime: RuntimeDep, *, q: Annotated[str, Query(max_length=200)] = ""
) -> PersonListJson:
    """Find users whose name or display name contains `q`, except yourself and disabled users."""
    return PersonListJson(items=[person_json(person) for person in await runtime.people.users.search(caller, q)])
