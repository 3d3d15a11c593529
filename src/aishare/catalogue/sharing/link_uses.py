"""Uses of links: one row per download or upload, from its first byte to its last.

`bytes` is what running requests may still send plus what finished requests have sent: a request adds its length before
it sends, and subtracts what it did not send. So parallel requests cannot get more than the limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, insert, literal, or_, select, update

from aishare.catalogue import schema
from aishare.catalogue.cursors import newest_first

_table = schema.link_uses

KEPT_TOGETHER: Final = timedelta(hours=1)
"""Range requests later than this after the first byte count as another download."""

_REREAD: Final = 2
"""How many times the file's size may be sent within one download, so that lost parts can be fetched again."""

_RESTARTS: Final = 1
"""How many times an archive may be restarted within one download: it has no ranges, and its size is only known at the
end.
"""


@dataclass(frozen=True, slots=True)
class LinkUse:
    """One download or upload. `size_bytes` is None for an unfinished archive."""

    id: str
    at: datetime
    username: str | None
    address: str
    path: str | None
    bytes: int
    size_bytes: int | None
    ended_at: datetime | None

    @property
    def complete(self) -> bool:
        return self.ended_at is not None and self.size_bytes is not None and self.bytes >= self.size_bytes


@dataclass(frozen=True, slots=True)
class NewUse:
    """What is known when the first byte is sent, or the last one was received."""

    id: str
    link_id: str
    mark: bytes | None
    user_id: str | None
    username: str | None
    address: str
    path: str | None
    bytes: int
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class UsePage:
    """Some uses, newest first, and where the next page starts; None at the end."""

    items: list[LinkUse]
    next_cursor: str | None


_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.id,
    _table.c.at,
    _table.c.username,
    _table.c.address,
    _table.c.path,
    _table.c.bytes,
    _table.c.size_bytes,
    _table.c.ended_at,
)


def insert_use(connection: Connection, new: NewUse, *, now: datetime, ended_at: datetime | None = None) -> None:
    """Starts a new use."""
    values = {column.name: getattr(new, column.name) for column in _table.c if hasattr(new, column.name)}
    connection.execute(insert(_table).values(**values, at=now, ended_at=ended_at))


def continue_use(  # noqa: PLR0913 - how a download is recognised
    connection: Connection, new: NewUse, *, marks: Sequence[bytes], whole: bool, later: bool, now: datetime
) -> str | None:
    """The id of the download that this request continues, with its bytes reserved; None if it is a new download.

    Found by a mark of the client; or, for a request for bytes beyond the first, by its address, if a download from that
    address is not finished. `whole`: everything again, which a finished download does not cover.
    """
    marked = _table.c.mark.in_(marks)
    ways = [marked & _is_unfinished() if whole else marked]
    if later:
        ways.append((_table.c.address == new.address) & _is_unfinished())
    for way in ways:
        use_id = _latest(connection, new.link_id, new.path, way, now=now)
        if use_id is not None and _promise(connection, use_id, new):
            return use_id
    return None


def restart_use(connection: Connection, new: NewUse, *, marks: Sequence[bytes], now: datetime) -> str | None:
    """The id of the archive download that a client with one of these marks may restart, finished or not: it is unknown
    how much of its end arrived.
    """
    use_id = _latest(connection, new.link_id, new.path, _table.c.mark.in_(marks), now=now)
    return use_id if use_id is not None and _promise(connection, use_id, new) else None


def has_begun(  # noqa: PLR0913 - how a download is recognised
    connection: Connection, link_id: str, *, marks: Sequence[bytes], address: str, path: str | None, now: datetime
) -> bool:
    """Whether there is a download that this client may continue; for an archive, which cannot be continued, by its
    mark.
    """
    resumable = (_table.c.address == address) & _is_unfinished() & _table.c.size_bytes.is_not(None)
    return _latest(connection, link_id, path, _table.c.mark.in_(marks) | resumable, now=now) is not None


def is_unfinished(connection: Connection, link_id: str, *, marks: Sequence[bytes], now: datetime) -> bool:
    """Whether a download of everything behind the link was started with one of these marks and can still be
    finished.
    """
    own = _table.c.mark.in_(marks) & _is_unfinished() & (_table.c.restarts < _RESTARTS)
    return _latest(connection, link_id, None, own, now=now) is not None


def end_request(connection: Connection, use_id: str, *, unsent: int, size_bytes: int | None, now: datetime) -> None:
    """A request of this download has ended. `size_bytes` if it has only become known now."""
    size = _table.c.size_bytes if size_bytes is None else literal(size_bytes)
    statement = update(_table).where(_table.c.id == use_id)
    connection.execute(statement.values(bytes=_table.c.bytes - unsent, size_bytes=size, ended_at=now))


def list_uses(connection: Connection, link_id: str, *, cursor: str | None, limit: int) -> UsePage:
    """One page of the uses of a link."""
    statement = select(*_COLUMNS).where(_table.c.link_id == link_id)
    rows, next_cursor = newest_first(connection, statement, _table.c.at, _table.c.id, cursor=cursor, limit=limit)
    return UsePage([LinkUse(*row) for row in rows], next_cursor)


def _latest(
    connection: Connection, link_id: str, path: str | None, own: ColumnElement[bool], *, now: datetime
) -> str | None:
    wanted = (_table.c.link_id == link_id, _table.c.at > now - KEPT_TOGETHER, _same_path(path), own)
    found: str | None = connection.execute(
        select(_table.c.id).where(*wanted).order_by(_table.c.at.desc()).limit(1)
    ).scalar()
    return found


def _promise(connection: Connection, use_id: str, new: NewUse) -> bool:
    """In one statement, so that parallel requests cannot use the same allowance."""
    statement = update(_table).where(_table.c.id == use_id)
    if new.size_bytes is None:
        statement = statement.where(_table.c.restarts < _RESTARTS).values(restarts=_table.c.restarts + 1)
    else:
        promised = _table.c.bytes + new.bytes
        statement = statement.where(promised <= _REREAD * _table.c.size_bytes).values(bytes=promised)
    return connection.execute(statement).rowcount == 1


def _is_unfinished() -> ColumnElement[bool]:
    size = _table.c.size_bytes
    return or_(_table.c.ended_at.is_(None), size.is_(None), _table.c.bytes < size)


def _same_path(path: str | None) -> ColumnElement[bool]:
    return _table.c.path.is_(None) if path is None else _table.c.path == path
