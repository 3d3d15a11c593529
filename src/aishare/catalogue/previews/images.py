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
"""Columns of a KnownImage; see `image_of`. All are null if the image has not been examined yet."""


@dataclass(frozen=True, slots=True)
class KnownImage:
    """Upright width and height, format and dominant colour; or `error` and `reason` if it cannot be shown."""

    recipe: int
    format: str | None
    width: int | None
    height: int | None
    colour: str | None
    error: str | None
    reason: str | None
    made_at: datetime


def image_of(row: Sequence[Any]) -> KnownImage | None:
    """Builds a KnownImage from the values of IMAGE_COLUMNS, in an outer join."""
    return None if row[0] is None else KnownImage(*row)


def save_image(connection: Connection, sha256: bytes, image: KnownImage) -> None:
    """Replaces what was known before."""
    values = {column.name: getattr(image, column.name) for column in IMAGE_COLUMNS}
    changed = connection.execute(update(_table).where(_table.c.sha256 == sha256).values(**values))
    if not changed.rowcount:
        connection.execute(insert(_table).values(sha256=sha256, **values))


def unused_images(connection: Connection, *, limit: int) -> list[bytes]:
    """Digests that no file has any more. Reads all objects: only for occasional use outside of write transactions."""
    used = select(schema.objects.c.sha256).where(schema.objects.c.deleted_at.is_(None))
    statement = select(_table.c.sha256).where(_table.c.sha256.not_in(used)).limit(limit)
    return [bytes(digest) for digest in connection.execute(statement).scalars()]


def forget_images(connection: Connection, digests: Sequence[bytes]) -> None:
    """They are examined again when they are requested again."""
    connection.execute(delete(_table).where(_table.c.sha256.in_(digests)))
