"""Sessions, stored under the SHA-256 of their secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from aishare.catalogue import schema
from aishare.catalogue.database.session import Lookup
from aishare.catalogue.people.users import USER_COLUMNS, User
from aishare.core.tokens import ADMIN, READ, WRITE

_table = schema.sessions


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, and how: with a session, a token, or neither (the command line).

    `scopes` and `folder` are those of the token; None if there is no limit besides the user's own permissions.
    """

    user: User
    session_id: str | None = None
    token_id: str | None = None
    expires_at: datetime | None = None
    last_seen_at: datetime | None = None
    scopes: frozenset[str] | None = None
    folder: str | None = None

    @property
    def administers(self) -> bool:
        """Whether the caller may use administrator functions."""
        return self.user.is_superuser and self.has_scope(ADMIN)

    def has_scope(self, scope: str) -> bool:
        """`write` includes `read`."""
        return self.scopes is None or scope in self.scopes or (scope == READ and WRITE in self.scopes)


@dataclass(frozen=True, slots=True)
class Session:
    """A session without its secret, for the user's own list."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


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
    """Creates a session."""
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


def touch_session(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """Records that it was used."""
    connection.execute(update(_table).where(_table.c.token_hash == token_hash).values(last_seen_at=now))


def list_sessions(connection: Connection, user_id: str, *, now: datetime, seen_since: datetime) -> list[Session]:
    """Sessions that are still valid, most recently used first."""
    columns = (_table.c.id, _table.c.created_at, _table.c.last_seen_at, _table.c.expires_at)
    statement = select(*columns, _table.c.address, _table.c.user_agent).where(
        _table.c.user_id == user_id, _table.c.expires_at > now, _table.c.last_seen_at >= seen_since
    )
    rows = connection.execute(statement.order_by(_table.c.last_seen_at.desc(), _table.c.id))
    return [Session(*row) for row in rows]


def delete_session_of(connection: Connection, *, session_id: str, user_id: str) -> bool:
    """Whether this user had such a session."""
    statement = delete(_table).where(_table.c.id == session_id, _table.c.user_id == user_id)
    return connection.execute(statement).rowcount > 0


def delete_sessions_of(connection: Connection, user_id: str, *, but: str | None = None) -> None:
    """All sessions of a user, or all but one."""
    statement = delete(_table).where(_table.c.user_id == user_id)
    connection.execute(statement if but is None else statement.where(_table.c.id != but))


def delete_session(connection: Connection, *, token_hash: bytes) -> bool:
    """Whether there was one; a session that does not exist is not an error."""
    return connection.execute(delete(_table).where(_table.c.token_hash == token_hash)).rowcount > 0


def delete_expired_sessions(connection: Connection, *, now: datetime) -> None:
    """Deletes sessions that have expired."""
    connection.execute(delete(_table).where(_table.c.expires_at <= now))
