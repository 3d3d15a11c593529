"""Damage: objects whose bytes are missing or wrong, with the file that each belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, and_, delete, exists, insert, select

from aishare.catalogue import schema
from aishare.core.keys import Key

_table = schema.damages
_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.object_id,
    _table.c.location_id,
    _table.c.key,
    _table.c.code,
    _table.c.reason,
    _table.c.scrub_id,
    _table.c.found_at,
)


@dataclass(frozen=True, slots=True)
class Damage:
    """Damage found at the location of an object. `code` is the error code."""

    object_id: str
    location_id: str
    key: Key
    code: str
    reason: str
    scrub_id: str | None
    found_at: datetime


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """Damage and the file concerned. The file is None if it was just deleted or replaced."""

    damage: Damage
    file_id: str | None
    path: str | None
    owner: str | None


def put_damage(connection: Connection, damage: Damage) -> None:
    """Replaces earlier damage of the same object."""
    clear_damage(connection, damage.object_id)
    connection.execute(insert(_table).values({column.name: getattr(damage, column.name) for column in _COLUMNS}))


def clear_damage(connection: Connection, object_id: str) -> None:
    """The object is intact, or intact again."""
    clear_damages(connection, [object_id])


def clear_damages(connection: Connection, object_ids: Sequence[str]) -> None:
    """The same for several objects."""
    connection.execute(delete(_table).where(_table.c.object_id.in_(object_ids)))


def forget_damages(connection: Connection) -> None:
    """For objects that were deleted, or are stored elsewhere now."""
    connection.execute(delete(_table).where(~_still_there()))


def list_damages(
    connection: Connection, *, location_id: str | None = None, limit: int | None = None
) -> list[DamagedFile]:
    """Damage of objects that are still where it was found; by owner and path."""
    files, users = schema.files, schema.users
    joined = _table.outerjoin(files, files.c.object_id == _table.c.object_id).outerjoin(
        users, users.c.id == files.c.owner_id
    )
    here = () if location_id is None else (_table.c.location_id == location_id,)
    statement = (
        select(*_COLUMNS, files.c.id, files.c.path, users.c.username)
        .select_from(joined)
        .where(_still_there(), *here)
        .order_by(users.c.username, files.c.path, _table.c.object_id)
        .limit(limit)
    )
    count = len(_COLUMNS)
    return [DamagedFile(Damage(*row[:count]), *row[count:]) for row in connection.execute(statement)]


def is_damaged(object_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the object exists and is damaged at its current location."""
    return exists().where(_table.c.object_id == object_id, _still_there())


def _still_there() -> ColumnElement[bool]:
    objects = schema.objects
    same_place = and_(
        objects.c.id == _table.c.object_id,
        objects.c.location_id == _table.c.location_id,
        objects.c.key == _table.c.key,
        objects.c.deleted_at.is_(None),
    )
    return exists().where(same_place)
