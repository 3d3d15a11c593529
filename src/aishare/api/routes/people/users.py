"""Routes to manage users. Administrators only."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from aishare.api.http.deps import RuntimeDep, SuperuserDep
from aishare.api.http.known import RequestBody
from aishare.api.routes.people.auth import Role
from aishare.catalogue.people.users import UserSummary
from aishare.services.people.user_admin import UserChanges
from aishare.services.people.users import NewUser

router = APIRouter(prefix="/api/admin/users", tags=["administration"])

Password = Annotated[str, Field(max_length=2000)]
DisplayName = Annotated[str, Field(max_length=1000)]


class UserAdminJson(BaseModel):
    """A user as seen by administrators. `last_seen_at` is the last use of a session that still exists."""

    id: str
    username: str
    display_name: str
    role: Role
    superuser: bool
    demo: bool
    disabled: bool
    disabled_at: datetime | None
    created_at: datetime
    last_seen_at: datetime | None
    has_password: bool
    files: int
    bytes: int


class UserListJson(BaseModel):
    """All users, by name."""

    items: list[UserAdminJson]


class NewUserBody(RequestBody):
    """Without a password, only demo users can sign in."""

    username: Annotated[str, Field(max_length=200)]
    display_name: DisplayName | None = None
    password: Password | None = None
    superuser: bool = False
    demo: bool = False


class ChangeUserBody(RequestBody):
    """Only the fields sent are changed."""

    display_name: DisplayName | None = None
    disabled: bool | None = None
    superuser: bool | None = None
    demo: bool | None = None
    password: Password | None = None


@router.get("")
async def list_users(runtime: RuntimeDep, _admin: SuperuserDep) -> UserListJson:
    """List all users."""
    return UserListJson(items=[_json(summary) for summary in await runtime.people.user_admin.all()])


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_user(body: NewUserBody, runtime: RuntimeDep, admin: SuperuserDep) -> UserAdminJson:
    """Create a user; 409 if the name is taken."""
    return _json(await runtime.people.user_admin.create(admin.user, NewUser(**body.model_dump())))


@router.patch("/{user_id}")
async def change_user(user_id: str, body: ChangeUserBody, runtime: RuntimeDep, admin: SuperuserDep) -> UserAdminJson:
    """Change a user; 409 if no administrator would be left. A new password or disabling the user ends all sessions."""
    return _json(await runtime.people.user_admin.change(admin.user, user_id, UserChanges(**body.model_dump())))


def _json(summary: UserSummary) -> UserAdminJson:
    user = summary.user
    return UserAdminJson(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        role="superuser" if user.is_superuser else "user",
        superuser=user.is_superuser,
        demo=user.is_demo,
        disabled=user.disabled_at is not None,
        disabled_at=user.disabled_at,
        created_at=user.created_at,
        last_seen_at=summary.last_seen_at,
        has_password=summary.has_password,
        files=summary.files,
        bytes=summary.bytes,
    )
