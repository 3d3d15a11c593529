"""Pages of files, by keyset: each page starts behind the last row of the one before, however many there are."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, func, literal, tuple_

from aishare.catalogue import schema
from aishare.catalogue.cursors import decode_cursor, encode_cursor, foreign_cursor
from aishare.catalogue.files import SELECT_FILES, File, file_of
from aishare.core.errors import InvalidInput

_table = schema.files

_SORTS: Final[dict[str, Column[Any]]] = {
    "path": _table.c.path,
    "name": _table.c.name,
    "size": _table.c.size_bytes,
    "modified_at": _table.c.modified_at,
}
_TYPES: Final[dict[str, type]] = {"path": str, "name": str, "size_bytes": int, "modified_at": str}


@dataclass(frozen=True, slots=True)
class Listing:
    """What to list. `folder` None means all folders, the empty string the root; `recursive`, or a query, takes in what
    lies deeper. `-` before `sort` reverses. `within` is the folder that the caller is confined to.
    """

    folder: str | None = None
    path: str | None = None
    recursive: bool = False
    query: str | None = None
    kind: str | None = None
    sort: str = "path"
    cursor: str | None = None
    limit: int = 100
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some files, and where the next page starts; None at the end."""

    items: list[File]
    next_cursor: str | None


def list_files(connection: Connection, listing: Listing, *, owner_id: str) -> Page:
    """One page of an owner's files."""
    column, descending = _order(listing.sort)
    statement = _filtered(SELECT_FILES.where(_table.c.owner_id == owner_id), listing)
    if listing.cursor is not None:
        value, file_id = _parse_cursor(listing.cursor, column)
        place, here = tuple_(column, _table.c.id), tuple_(literal(value, column.type), literal(file_id))
        statement = statement.where(place < here if descending else place > here)
    order = (column.desc(), _table.c.id.desc()) if descending else (column, _table.c.id)
    rows = connection.execute(statement.order_by(*order).limit(listing.limit + 1)).all()
    files = [file_of(row) for row in rows[: listing.limit]]
    more = len(rows) > listing.limit
    return Page(files, _cursor(files[-1], column) if more else None)


def _filtered(statement: Select[Any], listing: Listing) -> Select[Any]:
    if listing.path is not None:
        statement = statement.where(_table.c.path == listing.path)
    if listing.folder is not None and listing.query is None and not listing.recursive:
        statement = statement.where(_table.c.folder == listing.folder)
    elif listing.folder:
        statement = statement.where(func.substr(_table.c.path, 1, len(listing.folder) + 1) == f"{listing.folder}/")
    if listing.within is not None:
        statement = statement.where(func.substr(_table.c.path, 1, len(listing.within) + 1) == f"{listing.within}/")
    if listing.query is not None:
        part = unicodedata.normalize("NFC", listing.query).casefold()  # as paths are stored
        statement = statement.where(_table.c.path_key.contains(part, autoescape=True))
    if listing.kind is not None:
        statement = statement.where(_table.c.kind == listing.kind)
    return statement


def _order(sort: str) -> tuple[Column[Any], bool]:
    try:
        return _SORTS[sort.removeprefix("-")], sort.startswith("-")
    except KeyError:
        raise InvalidInput(f"Files cannot be sorted by {sort!r}.", hint=f"Use {', '.join(_SORTS)}.") from None


def _cursor(last: File, column: Column[Any]) -> str:
    value: Any = {"size_bytes": last.object.digests.size_bytes}.get(column.name)
    if value is None:
        value = getattr(last, column.name)
    return encode_cursor(column.name, value.isoformat() if isinstance(value, datetime) else value, last.id)


def _parse_cursor(cursor: str, column: Column[Any]) -> tuple[Any, str]:
    name, value, file_id = decode_cursor(cursor, str, _TYPES[column.name], str)
    try:
        place = datetime.fromisoformat(value).astimezone(UTC) if column.name == "modified_at" else value
    except (ValueError, OverflowError):
        place = None
    if name != column.name or place is None:
        raise foreign_cursor()
    return place, file_id
