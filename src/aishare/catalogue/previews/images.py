"""Details of images, by the digest of their content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, delete, insert, select, update

from aishare.catalogue import schema

_table = schema.images

IMAGE_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.recipe,
    _table.c.format,
    _table.c.width,
    _table.c.height,
    _table.c.colour,
    _table.c.error,
    _table.c.reason,
    _table.c.made_at,
)
"""What makes a KnownImage; see `image_of`. All are null where nobody has looked yet."""


@dataclass(frozen=True, slots=True)
class KnownImage:
    """Upright width and height, format and dominant colour; or `error` and `reason` why it cannot be shown."""

    recipe: int
    format: str | None
    width: int | None
    height: int | None
    colour: str | None
    error: str | None
    reason: str | None
    made_at: datetime


def image_of(row: Sequence[Any]) -> KnownImage | None:
    """From the values of IMAGE_COLUMNS, of an outer join."""
    return None if row[0] is None else KnownImage(*row)


def save_image(connection: Connection, sha256: bytes, image: KnownImage) -> None:
    """What was known before is replaced."""
    values = {column.name: getattr(image, column.name) for column in IMAGE_COLUMNS}
    changed = connection.execute(update(_table).where(_table.c.sha256 == sha256).values(**values))
    if not changed.rowcount:
        connection.execute(insert(_table).values(sha256=sha256, **values))


def unused_images(connection: Connection, *, limit: int) -> list[bytes]:
    """Digests of which no file is left. Reads all objects: for a reader, now and then, not for a transaction."""
    used = select(schema.objects.c.sha256).where(schema.objects.c.deleted_at.is_(None))
    statement = select(_table.c.sha256).where(_table.c.sha256.not_in(used)).limit(limit)
    return [bytes(digest) for digest in connection.execute(statement).scalars()]


def forget_images(connection: Connection, digests: Sequence[bytes]) -> None:
    """Whoever asks for one again finds it out again."""
    connection.execute(delete(_table).where(_table.c.sha256.in_(digests)))
