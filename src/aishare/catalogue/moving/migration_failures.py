"""Objects that a migration could not move, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from aishare.catalogue import schema
from aishare.catalogue.content import OBJECT_COLUMNS, StoredObject, object_of

RETRYING: Final = "retrying"
"""The code of failures that will be retried."""

_table = schema.migration_failures


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an object could not be moved. `attempts` counts attempts by a user, not automatic retries."""

    migration_id: str
    object_id: str
    key: str
    code: str
    reason: str
    attempts: int
    at: datetime


def objects_to_move(
    connection: Connection, migration_id: str, location_id: str, *, after: str, limit: int
) -> list[StoredObject]:
    """Live objects of the location, sorted by id, without those that failed."""
    table = schema.objects
    failed = exists().where(
        _table.c.migration_id == migration_id, _table.c.object_id == table.c.id, _table.c.code != RETRYING
    )
    statement = (
        select(*OBJECT_COLUMNS)
        .where(table.c.location_id == location_id, table.c.id > after, table.c.deleted_at.is_(None), ~failed)
        .order_by(table.c.id)
        .limit(limit)
    )
    return [object_of(row) for row in connection.execute(statement)]


def record_failure(connection: Connection, failure: Failure) -> None:
    """Increases `attempts` if there is a row already."""
    here = (_table.c.migration_id == failure.migration_id) & (_table.c.object_id == failure.object_id)
    values = {"key": failure.key, "code": failure.code, "reason": failure.reason, "at": failure.at}
    again = update(_table).where(here).values(**values, attempts=_table.c.attempts + 1)
    if connection.execute(again).rowcount == 0:
        first = {"migration_id": failure.migration_id, "object_id": failure.object_id, "attempts": failure.attempts}
        connection.execute(insert(_table).values(**values, **first))


def forget_failures(connection: Connection, migration_id: str, object_ids: list[str] | None = None) -> None:
    """These objects were moved after all, or are gone; None: all of the migration."""
    statement = delete(_table).where(_table.c.migration_id == migration_id)
    if object_ids is not None:
        statement = statement.where(_table.c.object_id.in_(object_ids))
    connection.execute(statement)


def retry_failures(connection: Connection, migration_id: str) -> int:
    """Marks all of them for retry; returns their number."""
    return connection.execute(
        update(_table).where(_table.c.migration_id == migration_id).values(code=RETRYING)
    ).rowcount


def drop_retrying(connection: Connection, migration_id: str) -> None:
    """At the end: removes failures marked for retry whose objects no longer exist."""
    connection.execute(delete(_table).where(_table.c.migration_id == migration_id, _table.c.code == RETRYING))


def count_failures(connection: Connection) -> dict[str, int]:
    """Number of failures per migration."""
    statement = select(_table.c.migration_id, func.count()).group_by(_table.c.migration_id)
    return {row[0]: row[1] for row in connection.execute(statement)}


def failures_after(connection: Connection, migration_id: str, *, after: str, limit: int) -> list[Failure]:
    """One page, sorted by object id."""
    statement = (
        select(*_table.c)
        .where(_table.c.migration_id == migration_id, _table.c.object_id > after)
        .order_by(_table.c.object_id)
        .limit(limit)
    )
    return [Failure(*row) for row in connection.execute(statement)]
