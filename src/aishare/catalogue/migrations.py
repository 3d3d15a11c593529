"""Migrations: moving all objects of one location to another. Progress is in these rows and in the objects' own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, and_, delete, func, insert, or_, select, update

from aishare.catalogue import schema

PLANNED: Final = "planned"
RUNNING: Final = "running"
PAUSED: Final = "paused"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
ROLLING_BACK: Final = "rolling_back"
ROLLED_BACK: Final = "rolled_back"

WORKING: Final = (RUNNING, ROLLING_BACK)
UNFINISHED: Final = (RUNNING, PAUSED, ROLLING_BACK)

_table = schema.migrations
_failures = schema.migration_failures


@dataclass(frozen=True, slots=True)
class Migration:
    """A row; `plan` and `manifest` are JSON texts."""

    id: str
    source_id: str
    target_id: str
    state: str
    plan: str
    verify: str
    concurrency: int
    bytes_per_second: int | None
    grace_seconds: int
    cursor: str
    round: int
    objects_done: int
    bytes_done: int
    objects_skipped: int
    error: str | None
    manifest: str | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    lease_owner: str | None
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class Failure:
    """An object that could not be moved, and why."""

    object_id: str
    key: str
    code: str
    reason: str
    attempts: int
    at: datetime


_COLUMNS: Final[tuple[Column[Any], ...]] = tuple(_table.c[name] for name in Migration.__dataclass_fields__)
_FAILURE_COLUMNS: Final[tuple[Column[Any], ...]] = tuple(_failures.c[name] for name in Failure.__dataclass_fields__)


def insert_migration(connection: Connection, migration: Migration) -> None:
    """A new row."""
    connection.execute(
        insert(_table).values({name: getattr(migration, name) for name in Migration.__dataclass_fields__})
    )


def find_migration(connection: Connection, migration_id: str) -> Migration | None:
    """By id."""
    row = connection.execute(select(*_COLUMNS).where(_table.c.id == migration_id)).first()
    return None if row is None else Migration(*row)


def list_migrations(
    connection: Connection, *, states: Iterable[str] | None = None, limit: int = 100
) -> list[Migration]:
    """The newest first; plans that were never started only if asked for."""
    wanted = _table.c.state != PLANNED if states is None else _table.c.state.in_(list(states))
    statement = select(*_COLUMNS).where(wanted).order_by(_table.c.created_at.desc()).limit(limit)
    return [Migration(*row) for row in connection.execute(statement)]


def change_migration(
    connection: Connection, migration_id: str, *, from_states: Sequence[str], **values: object
) -> bool:
    """Set `values` if it is in one of these states; whether it was."""
    statement = update(_table).where(_table.c.id == migration_id, _table.c.state.in_(from_states)).values(values)
    return connection.execute(statement).rowcount == 1


def take_lease(connection: Connection, migration_id: str, owner: str, *, now: datetime, until: datetime) -> bool:
    """Whether `owner` may work on it until then: nobody else's lease is running."""
    free = or_(_table.c.lease_owner.is_(None), _table.c.lease_owner == owner, _table.c.lease_until < now)
    working = and_(_table.c.id == migration_id, _table.c.state.in_(WORKING))
    statement = update(_table).where(working, free).values(lease_owner=owner, lease_until=until)
    return connection.execute(statement).rowcount == 1


def release_lease(connection: Connection, migration_id: str, owner: str) -> None:
    """Others may take over at once."""
    mine = and_(_table.c.id == migration_id, _table.c.lease_owner == owner)
    connection.execute(update(_table).where(mine).values(lease_owner=None, lease_until=None))


def count_moved(connection: Connection, migration_id: str, *, objects: int, size_bytes: int, skipped: int) -> None:
    """In the transaction that switched them: the counters are never wrong."""
    statement = update(_table).where(_table.c.id == migration_id)
    connection.execute(
        statement.values(
            objects_done=_table.c.objects_done + objects,
            bytes_done=_table.c.bytes_done + size_bytes,
            objects_skipped=_table.c.objects_skipped + skipped,
        )
    )


