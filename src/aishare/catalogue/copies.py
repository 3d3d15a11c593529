"""Copies: bytes that objects left behind by moving. They still answer for their object until they are purged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, and_, delete, exists, func, insert, or_, select

from aishare.catalogue import schema
from aishare.catalogue.migrations import UNFINISHED
from aishare.core.keys import Key

_table = schema.copies
_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.location_id,
    _table.c.key,
    _table.c.object_id,
    _table.c.migration_id,
    _table.c.size_bytes,
    _table.c.purge_after,
)


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes of `object_id` at a place where its row no longer points."""

    location_id: str
    key: Key
    object_id: str
    migration_id: str | None
    size_bytes: int
    purge_after: datetime


def insert_copy(connection: Connection, copy: Copy) -> None:
    """In the transaction that moves the object away from there."""
    connection.execute(
        insert(_table).values(
            location_id=copy.location_id,
            key=copy.key,
            object_id=copy.object_id,
            migration_id=copy.migration_id,
            size_bytes=copy.size_bytes,
            purge_after=copy.purge_after,
        )
    )


def copies_of(connection: Connection, object_id: str) -> list[Copy]:
    """Where else the bytes of this object lie, the latest to be purged first."""
    statement = select(*_COLUMNS).where(_table.c.object_id == object_id).order_by(_table.c.purge_after.desc())
    return [Copy(*row) for row in connection.execute(statement)]


def purgeable_copies(connection: Connection, *, now: datetime, limit: int) -> list[Copy]:
    """Those whose grace is over and whose migration is too, or whose object is gone. None that a row points to."""
    objects, migrations = schema.objects, schema.migrations
    alive = exists().where(objects.c.id == _table.c.object_id)
    moving = exists().where(migrations.c.id == _table.c.migration_id, migrations.c.state.in_(UNFINISHED))
    used = exists().where(objects.c.location_id == _table.c.location_id, objects.c.key == _table.c.key)
    over = and_(_table.c.purge_after <= now, ~moving)
    statement = select(*_COLUMNS).where(or_(over, ~alive), ~used).limit(limit)
    return [Copy(*row) for row in connection.execute(statement)]


def copies_by_location(connection: Connection) -> dict[str, tuple[int, int]]:
    """Number and bytes of the copies in each location that has some."""
    statement = select(_table.c.location_id, func.count(), func.sum(_table.c.size_bytes)).group_by(_table.c.location_id)
    return {location: (int(count), int(size)) for location, count, size in connection.execute(statement)}


def copies_left_by(
    connection: Connection, migration_id: str, location_id: str, *, after: str, limit: int
) -> list[Copy]:
    """What a migration left in its source, in the order of object ids."""
    statement = (
        select(*_COLUMNS)
        .where(
            _table.c.migration_id == migration_id,
            _table.c.location_id == location_id,
            _table.c.object_id > after,
        )
        .order_by(_table.c.object_id)
        .limit(limit)
    )
    return [Copy(*row) for row in connection.execute(statement)]


def forget_copies(connection: Connection, purged: Sequence[Copy]) -> None:
    """Their bytes are gone, or they are the object's place again."""
    for copy in purged:
        connection.execute(delete(_table).where(_table.c.location_id == copy.location_id, _table.c.key == copy.key))
