"""Signing in and out, and the demo users of the sign-in page."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.callers import address_of, is_local, origin_of, refuse_cross_origin
from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.api.http.session_cookie import drop_session, session_secrets, set_session
from aishare.catalogue.people.users import User
from aishare.core.errors import NotFound
from aishare.runtime import Runtime
from aishare.services.people.sessions import ClientInfo

router = APIRouter(prefix="/api/auth", tags=["auth"])

Role = Literal["user", "superuser"]


class UserJson(BaseModel):
    """The signed-in user."""

    id: str
    username: str
    display_name: str
    role: Role
    demo: bool


class DemoUserJson(BaseModel):
    """A demo user on the sign-in page."""

    username: str
    display_name: str
    role: Role


class LoginBody(RequestBody):
    """User name and password."""

    username: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=2000)]


class DemoLoginBody(RequestBody):
    """The demo user to sign in as."""

    username: Annotated[str, Field(max_length=200)]


def user_json(user: User) -> UserJson:
    """The user as the API shows it."""
    return UserJson(
        id=user.id, username=user.username, display_name=user.display_name, role=_role(user), demo=user.is_demo
    )


@router.post("/login")
async def log_in(body: LoginBody, request: Request, response: Response, runtime: RuntimeDep) -> UserJson:
    """Sign in with user name and password; the response sets the session cookie."""
    refuse_cross_origin(request.scope, runtime)
    user = await runtime.people.users.sign_in(body.username, body.password, origin=origin_of(request.scope, runtime))
    await start_session(user, request, response, runtime)
    return user_json(user)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(request: Request, response: Response, runtime: RuntimeDep) -> None:
    """Sign out; without a session, nothing happens."""
    refuse_cross_origin(request.scope, runtime)
    for secret in session_secrets(request.scope):
        await runtime.people.sessions.end(secret)
    drop_session(response, request.scope)


@router.get("/me")
async def get_me(caller: CallerDep) -> UserJson:
    """The signed-in user."""
    return user_json(caller.user)


@router.get("/demo-users")
async def list_demo_users(request: Request, runtime: RuntimeDep) -> list[DemoUserJson]:
    """List the demo users; 404 without DEMO_MODE."""
    _require_demo(runtime)
    offered = await runtime.people.users.demo_users(include_superusers=_offers_superusers(request, runtime))
    return [DemoUserJson(username=user.username, display_name=user.display_name, role=_role(user)) for user in offered]


@router.post("/demo-login")
async def log_in_demo_user(body: DemoLoginBody, request: Request, response: Response, runtime: RuntimeDep) -> UserJson:
    """Sign in as a demo user, without a password; 404 without DEMO_MODE."""
    _require_demo(runtime)
    refuse_cross_origin(request.scope, runtime)
    user = await runtime.people.users.demo_sign_in(
        body.username, include_superusers=_offers_superusers(request, runtime)
    )
    await start_session(user, request, response, runtime)
    return user_json(user)


def _role(user: User) -> Role:
    return "superuser" if user.is_superuser else "user"


def _require_demo(runtime: Runtime) -> None:
    if not runtime.settings.demo_mode:
        raise NotFound("There are no demo users.", hint="Demo users exist only in demo mode.")


def _offers_superusers(request: Request, runtime: Runtime) -> bool:
    return runtime.settings.listens_on_loopback and is_local(request.scope)


async def start_session(user: User, request: Request, response: Response, runtime: Runtime) -> None:
    """Adds the session cookie to the response."""
    client = ClientInfo(address_of(request.scope), request.headers.get("user-agent", ""))
    secret = await runtime.people.sessions.start(user, client)
    set_session(response, request.scope, secret, max_age_seconds=runtime.people.sessions.max_age_seconds)
