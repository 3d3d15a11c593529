"""Routes for a user's own account: name, password, sessions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.callers import origin_of
from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.api.http.session_cookie import drop_session
from aishare.api.routes.people.auth import UserJson, user_json
from aishare.catalogue.people.sessions import Caller, Session

router = APIRouter(prefix="/api/auth", tags=["people"])


class ChangeMeBody(RequestBody):
    """The new display name."""

    display_name: Annotated[str, Field(max_length=1000)]


class ChangePasswordBody(RequestBody):
    """Passwords have at least 8 characters."""

    current_password: Annotated[str, Field(max_length=2000)]
    new_password: Annotated[str, Field(max_length=2000)]


class SessionJson(BaseModel):
    """One of your sessions. `current` is the one that sent this request; `expires_at` is fixed, regardless of use."""

    id: str
    current: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


class SessionListJson(BaseModel):
    """All your sessions, most recently used first."""

    items: list[SessionJson]


@router.patch("/me")
async def change_me(body: ChangeMeBody, caller: CallerDep, runtime: RuntimeDep) -> UserJson:
    """Change your display name."""
    return user_json(await runtime.people.users.rename(caller.user, body.display_name))


@router.post("/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(body: ChangePasswordBody, request: Request, caller: CallerDep, runtime: RuntimeDep) -> None:
    """Change your password. Other sessions end, API tokens stay valid. 401 `wrong_credentials` if the current one is
    wrong.
    """
    await runtime.people.users.change_password(
        caller, body.current_password, body.new_password, origin=origin_of(request.scope, runtime)
    )


@router.get("/sessions")
async def list_sessions(caller: CallerDep, runtime: RuntimeDep) -> SessionListJson:
    """List your sessions."""
    sessions = await runtime.people.sessions.sessions_of(caller.user)
    return SessionListJson(items=[_session_json(session, caller) for session in sessions])


@router.delete("/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT)
async def end_session(
    session_id: str, request: Request, response: Response, caller: CallerDep, runtime: RuntimeDep
) -> None:
    """End one of your sessions; ending the current one signs you out."""
    await runtime.people.sessions.end_one(caller.user, session_id)
    if session_id == caller.session_id:
        drop_session(response, request.scope)


def _session_json(session: Session, caller: Caller) -> SessionJson:
    return SessionJson(
        id=session.id,
        current=session.id == caller.session_id,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        address=session.address,
        user_agent=session.user_agent,
    )
