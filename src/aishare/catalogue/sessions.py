"""Sessions, known by the SHA-256 of their secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from aishare.catalogue import schema
from aishare.catalogue.session import Lookup
from aishare.catalogue.users import USER_COLUMNS, User

_table = schema.sessions


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, and by what: a session, a token, or neither (the command line)."""

    user: User
    session_id: str | None = None
    token_id: str | None = None
    expires_at: datetime | None = None
    last_seen_at: datetime | None = None


def _caller(row: Sequence[Any]) -> Caller:
    *user, session_id, expires_at, last_seen_at = row
    return Caller(User(*user), session_id=session_id, expires_at=expires_at, last_seen_at=last_seen_at)


CALLER_BY_SESSION: Final = Lookup(
    select(*USER_COLUMNS, _table.c.id, _table.c.expires_at, _table.c.last_seen_at)
    .join_from(_table, schema.users)
    .where(_table.c.token_hash == bindparam("token_hash")),
    _caller,
)


def insert_session(  # noqa: PLR0913 - the columns
    connection: Connection,
    *,
    session_id: str,
    token_hash: bytes,
    user_id: str,
    now: datetime,
    expires_at: datetime,
    user_agent: str,
    address: str,
) -> None:
    """A session that begins."""
    connection.execute(
        insert(_table).values(
            id=session_id,
            token_hash=token_hash,
            user_id=user_id,
            created_at=now,
            last_seen_at=now,
            expires_at=expires_at,
            user_agent=user_agent,
            address=address,
        )
    )


def touch_session(connection: Connection, token_hash: bytes, *, now: datetime) -> None:
    """It was used."""
    connection.execute(update(_table).where(_table.c.token_hash == token_hash).values(last_seen_at=now))


def delete_session(connection: Connection, *, token_hash: bytes) -> None:
    """One that does not exist is success."""
    connection.execute(delete(_table).where(_table.c.token_hash == token_hash))


def delete_expired_sessions(connection: Connection, *, now: datetime) -> None:
    """Those that ended by themselves."""
    connection.execute(delete(_table).where(_table.c.expires_at <= now))
