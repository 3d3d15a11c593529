"""Locations: configured places that hold, or once took, objects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, func, insert, select, text, update

from aishare.catalogue import schema

ACTIVE: Final = "active"
READABLE: Final = "readable"

_table = schema.locations
_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.id,
    _table.c.kind,
    _table.c.label,
    _table.c.fingerprint,
    _table.c.state,
    _table.c.created_at,
)


@dataclass(frozen=True, slots=True)
class Location:
    """`fingerprint` says the place (a digest of root, or endpoint, bucket and prefix), not how to enter it."""

    id: str
    kind: str
    label: str
    fingerprint: str
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LocationContent:
    """A location and what lies in it."""

    location: Location
    objects: int
    bytes: int


def activate_location(connection: Connection, wanted: Location) -> Location:
    """Make the place of `wanted.fingerprint` the only active one; `wanted.id` counts if it is new."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer; here two could each make theirs active
        connection.execute(text("LOCK TABLE locations IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(update(_table).where(_table.c.state == ACTIVE).values(state=READABLE))
    known = by_fingerprint(connection, wanted.fingerprint)
    if known is None:
        connection.execute(
            insert(_table).values(
                id=wanted.id,
                kind=wanted.kind,
                label=wanted.label,
                fingerprint=wanted.fingerprint,
                state=ACTIVE,
                created_at=wanted.created_at,
            )
        )
        return wanted
    connection.execute(update(_table).where(_table.c.id == known.id).values(state=ACTIVE, label=wanted.label))
    return Location(known.id, known.kind, wanted.label, known.fingerprint, ACTIVE, known.created_at)


def by_fingerprint(connection: Connection, fingerprint: str) -> Location | None:
    """The location of this place."""
    row = connection.execute(select(*_COLUMNS).where(_table.c.fingerprint == fingerprint)).first()
    return None if row is None else Location(*row)


def list_contents(connection: Connection) -> list[LocationContent]:
    """All locations with their live objects, the oldest first."""
    live = schema.objects.c.deleted_at.is_(None)
    joined = _table.outerjoin(schema.objects, (schema.objects.c.location_id == _table.c.id) & live)
    statement = (
        select(*_COLUMNS, func.count(schema.objects.c.id), func.coalesce(func.sum(schema.objects.c.size_bytes), 0))
        .select_from(joined)
        .group_by(*_COLUMNS)
        .order_by(_table.c.created_at)
    )
    return [LocationContent(Location(*row[:-2]), row[-2], int(row[-1])) for row in connection.execute(statement)]
