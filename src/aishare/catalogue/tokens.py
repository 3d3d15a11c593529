"""API tokens, known by the SHA-256 of their secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from aishare.catalogue import schema
from aishare.catalogue.session import Lookup
from aishare.catalogue.sessions import Caller
from aishare.catalogue.users import USER_COLUMNS, User

_table = schema.api_tokens


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token without its secret."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def _caller(row: Sequence[Any]) -> Caller:
    *user, token_id, expires_at, last_used_at = row
    return Caller(User(*user), token_id=token_id, expires_at=expires_at, last_seen_at=last_used_at)


CALLER_BY_TOKEN: Final = Lookup(
    select(*USER_COLUMNS, _table.c.id, _table.c.expires_at, _table.c.last_used_at)
    .join_from(_table, schema.users)
    .where(_table.c.token_hash == bindparam("token_hash")),
    _caller,
)


def insert_token(  # noqa: PLR0913 - the columns
    connection: Connection,
    *,
    token_id: str,
    user_id: str,
    name: str,
    token_hash: bytes,
    now: datetime,
    expires_at: datetime | None,
) -> ApiToken:
    """A new token."""
    connection.execute(
        insert(_table).values(
            id=token_id, user_id=user_id, name=name, token_hash=token_hash, created_at=now, expires_at=expires_at
        )
    )
    return ApiToken(token_id, name, now, expires_at, None)


def list_tokens(connection: Connection, user_id: str) -> list[ApiToken]:
    """The newest first."""
    columns = (_table.c.id, _table.c.name, _table.c.created_at, _table.c.expires_at, _table.c.last_used_at)
    statement = select(*columns).where(_table.c.user_id == user_id)
    return [ApiToken(*row) for row in connection.execute(statement.order_by(_table.c.created_at.desc(), _table.c.id))]


def delete_token(connection: Connection, *, token_id: str, user_id: str) -> str | None:
    """The name that it had; None if this user had no such token."""
    statement = delete(_table).where(_table.c.id == token_id, _table.c.user_id == user_id).returning(_table.c.name)
    name: str | None = connection.execute(statement).scalar_one_or_none()
    return name


def touch_token(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """It was used."""
    connection.execute(update(_table).where(_table.c.token_hash == token_hash).values(last_used_at=now))
