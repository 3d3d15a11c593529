"""Objects: which content is stored in which location."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from aishare.catalogue import schema
from aishare.core.digests import ContentDigests
from aishare.core.keys import Key

_table = schema.objects
_damages = schema.damages

_OPEN_DAMAGE: Final = (
    select(_damages.c.code)
    .where(
        _damages.c.object_id == _table.c.id,
        _damages.c.location_id == _table.c.location_id,
        _damages.c.key == _table.c.key,
    )
    .correlate(_table)
    .scalar_subquery()
    .label("damage")
)
"""Damage found at the current location of the object; damage found at earlier locations does not count."""

OBJECT_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    _table.c.id,
    _table.c.location_id,
    _table.c.key,
    _table.c.size_bytes,
    _table.c.sha256,
    _table.c.chunk_sha256,
    _table.c.generation,
    _table.c.content_type,
    _table.c.created_at,
    _table.c.stamps,
    _OPEN_DAMAGE,
)
"""Columns of a StoredObject; see `object_of`."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """Content in a location. `generation` changes whenever the location or key does.

    `stamps` are the stamps of its file on a local disk when it was last verified. Its content was correct then, unless
    there is `damage`: the code of the known damage.
    """

    id: str
    location_id: str
    key: Key
    digests: ContentDigests
    generation: int
    content_type: str
    created_at: datetime
    stamps: str | None = field(default=None, compare=False)
    damage: str | None = field(default=None, compare=False)


class Move(NamedTuple):
    """An object and its next key, where verified bytes are stored; the stamps of their file, if they are on a local
    disk.
    """

    stored: StoredObject
    key: Key
    stamps: str | None = None


def object_of(row: Sequence[Any]) -> StoredObject:
    """Builds a StoredObject from the values of OBJECT_COLUMNS."""
    object_id, location_id, key, size, sha256, chunks, generation, content_type, created_at, stamps, damage = row
    digests = ContentDigests(size, bytes(sha256), bytes(chunks))
    return StoredObject(object_id, location_id, Key(key), digests, generation, content_type, created_at, stamps, damage)


def insert_object(connection: Connection, stored: StoredObject) -> None:
    """The content must already be durable."""
    connection.execute(
        insert(_table).values(
            id=stored.id,
            location_id=stored.location_id,
            key=stored.key,
            size_bytes=stored.digests.size_bytes,
            sha256=stored.digests.sha256,
            chunk_sha256=stored.digests.chunk_sha256,
            generation=stored.generation,
            content_type=stored.content_type,
            created_at=stored.created_at,
            stamps=stored.stamps,
        )
    )


def put_stamps(connection: Connection, stored: StoredObject, stamps: str | None) -> bool:
    """Stores the stamps of its verified file; False if the object no longer exists."""
    here = (_table.c.id == stored.id) & (_table.c.location_id == stored.location_id) & (_table.c.key == stored.key)
    changed = update(_table).where(here, _table.c.deleted_at.is_(None)).values(stamps=stamps)
    return connection.execute(changed).rowcount == 1


def mark_deleted(connection: Connection, object_id: str, *, now: datetime) -> None:
    """No file uses it any more; its content will be deleted."""
    connection.execute(update(_table).where(_table.c.id == object_id).values(deleted_at=now))


def doomed_objects(connection: Connection, *, before: datetime, limit: int) -> list[StoredObject]:
    """Objects marked deleted before this time, oldest first."""
    statement = select(*OBJECT_COLUMNS).where(_table.c.deleted_at <= before).order_by(_table.c.deleted_at).limit(limit)
    return [object_of(row) for row in connection.execute(statement)]


def find_object(connection: Connection, object_id: str) -> StoredObject | None:
    """The object, unless it does not exist or is marked deleted."""
    statement = select(*OBJECT_COLUMNS).where(_table.c.id == object_id, _table.c.deleted_at.is_(None))
    row = connection.execute(statement).first()
    return None if row is None else object_of(row)


def objects_after(connection: Connection, location_id: str, *, after: str, limit: int) -> list[StoredObject]:
    """Live objects of a location, sorted by id: pages stay fast however many objects there are."""
    statement = (
        select(*OBJECT_COLUMNS)
        .where(_table.c.location_id == location_id, _table.c.id > after, _table.c.deleted_at.is_(None))
        .order_by(_table.c.id)
        .limit(limit)
    )
    return [object_of(row) for row in connection.execute(statement)]


def live_content(connection: Connection, location_id: str) -> tuple[int, int]:
    """Number and bytes of the live objects of a location."""
    statement = select(func.count(), func.coalesce(func.sum(_table.c.size_bytes), 0)).where(
        _table.c.location_id == location_id, _table.c.deleted_at.is_(None)
    )
    count, size = connection.execute(statement).one()
    return int(count), int(size)


# Built once: a migration runs these for every few objects, and building them costs more than running them.
_AS_SEEN: Final = (
    select(_table.c.id, _table.c.location_id, _table.c.generation)
    .where(_table.c.id.in_(bindparam("ids", expanding=True)), _table.c.deleted_at.is_(None))
    .order_by(_table.c.id)
    .with_for_update()
)
_SWITCH: Final = (
    update(_table)
    .where(
        _table.c.id == bindparam("seen_id"),
        _table.c.location_id == bindparam("seen_location"),
        _table.c.generation == bindparam("seen_generation"),
        _table.c.deleted_at.is_(None),
    )
    .values(
        location_id=bindparam("location_id"),
        key=bindparam("key"),
        generation=bindparam("generation"),
        stamps=bindparam("stamps"),
    )
)


def switch_objects(connection: Connection, moves: Sequence[Move], *, location_id: str) -> list[StoredObject]:
    """Points the rows at bytes stored elsewhere, each at its key, if they have not changed; returns which were updated.

    Compare-and-set on location and generation: an object that was deleted, or moved by another process, is not changed.
    One statement reads and one updates, in the caller's transaction; the rows are locked in between.
    """
    rows = connection.execute(_AS_SEEN, {"ids": [move.stored.id for move in moves]})
    now = {row.id: (row.location_id, row.generation) for row in rows}
    same = [move for move in moves if now.get(move.stored.id) == (move.stored.location_id, move.stored.generation)]
    if same:
        connection.execute(_SWITCH, [_switch(move, location_id) for move in same])
    return [move.stored for move in same]


def _switch(move: Move, location_id: str) -> dict[str, object]:
    stored, key, stamps = move
    seen = {"seen_id": stored.id, "seen_location": stored.location_id, "seen_generation": stored.generation}
    there = {"location_id": location_id, "key": key, "stamps": stamps}
    return {**seen, **there, "generation": stored.generation + 1}


def forget_objects(connection: Connection, object_ids: Sequence[str]) -> None:
    """Their content was deleted. Only removes rows that were marked deleted."""
    connection.execute(delete(_table).where(_table.c.id.in_(object_ids), _table.c.deleted_at.is_not(None)))
