"""Uses of links: one row per download or upload, from its first byte to its last.

`bytes` is what was promised to requests that still run and what was sent by those that ended: a request adds its length
before it sends, and takes back what it did not send. So nobody gets more by asking many times at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, insert, literal, or_, select, update

from aishare.catalogue import schema
from aishare.catalogue.cursors import newest_first

_table = schema.link_uses

KEPT_TOGETHER: Final = timedelta(hours=1)
"""Ranges that come later than this after the first byte are another download."""

_REREAD: Final = 2
"""How often the size may be sent within one download: whatever was lost on the way may be fetched again."""


@dataclass(frozen=True, slots=True)
class LinkUse:
    """One download or upload. `size_bytes` is None of an archive that did not come to its end."""

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
    """Some uses, the newest first, and where the next page starts; None at the end."""

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
    """It begins now."""
    values = {column.name: getattr(new, column.name) for column in _table.c if hasattr(new, column.name)}
    connection.execute(insert(_table).values(**values, at=now, ended_at=ended_at))


def continue_use(connection: Connection, new: NewUse, *, whole: bool, later: bool, now: datetime) -> str | None:
    """The id of the download that this request belongs to, with its bytes promised; None if it is one of its own.

    By the mark of the client. `later`, of a request for bytes beyond the first without a mark: by its address, if a
    download of that address is not finished. `whole`: everything again, which a finished download does not cover.
    """
    same = [_table.c.link_id == new.link_id, _table.c.at > now - KEPT_TOGETHER, _same_path(new.path)]
    if new.mark is not None:
        same.append(_table.c.mark == new.mark)
        if whole:
            same.append(_is_unfinished())
    elif later:
        same += [_table.c.address == new.address, _is_unfinished()]
    else:
        return None
    found = select(_table.c.id).where(*same).order_by(_table.c.at.desc()).limit(1)
    use_id: str | None = connection.execute(found).scalar()
    return use_id if use_id is not None and _promise(connection, use_id, new.bytes) else None


def has_begun(  # noqa: PLR0913 - what a download is known by
    connection: Connection, link_id: str, *, mark: bytes | None, address: str, path: str | None, now: datetime
) -> bool:
    """Whether there is a download that this client may go on with."""
    own = _is_unfinished() & (_table.c.address == address)
    if mark is not None:
        own |= _table.c.mark == mark
    wanted = (_table.c.link_id == link_id, _table.c.at > now - KEPT_TOGETHER, _same_path(path), own)
    return connection.execute(select(_table.c.id).where(*wanted).limit(1)).first() is not None


def end_request(connection: Connection, use_id: str, *, unsent: int, size_bytes: int | None, now: datetime) -> None:
    """A request of this download is over. `size_bytes` if it became known only now."""
    size = _table.c.size_bytes if size_bytes is None else literal(size_bytes)
    statement = update(_table).where(_table.c.id == use_id)
    connection.execute(statement.values(bytes=_table.c.bytes - unsent, size_bytes=size, ended_at=now))


def list_uses(connection: Connection, link_id: str, *, cursor: str | None, limit: int) -> UsePage:
    """One page of a link's."""
    statement = select(*_COLUMNS).where(_table.c.link_id == link_id)
    rows, next_cursor = newest_first(connection, statement, _table.c.at, _table.c.id, cursor=cursor, limit=limit)
    return UsePage([LinkUse(*row) for row in rows], next_cursor)


def _promise(connection: Connection, use_id: str, length: int) -> bool:
    """In one statement: of requests at once none finds room that another has taken."""
    room = _table.c.bytes + length <= _REREAD * _table.c.size_bytes
    statement = update(_table).where(_table.c.id == use_id, room)
    return connection.execute(statement.values(bytes=_table.c.bytes + length)).rowcount == 1


def _is_unfinished() -> ColumnElement[bool]:
    return or_(_table.c.ended_at.is_(None), _table.c.bytes < _table.c.size_bytes)


def _same_path(path: str | None) -> ColumnElement[bool]:
    return _table.c.path.is_(None) if path is None else _table.c.path == path
