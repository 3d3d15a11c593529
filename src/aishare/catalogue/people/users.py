"""Users."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, Select, func, insert, select, text, update

from aishare.catalogue import schema
from aishare.core.errors import Conflict


@dataclass(frozen=True, slots=True)
class User:
    """A user, without the password."""

    id: str
    username: str
    display_name: str
    is_superuser: bool
    is_demo: bool
    disabled_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A user as other users see one."""

    id: str
    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class UserWithPassword:
    """For signing in. Without a hash, signing in with a password is not possible."""

    user: User
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class UserSummary:
    """For administrators. `last_seen_at` is the last use of a session that still exists."""

    user: User
    has_password: bool
    last_seen_at: datetime | None
    files: int
    bytes: int


_table = schema.users
USER_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.id,
    _table.c.username,
    _table.c.display_name,
    _table.c.is_superuser,
    _table.c.is_demo,
    _table.c.disabled_at,
    _table.c.created_at,
)
"""Columns of a User, in the order of its fields."""


def username_key(username: str) -> str:
    """The unique form of a name: "Ada" and "ada" are the same user."""
    return unicodedata.normalize("NFKC", username).casefold()


def insert_user(  # noqa: PLR0913 - the columns
    connection: Connection,
    *,
    user_id: str,
    username: str,
    display_name: str,
    password_hash: str | None,
    is_superuser: bool,
    is_demo: bool,
    now: datetime,
) -> User:
    """Conflict if the name is taken."""
    if user_by_name(connection, username) is not None:
        raise Conflict(f"A user named {username!r} already exists.")
    connection.execute(
        insert(_table).values(
            id=user_id,
            username=username,
            username_key=username_key(username),
            display_name=display_name,
            password_hash=password_hash,
            is_superuser=is_superuser,
            is_demo=is_demo,
            created_at=now,
        )
    )
    connection.execute(insert(schema.usage).values(owner_id=user_id, bytes=0, count=0))
    return User(user_id, username, display_name, is_superuser, is_demo, None, now)


def user_by_name(connection: Connection, username: str) -> UserWithPassword | None:
    """The user with this name, ignoring case."""
    statement = select(*USER_COLUMNS, _table.c.password_hash).where(_table.c.username_key == username_key(username))
    row = connection.execute(statement).first()
    return None if row is None else UserWithPassword(User(*row[:-1]), row[-1])


def user_by_id(connection: Connection, user_id: str) -> UserWithPassword | None:
    """The user with this id."""
    row = connection.execute(select(*USER_COLUMNS, _table.c.password_hash).where(_table.c.id == user_id)).first()
    return None if row is None else UserWithPassword(User(*row[:-1]), row[-1])


def list_demo_users(connection: Connection, *, include_superusers: bool) -> list[User]:
    """Enabled demo users by name, administrators last."""
    statement = select(*USER_COLUMNS).where(_table.c.is_demo, _table.c.disabled_at.is_(None))
    if not include_superusers:
        statement = statement.where(~_table.c.is_superuser)
    rows = connection.execute(statement.order_by(_table.c.is_superuser, _table.c.username_key))
    return [User(*row) for row in rows]


def list_users(connection: Connection) -> list[User]:
    """All users by name."""
    return [User(*row) for row in connection.execute(select(*USER_COLUMNS).order_by(_table.c.username_key))]


def search_people(connection: Connection, text: str, *, but: str, limit: int) -> list[Person]:
    """Enabled users whose name or display name contains the text, ignoring case; names that begin with it first.

    Compared here and not by the database, because SQLite only folds the case of ASCII.
    """
    wanted = username_key(text.strip())
    columns = (_table.c.id, _table.c.username, _table.c.display_name)
    others = select(*columns).where(_table.c.disabled_at.is_(None), _table.c.id != but)
    found: list[tuple[bool, Person]] = []
    for row in connection.execute(others.order_by(_table.c.username_key)):
        keys = (username_key(row.username), username_key(row.display_name))
        if any(wanted in key for key in keys):
            found.append((not any(key.startswith(wanted) for key in keys), Person(*row)))
    return [person for _, person in sorted(found, key=lambda item: item[0])[:limit]]


def list_summaries(connection: Connection) -> list[UserSummary]:
    """All users by name."""
    rows = connection.execute(_summaries().order_by(_table.c.username_key))
    return [_summary(row) for row in rows]


def summary_of(connection: Connection, user_id: str) -> UserSummary:
    """The user with this id, who must exist."""
    return _summary(connection.execute(_summaries().where(_table.c.id == user_id)).one())


def _summaries() -> Select[Any]:
    sessions = schema.sessions.c
    seen = select(func.max(sessions.last_seen_at)).where(sessions.user_id == _table.c.id).scalar_subquery()
    usage = schema.usage.c
    columns = (*USER_COLUMNS, _table.c.password_hash.is_not(None), seen, usage.count, usage.bytes)
    return select(*columns).join(schema.usage, usage.owner_id == _table.c.id)


def _summary(row: Row[Any]) -> UserSummary:
    values = tuple(row)
    has_password, last_seen_at, files, size_bytes = values[-4:]
    return UserSummary(User(*values[:-4]), bool(has_password), last_seen_at, files, size_bytes)


def count_users(connection: Connection) -> int:
    """The number of users."""
    return connection.execute(select(func.count()).select_from(_table)).scalar_one()


def superuser_exists(connection: Connection) -> bool:
    """Whether there is an administrator, including disabled ones."""
    return connection.execute(select(_table.c.id).where(_table.c.is_superuser).limit(1)).first() is not None


def enabled_superuser_exists(connection: Connection) -> bool:
    """Whether there is an enabled administrator."""
    enabled = _table.c.is_superuser & _table.c.disabled_at.is_(None)
    return connection.execute(select(_table.c.id).where(enabled).limit(1)).first() is not None


def lock_users(connection: Connection) -> None:
    """Nobody else can add or change users until the transaction ends. SQLite has only one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))


def set_display_name(connection: Connection, user_id: str, display_name: str) -> None:
    """Changes the name that others see."""
    connection.execute(update(_table).where(_table.c.id == user_id).values(display_name=display_name))


def set_flags(connection: Connection, user_id: str, *, is_superuser: bool | None, is_demo: bool | None) -> None:
    """None leaves a flag unchanged."""
    flags = {"is_superuser": is_superuser, "is_demo": is_demo}
    wanted = {name: flag for name, flag in flags.items() if flag is not None}
    connection.execute(update(_table).where(_table.c.id == user_id).values(**wanted))


def set_password(connection: Connection, user_id: str, password_hash: str) -> None:
    """Only this password is valid from now on."""
    connection.execute(update(_table).where(_table.c.id == user_id).values(password_hash=password_hash))


def replace_password(connection: Connection, user_id: str, *, known_hash: str, password_hash: str) -> bool:
    """Changes the password if it is still the one that was checked; returns whether it was."""
    known = (_table.c.id == user_id) & (_table.c.password_hash == known_hash)
    return connection.execute(update(_table).where(known).values(password_hash=password_hash)).rowcount > 0


def set_disabled(connection: Connection, user_id: str, *, disabled_at: datetime | None) -> None:
    """Disables or enables the user."""
    connection.execute(update(_table).where(_table.c.id == user_id).values(disabled_at=disabled_at))
