"""Copies: content that a migration left in the old location. It can still be read until it is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, delete, exists, func, insert, or_, select

from aishare.catalogue import schema
from aishare.catalogue.content import (
    OBJECT_COLUMNS,
    Move,
    StoredObject,
    clear_damages,
    is_damaged,
    object_of,
    switch_objects,
)
from aishare.catalogue.moving.migrations import UNFINISHED
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
    """The content of `object_id` at a place that its row no longer points to."""

    location_id: str
    key: Key
    object_id: str
    migration_id: str | None
    size_bytes: int
    purge_after: datetime


_FIELDS: Final = tuple(field.name for field in fields(Copy))
_INSERT: Final = insert(_table)


def insert_copy(connection: Connection, copy: Copy) -> None:
    """In the transaction that moves the object."""
    insert_copies(connection, [copy])


def insert_copies(connection: Connection, left: Sequence[Copy]) -> None:
    """The same for many, in one statement."""
    if left:
        connection.execute(_INSERT, [{field: getattr(copy, field) for field in _FIELDS} for copy in left])


def move_object(
    connection: Connection,
    move: Move,
    *,
    location_id: str,
    purge_after: datetime,
    migration_id: str | None = None,
) -> bool:
    """Points the row at bytes stored elsewhere and keeps the old ones as a copy; False if the object has changed."""
    return bool(
        move_objects(connection, [move], location_id=location_id, purge_after=purge_after, migration_id=migration_id)
    )


def move_objects(
    connection: Connection,
    moves: Sequence[Move],
    *,
    location_id: str,
    purge_after: datetime,
    migration_id: str | None,
) -> list[StoredObject]:
    """`move_object` for many objects; returns those that were moved."""
    moved = switch_objects(connection, moves, location_id=location_id)
    if moved:
        # of copies at the place that the objects are moved back to
        clear_damages(connection, [stored.id for stored in moved])
    left = [
        Copy(stored.location_id, stored.key, stored.id, migration_id, stored.digests.size_bytes, purge_after)
        for stored in moved
    ]
    insert_copies(connection, left)
    return moved


def copies_of(connection: Connection, object_id: str) -> list[Copy]:
    """Other copies of this object, the one to be purged last first."""
    statement = select(*_COLUMNS).where(_table.c.object_id == object_id).order_by(_table.c.purge_after.desc())
    return [Copy(*row) for row in connection.execute(statement)]


def purgeable_copies(connection: Connection, *, now: datetime, limit: int) -> list[Copy]:
    """Copies whose grace period is over and whose migration has ended, or whose object is gone.

    Not those of damaged objects, which may be the only intact copies.
    """
    alive = exists().where(schema.objects.c.id == _table.c.object_id)
    held = exists().where(schema.migrations.c.id == _table.c.migration_id, schema.migrations.c.state.in_(UNFINISHED))
    due = (_table.c.purge_after <= now) & ~held & ~is_damaged(_table.c.object_id)
    statement = select(*_COLUMNS).where(or_(due, ~alive)).limit(limit)
    return [Copy(*row) for row in connection.execute(statement)]


def claim_copy(connection: Connection, copy: Copy, *, now: datetime) -> bool:
    """Removes the row before the content is deleted, if it may still be purged; returns whether it could.

    After that, these bytes can no longer become an object's location. Never if a live object is stored there.
    """
    here = (_table.c.location_id == copy.location_id) & (_table.c.key == copy.key)
    pointed = exists().where(
        schema.objects.c.location_id == copy.location_id,
        schema.objects.c.key == copy.key,
        schema.objects.c.deleted_at.is_(None),
    )
    due = or_(_table.c.purge_after <= now, ~exists().where(schema.objects.c.id == _table.c.object_id))
    held = exists().where(
        schema.migrations.c.id == _table.c.migration_id,
        schema.migrations.c.state.in_(UNFINISHED),
        exists().where(schema.objects.c.id == _table.c.object_id),
    )
    needed = is_damaged(_table.c.object_id)
    return connection.execute(delete(_table).where(here, due, ~held, ~pointed, ~needed)).rowcount == 1


def copies_by_location(connection: Connection) -> dict[str, tuple[int, int]]:
    """Number and bytes of the copies in each location that has any."""
    statement = select(_table.c.location_id, func.count(), func.sum(_table.c.size_bytes)).group_by(_table.c.location_id)
    return {location: (int(count), int(size)) for location, count, size in connection.execute(statement)}


def take_copy(connection: Connection, copy: Copy) -> bool:
    """Removes the row because the copy becomes the object's location again; whether it still existed."""
    here = (_table.c.location_id == copy.location_id) & (_table.c.key == copy.key)
    return connection.execute(delete(_table).where(here)).rowcount == 1


def moved_pairs(  # noqa: PLR0913 - two locations and a page
    connection: Connection, migration_id: str, *, left: str, now_in: str, after: str, limit: int
) -> list[tuple[Copy, StoredObject]]:
    """The copies that a migration left in `left`, with their live objects now in `now_in`; by object id."""
    statement = (
        _pairs(select(*_COLUMNS, *OBJECT_COLUMNS), migration_id, left=left, now_in=now_in)
        .where(_table.c.object_id > after)
        .order_by(_table.c.object_id)
        .limit(limit)
    )
    count = len(_COLUMNS)
    return [(Copy(*row[:count]), object_of(row[count:])) for row in connection.execute(statement)]


def count_moved_pairs(connection: Connection, migration_id: str, *, left: str, now_in: str) -> int:
    """The number of these."""
    return int(connection.execute(_pairs(select(func.count()), migration_id, left=left, now_in=now_in)).scalar_one())


def _pairs(statement: Select[Any], migration_id: str, *, left: str, now_in: str) -> Select[Any]:
    objects = schema.objects
    return (
        statement.select_from(_table)
        .join(objects, objects.c.id == _table.c.object_id)
        .where(
            _table.c.migration_id == migration_id,
            _table.c.location_id == left,
            objects.c.location_id == now_in,
            objects.c.deleted_at.is_(None),
        )
    )
