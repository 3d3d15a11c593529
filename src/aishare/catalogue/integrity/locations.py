"""Locations: configured places that contain objects, or did before."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, func, insert, select, text, update

from aishare.catalogue import schema

ACTIVE: Final = "active"
"""Takes new objects."""
READABLE: Final = "readable"
"""Was active before; still serves its objects until none are left."""
SPOOL: Final = "spool"
"""Takes new objects while the active location cannot."""
RETIRED: Final = "retired"
"""Empty, and retired by an administrator."""

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
    """`fingerprint` identifies the place (a digest of the folder, or of endpoint, bucket and prefix) without
    credentials.
    """

    id: str
    kind: str
    label: str
    fingerprint: str
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LocationContent:
    """A location and how much it contains."""

    location: Location
    objects: int
    bytes: int


def activate_location(connection: Connection, wanted: Location, *, sealed: bytes | None = None) -> Location:
    """Makes the place of `wanted.fingerprint` the only active one; `wanted.id` is used if it is new."""
    _lock(connection)
    connection.execute(update(_table).where(_table.c.state == ACTIVE).values(state=READABLE))
    return put_location(connection, replace(wanted, state=ACTIVE), sealed=sealed)


def put_location(connection: Connection, wanted: Location, *, sealed: bytes | None = None) -> Location:
    """The location of the place of `wanted.fingerprint`, new or with the state and label of `wanted`."""
    known = by_fingerprint(connection, wanted.fingerprint)
    if known is None:
        connection.execute(insert(_table).values(**_values(wanted), sealed_config=sealed))
        return wanted
    changes = {"state": wanted.state, "label": wanted.label, "sealed_config": sealed}
    connection.execute(update(_table).where(_table.c.id == known.id).values(changes))
    return replace(known, state=wanted.state, label=wanted.label)


def find_or_first(connection: Connection, wanted: Location, *, sealed: bytes | None = None) -> Location:
    """The location of this place, for a command run beside a server, which must not change the active location.

    If no location was ever active, `wanted` becomes active; if another one is, an unknown place is not stored.
    """
    _lock(connection)
    known = by_fingerprint(connection, wanted.fingerprint)
    if known is None and connection.execute(select(_table.c.id).where(_table.c.state == ACTIVE)).first() is None:
        return put_location(connection, replace(wanted, state=ACTIVE), sealed=sealed)
    return known or wanted


def active_location(connection: Connection) -> Location | None:
    """The location that takes new objects, if there is one."""
    row = connection.execute(select(*_COLUMNS).where(_table.c.state == ACTIVE)).first()
    return None if row is None else Location(*row)


def note_claim(connection: Connection, fingerprint: str, *, now: datetime) -> None:
    """Records that our owner marker is in it: if the marker is missing later, the storage was replaced."""
    new = (_table.c.fingerprint == fingerprint) & _table.c.claimed_at.is_(None)
    connection.execute(update(_table).where(new).values(claimed_at=now))


def is_claimed(connection: Connection, fingerprint: str) -> bool:
    """Whether our owner marker was in it."""
    statement = select(_table.c.claimed_at).where(_table.c.fingerprint == fingerprint)
    return connection.execute(statement).scalar_one_or_none() is not None


def sealed_configs(connection: Connection) -> list[tuple[Location, bytes | None]]:
    """Every location that is not retired, with its encrypted settings."""
    statement = select(*_COLUMNS, _table.c.sealed_config).where(_table.c.state != RETIRED)
    return [(Location(*row[:-1]), row[-1]) for row in connection.execute(statement)]


def seal_anew(connection: Connection, location_id: str, *, old: bytes, new: bytes) -> None:
    """Encrypts the same configuration with the current key, unless it has changed meanwhile."""
    known = (_table.c.id == location_id) & (_table.c.sealed_config == old)
    connection.execute(update(_table).where(known).values(sealed_config=new))


def profiles(connection: Connection) -> dict[str, str]:
    """By location: the features found by its connection test, as JSON."""
    statement = select(_table.c.id, _table.c.profile).where(_table.c.profile.is_not(None))
    return {row[0]: row[1] for row in connection.execute(statement)}


def label_of(connection: Connection, location_id: str) -> str | None:
    """The label of the location, if it exists."""
    label: str | None = connection.execute(select(_table.c.label).where(_table.c.id == location_id)).scalar()
    return label


def set_profile(connection: Connection, location_id: str, profile: str) -> None:
    """As JSON."""
    connection.execute(update(_table).where(_table.c.id == location_id).values(profile=profile))


def retire_location(connection: Connection, location_id: str) -> None:
    """Deletes its settings. It must be empty."""
    connection.execute(update(_table).where(_table.c.id == location_id).values(state=RETIRED, sealed_config=None))


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer; here two could each make their own active
        connection.execute(text("LOCK TABLE locations IN SHARE ROW EXCLUSIVE MODE"))


def _values(location: Location) -> dict[str, Any]:
    return {column.name: getattr(location, column.name) for column in _COLUMNS}


def by_fingerprint(connection: Connection, fingerprint: str) -> Location | None:
    """The location of this place."""
    row = connection.execute(select(*_COLUMNS).where(_table.c.fingerprint == fingerprint)).first()
    return None if row is None else Location(*row)


def list_contents(connection: Connection) -> list[LocationContent]:
    """All locations with their live objects, oldest first."""
    live = schema.objects.c.deleted_at.is_(None)
    joined = _table.outerjoin(schema.objects, (schema.objects.c.location_id == _table.c.id) & live)
    statement = (
        select(*_COLUMNS, func.count(schema.objects.c.id), func.coalesce(func.sum(schema.objects.c.size_bytes), 0))
        .select_from(joined)
        .group_by(*_COLUMNS)
        .order_by(_table.c.created_at)
    )
    return [LocationContent(Location(*row[:-2]), row[-2], int(row[-1])) for row in connection.execute(statement)]
