"""Unused objects: bytes in a location that no row refers to, as found by a plan."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, delete, exists, insert, select, union

from aishare.catalogue import schema
from aishare.catalogue.integrity.locations import ACTIVE, SPOOL
from aishare.catalogue.moving import UNFINISHED
from aishare.core.keys import Key

_table = schema.garbage
_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.plan_id,
    _table.c.location_id,
    _table.c.key,
    _table.c.size_bytes,
    _table.c.found_at,
)


@dataclass(frozen=True, slots=True)
class Orphan:
    """An unused object in a plan."""

    plan_id: str
    location_id: str
    key: Key
    size_bytes: int
    found_at: datetime


def insert_orphans(connection: Connection, orphans: Sequence[Orphan]) -> None:
    """Part of a plan."""
    connection.execute(
        insert(_table), [{column.name: getattr(orphan, column.name) for column in _COLUMNS} for orphan in orphans]
    )


def list_orphans(connection: Connection, plan_id: str, *, limit: int) -> list[Orphan]:
    """The next ones that have not been handled, all in the same location if possible."""
    statement = (
        select(*_COLUMNS).where(_table.c.plan_id == plan_id).order_by(_table.c.location_id, _table.c.key).limit(limit)
    )
    return [Orphan(*row) for row in connection.execute(statement)]


def forget_orphans(connection: Connection, orphans: Sequence[Orphan]) -> None:
    """They have been handled."""
    for orphan in orphans:
        connection.execute(
            delete(_table).where(
                _table.c.plan_id == orphan.plan_id,
                _table.c.location_id == orphan.location_id,
                _table.c.key == orphan.key,
            )
        )


def forget_plans(connection: Connection, *, before: datetime) -> None:
    """Removes plans that were not used."""
    connection.execute(delete(_table).where(_table.c.found_at < before))


def keys_of_location(connection: Connection, location_id: str, keys: Collection[Key]) -> set[str]:
    """Which of these keys have a row in this location: an object, even if marked deleted, or a copy."""
    objects, copies = schema.objects, schema.copies
    statement = union(
        select(objects.c.key).where(objects.c.location_id == location_id, objects.c.key.in_(keys)),
        select(copies.c.key).where(copies.c.location_id == location_id, copies.c.key.in_(keys)),
    )
    return set(connection.execute(statement).scalars())


def keys_anywhere(connection: Connection, keys: Collection[Key]) -> set[str]:
    """Which of these keys have a row in any location. Reads whole tables, so use it rarely and for few keys.

    A place known by two names has two locations, and what looks unused in one belongs to the other.
    """
    objects, copies = schema.objects, schema.copies
    statement = union(
        select(objects.c.key).where(objects.c.key.in_(keys)), select(copies.c.key).where(copies.c.key.in_(keys))
    )
    return set(connection.execute(statement).scalars())


def busy_locations(connection: Connection) -> set[str]:
    """Locations that receive objects which have no row there yet, from a migration or the spool.

    An interrupted copy is written again under the same key, possibly at any moment.
    """
    moving = select(schema.migrations.c.source_id, schema.migrations.c.target_id).where(
        schema.migrations.c.state.in_(UNFINISHED)
    )
    locations, objects = schema.locations, schema.objects
    waiting = exists().where(
        objects.c.location_id.in_(select(locations.c.id).where(locations.c.state == SPOOL)),
        objects.c.deleted_at.is_(None),
    )
    draining = select(locations.c.id).where(locations.c.state == ACTIVE, waiting)
    ends = {location_id for row in connection.execute(moving) for location_id in row}
    return ends | set(connection.execute(draining).scalars())
