"""Sign-in attempts per account and per address, stored so that they survive restarts and apply to all nodes.

An attempt is counted before the password is checked, and removed if it succeeds, so parallel attempts all count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aishare.catalogue import schema

_table = schema.login_throttle


@dataclass(frozen=True, slots=True)
class Limit:
    """The number of failures within `window` that lock a subject for `lock`."""

    failures: int
    window: timedelta
    lock: timedelta


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of counting an attempt: until when it is refused, or which subjects it locks if it fails."""

    refused_until: datetime | None
    locking: tuple[str, ...] = ()


def locked_until(connection: Connection, subjects: Sequence[str]) -> datetime | None:
    """The latest end of a lock of any of the subjects, including past ones."""
    statement = select(func.max(_table.c.locked_until)).where(_table.c.subject.in_(subjects))
    latest: datetime | None = connection.execute(statement).scalar_one()
    return latest


def take_attempt(connection: Connection, limits: Mapping[str, Limit], *, now: datetime) -> Taken:
    """Counts an attempt for all subjects, or for none if one of them is locked."""
    # always in the same order, to avoid deadlocks
    rows = [_locked_row(connection, subject, now=now) for subject in sorted(limits)]
    ends = [row.locked_until for row in rows if row.locked_until is not None and row.locked_until > now]
    if ends:
        return Taken(max(ends))
    counted = {row.subject: _count(connection, row, limits[row.subject], now=now) for row in rows}
    return Taken(None, tuple(subject for subject in limits if counted[subject]))


def give_back(connection: Connection, subjects: Sequence[str]) -> None:
    """The attempt was not a failure: it is not counted, and its locks are removed."""
    counted = _table.c.subject.in_(subjects) & (_table.c.failures > 0)
    connection.execute(update(_table).where(counted).values(failures=_table.c.failures - 1, locked_until=None))


def clear(connection: Connection, subjects: Sequence[str]) -> None:
    """Forgets failures after a success."""
    connection.execute(delete(_table).where(_table.c.subject.in_(subjects)))


def forget_old(connection: Connection, *, now: datetime, before: datetime) -> None:
    """Subjects that are not locked, and whose failures all happened before then."""
    free = _table.c.locked_until.is_(None) | (_table.c.locked_until <= now)
    connection.execute(delete(_table).where(free, _table.c.first_failure_at < before))


def _locked_row(connection: Connection, subject: str, *, now: datetime) -> Row[Any, Any, Any, Any]:
    """Created if there is none: otherwise two transactions would both insert one, and the second attempt
    would be lost.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(_table).values(subject=subject, failures=0, first_failure_at=now)
    connection.execute(statement.on_conflict_do_nothing())
    columns = _table.c.subject, _table.c.failures, _table.c.first_failure_at, _table.c.locked_until
    return connection.execute(select(*columns).where(_table.c.subject == subject).with_for_update()).one()


def _count(connection: Connection, row: Row[Any, Any, Any, Any], limit: Limit, *, now: datetime) -> bool:
    """Whether this attempt reaches the limit and locks the subject."""
    fresh = row.locked_until is not None or row.first_failure_at + limit.window < now
    failures = 1 if fresh else row.failures + 1
    locks = failures >= limit.failures
    values = {
        "failures": failures,
        "first_failure_at": now if fresh else row.first_failure_at,
        "locked_until": now + limit.lock if locks else None,
    }
    connection.execute(update(_table).where(_table.c.subject == row.subject).values(values))
    return locks
