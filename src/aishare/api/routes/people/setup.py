"""First run: creating the first administrator with the link from the console."""

from typing import Annotated

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.callers import refuse_cross_origin
from aishare.api.http.deps import RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.api.routes.people.auth import UserJson, start_session, user_json

router = APIRouter(prefix="/api/auth/setup", tags=["auth"])


class SetupStateJson(BaseModel):
    """Whether setup is open and the link from the console is valid."""

    needed: bool


class SetupBody(RequestBody):
    """`token` is the part of the link after the #."""

    token: Annotated[str, Field(max_length=200)]
    username: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=2000)]
    display_name: Annotated[str, Field(max_length=1000)] | None = None


@router.get("")
async def get_setup_state(runtime: RuntimeDep) -> SetupStateJson:
    """Whether the first administrator still has to be created."""
    return SetupStateJson(needed=await runtime.people.setup.needed())


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_first_administrator(
    body: SetupBody, request: Request, response: Response, runtime: RuntimeDep
) -> UserJson:
    """Create the first administrator and sign in; 404 if there is one already, 403 for a wrong token."""
    refuse_cross_origin(request.scope, runtime)
    user = await runtime.people.setup.complete(
        body.token,
        username=body.username,
        password=body.password,
        display_name=body.display_name,
    )
    await start_session(user, request, response, runtime)
    return user_json(user)
