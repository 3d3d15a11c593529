"""Failed sign-ins per account and per address, so that a restart or a second node forgets nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aishare.catalogue import schema

_table = schema.login_throttle


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within `window` lock a subject for `lock`."""

    failures: int
    window: timedelta
    lock: timedelta


def locked_until(connection: Connection, subjects: Sequence[str]) -> datetime | None:
    """The latest end of a lock of any of the subjects, past ones included."""
    statement = select(func.max(_table.c.locked_until)).where(_table.c.subject.in_(subjects))
    latest: datetime | None = connection.execute(statement).scalar_one()
    return latest


def record_failure(connection: Connection, subject: str, *, now: datetime, limit: Limit) -> bool:
    """Count a failure; whether this one reached the limit and locked. Those at the same moment count one by one."""
    _ensure(connection, subject, now=now)
    row = connection.execute(
        select(_table.c.failures, _table.c.first_failure_at).where(_table.c.subject == subject).with_for_update()
    ).one()
    fresh = row.first_failure_at + limit.window < now
    failures = 1 if fresh else row.failures + 1
    first = now if fresh else row.first_failure_at
    _update(connection, subject, failures=failures, first_failure_at=first)
    locks = failures >= limit.failures
    if locks:
        _update(connection, subject, failures=0, locked_until=now + limit.lock)
    return locks


def clear(connection: Connection, subjects: Sequence[str]) -> None:
    """Forget failures after a success."""
    connection.execute(delete(_table).where(_table.c.subject.in_(subjects)))


def forget_old(connection: Connection, *, now: datetime, before: datetime) -> None:
    """Subjects that are not locked, and whose failures all happened before then."""
    free = _table.c.locked_until.is_(None) | (_table.c.locked_until <= now)
    connection.execute(delete(_table).where(free, _table.c.first_failure_at < before))


def _ensure(connection: Connection, subject: str, *, now: datetime) -> None:
    """A row to lock. Two that find none would both insert one, and the second failure would be lost."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(_table).values(subject=subject, failures=0, first_failure_at=now)
    connection.execute(statement.on_conflict_do_nothing())


def _update(connection: Connection, subject: str, **values: object) -> None:
    connection.execute(update(_table).where(_table.c.subject == subject).values(**values))
