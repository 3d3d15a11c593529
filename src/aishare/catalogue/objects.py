"""Objects: which bytes lie in which location."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, bindparam, delete, func, insert, select, update

from aishare.catalogue import schema
from aishare.core.digests import ContentDigests
from aishare.core.keys import Key

_table = schema.objects
OBJECT_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.id,
    _table.c.location_id,
    _table.c.key,
    _table.c.size_bytes,
    _table.c.sha256,
    _table.c.chunk_sha256,
    _table.c.generation,
    _table.c.content_type,
    _table.c.created_at,
)
"""What makes a StoredObject; see `object_of`."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """Bytes in a location. `generation` changes whenever the location or key does."""

    id: str
    location_id: str
    key: Key
    digests: ContentDigests
    generation: int
    content_type: str
    created_at: datetime


def object_of(row: Sequence[Any]) -> StoredObject:
    """From the values of OBJECT_COLUMNS."""
    object_id, location_id, key, size, sha256, chunks, generation, content_type, created_at = row
    digests = ContentDigests(size, bytes(sha256), bytes(chunks))
    return StoredObject(object_id, location_id, Key(key), digests, generation, content_type, created_at)


def insert_object(connection: Connection, stored: StoredObject) -> None:
    """The bytes must be durable already."""
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
        )
    )


def mark_deleted(connection: Connection, object_id: str, *, now: datetime) -> None:
    """No file names it any more; its bytes are to be deleted."""
    connection.execute(update(_table).where(_table.c.id == object_id).values(deleted_at=now))


def doomed_objects(connection: Connection, *, before: datetime, limit: int) -> list[StoredObject]:
    """Objects marked before a moment, the oldest first."""
    statement = select(*OBJECT_COLUMNS).where(_table.c.deleted_at <= before).order_by(_table.c.deleted_at).limit(limit)
    return [object_of(row) for row in connection.execute(statement)]


def find_object(connection: Connection, object_id: str) -> StoredObject | None:
    """The object, unless it is gone or marked deleted."""
    statement = select(*OBJECT_COLUMNS).where(_table.c.id == object_id, _table.c.deleted_at.is_(None))
    row = connection.execute(statement).first()
    return None if row is None else object_of(row)


def objects_after(connection: Connection, location_id: str, *, after: str, limit: int) -> list[StoredObject]:
    """Live objects of a location in the order of their ids: a page that stays cheap however many there are."""
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


# Built once: a migration executes them for each few objects, and building costs more than executing.
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
    .values(location_id=bindparam("location_id"), key=bindparam("key"), generation=bindparam("generation"))
)


def switch_objects(
    connection: Connection, moves: Sequence[tuple[StoredObject, Key]], *, location_id: str
) -> list[StoredObject]:
    """Point the rows at bytes that lie elsewhere, each at its key, if they still are as they were seen; which were.

    Compare-and-set on location and generation: an object that was deleted, or moved by somebody else, is left alone.
    Looked at and changed by one statement each, in the transaction of the caller; the rows are locked in between.
    """
    rows = connection.execute(_AS_SEEN, {"ids": [stored.id for stored, _ in moves]})
    now = {row.id: (row.location_id, row.generation) for row in rows}
    same = [(stored, key) for stored, key in moves if now.get(stored.id) == (stored.location_id, stored.generation)]
    if same:
        connection.execute(_SWITCH, [_switch(stored, location_id, key) for stored, key in same])
    return [stored for stored, _ in same]


def _switch(stored: StoredObject, location_id: str, key: Key) -> dict[str, object]:
    seen = {"seen_id": stored.id, "seen_location": stored.location_id, "seen_generation": stored.generation}
    return {**seen, "location_id": location_id, "key": key, "generation": stored.generation + 1}


def forget_objects(connection: Connection, object_ids: Sequence[str]) -> None:
    """Their bytes are gone. Only rows that were marked go."""
    connection.execute(delete(_table).where(_table.c.id.in_(object_ids), _table.c.deleted_at.is_not(None)))
