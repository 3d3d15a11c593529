"""API tokens, stored under the SHA-256 of their secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from aishare.catalogue import schema
from aishare.catalogue.database.session import Lookup
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.people.users import USER_COLUMNS, User
from aishare.core.tokens import TokenScope, ordered_scopes

_table = schema.api_tokens


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token without its secret. Without `scopes` it may do everything its owner may; `folder` is the only folder it
    can access.
    """

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    scopes: tuple[TokenScope, ...] | None
    folder: str | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be created."""

    id: str
    user_id: str
    name: str
    token_hash: bytes
    created_at: datetime
    expires_at: datetime | None
    scopes: tuple[TokenScope, ...] | None = None
    folder: str | None = None


def _caller(row: Sequence[Any]) -> Caller:
    *user, token_id, expires_at, last_used_at, scopes, folder = row
    return Caller(
        User(*user),
        token_id=token_id,
        expires_at=expires_at,
        last_seen_at=last_used_at,
        scopes=None if scopes is None else frozenset(scopes.split()),
        folder=folder,
    )


CALLER_BY_TOKEN: Final = Lookup(
    select(*USER_COLUMNS, _table.c.id, _table.c.expires_at, _table.c.last_used_at, _table.c.scopes, _table.c.folder)
    .join_from(_table, schema.users)
    .where(_table.c.token_hash == bindparam("token_hash")),
    _caller,
)


_COLUMNS: Final = (
    _table.c.id,
    _table.c.name,
    _table.c.created_at,
    _table.c.expires_at,
    _table.c.last_used_at,
    _table.c.scopes,
    _table.c.folder,
)


def _token(row: Sequence[Any]) -> ApiToken:
    token_id, name, created_at, expires_at, last_used_at, words, folder = row
    scopes = None if words is None else ordered_scopes(words.split())
    return ApiToken(token_id, name, created_at, expires_at, last_used_at, scopes, folder)


def insert_token(connection: Connection, new: NewToken) -> ApiToken:
    """It has not been used yet."""
    scopes = None if new.scopes is None else " ".join(new.scopes)
    connection.execute(
        insert(_table).values(
            id=new.id,
            user_id=new.user_id,
            name=new.name,
            token_hash=new.token_hash,
            created_at=new.created_at,
            expires_at=new.expires_at,
            scopes=scopes,
            folder=new.folder,
        )
    )
    return ApiToken(new.id, new.name, new.created_at, new.expires_at, None, new.scopes, new.folder)


def list_tokens(connection: Connection, user_id: str) -> list[ApiToken]:
    """Newest first."""
    statement = select(*_COLUMNS).where(_table.c.user_id == user_id)
    return [_token(row) for row in connection.execute(statement.order_by(_table.c.created_at.desc(), _table.c.id))]


def list_all_tokens(connection: Connection) -> list[tuple[str, ApiToken]]:
    """With the names of their owners; by owner, newest first."""
    statement = select(schema.users.c.username, *_COLUMNS).join_from(_table, schema.users)
    order = (schema.users.c.username_key, _table.c.created_at.desc(), _table.c.id)
    return [(row[0], _token(row[1:])) for row in connection.execute(statement.order_by(*order))]


def delete_token(connection: Connection, *, token_id: str, user_id: str) -> ApiToken | None:
    """The deleted token; None if this user had no such token."""
    mine = (_table.c.id == token_id) & (_table.c.user_id == user_id)
    row = connection.execute(delete(_table).where(mine).returning(*_COLUMNS)).first()
    return None if row is None else _token(row)


def touch_token(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """Records that it was used."""
    connection.execute(update(_table).where(_table.c.token_hash == token_hash).values(last_used_at=now))