def put_failure(connection: Connection, migration_id: str, failure: Failure) -> None:
    """Once more, if it failed before."""
    known = and_(_failures.c.migration_id == migration_id, _failures.c.object_id == failure.object_id)
    changes = {"code": failure.code, "reason": failure.reason, "at": failure.at}
    again = update(_failures).where(known).values(**changes, attempts=_failures.c.attempts + failure.attempts)
    if connection.execute(again).rowcount == 0:
        values = {name: getattr(failure, name) for name in Failure.__dataclass_fields__}
        connection.execute(insert(_failures).values(migration_id=migration_id, **values))


def failed_ids(connection: Connection, migration_id: str, object_ids: Sequence[str], *, attempts: int) -> set[str]:
    """Which of these have failed so often."""
    statement = select(_failures.c.object_id).where(
        _failures.c.migration_id == migration_id,
        _failures.c.object_id.in_(object_ids),
        _failures.c.attempts >= attempts,
    )
    return set(connection.execute(statement).scalars())


def count_failures(connection: Connection, migration_id: str, *, attempts: int = 1) -> int:
    """How many objects have failed so often."""
    statement = (
        select(func.count())
        .select_from(_failures)
        .where(_failures.c.migration_id == migration_id, _failures.c.attempts >= attempts)
    )
    return int(connection.execute(statement).scalar_one())


def list_failures(connection: Connection, migration_id: str, *, after: str, limit: int) -> list[Failure]:
    """In the order of object ids."""
    statement = (
        select(*_FAILURE_COLUMNS)
        .where(_failures.c.migration_id == migration_id, _failures.c.object_id > after)
        .order_by(_failures.c.object_id)
        .limit(limit)
    )
    return [Failure(*row) for row in connection.execute(statement)]


def forgive(connection: Connection, migration_id: str, object_ids: Sequence[str]) -> None:
    """They failed once, and were moved after all."""
    connection.execute(
        delete(_failures).where(_failures.c.migration_id == migration_id, _failures.c.object_id.in_(object_ids))
    )


def clear_failures(connection: Connection, migration_id: str, *, gone_only: bool = False) -> None:
    """Of objects that are gone by now, or all: they are to be tried again."""
    mine = _failures.c.migration_id == migration_id
    alive = select(schema.objects.c.id).where(schema.objects.c.deleted_at.is_(None))
    which = and_(mine, _failures.c.object_id.not_in(alive)) if gone_only else mine
    connection.execute(delete(_failures).where(which))


def live_content(connection: Connection, location_id: str) -> tuple[int, int]:
    """Number and bytes of the live objects of a location."""
    table = schema.objects
    statement = select(func.count(), func.coalesce(func.sum(table.c.size_bytes), 0)).where(
        table.c.location_id == location_id, table.c.deleted_at.is_(None)
    )
    count, size = connection.execute(statement).one()
    return int(count), int(size)


def known_damages(connection: Connection, location_id: str) -> dict[str, int]:
    """How many objects of a location are known to be missing or corrupt, by code."""
    table = schema.damages
    statement = select(table.c.code, func.count()).where(table.c.location_id == location_id).group_by(table.c.code)
    return {code: int(count) for code, count in connection.execute(statement)}


def moved_objects(connection: Connection, migration_id: str) -> Iterator[tuple[str, bytes, int]]:
    """Id, SHA-256 and size of what this migration moved and still lives, in the order of ids."""
    table, moved = schema.objects, schema.copies
    statement = (
        select(table.c.id, table.c.sha256, table.c.size_bytes)
        .join(moved, moved.c.object_id == table.c.id)
        .where(moved.c.migration_id == migration_id, table.c.deleted_at.is_(None))
        .order_by(table.c.id)
    )
    for row in connection.execution_options(yield_per=1000).execute(statement):
        yield row[0], bytes(row[1]), int(row[2])
