"""Pages of files by keyset: each page starts after the last row of the previous one, so large lists stay fast."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, LargeBinary, Select, func, literal, tuple_

from aishare.catalogue import schema
from aishare.catalogue.content.files import SELECT_FILES, File, file_of
from aishare.catalogue.content.search import holds_all, search_words
from aishare.catalogue.cursors import decode_bytes, decode_cursor, encode_bytes, encode_cursor, foreign_cursor
from aishare.core.errors import InvalidInput

_table = schema.files

_SORTS: Final[dict[str, Column[Any]]] = {
    "path": _table.c.path_order,
    "name": _table.c.name_order,
    "size": _table.c.size_bytes,
    "modified_at": _table.c.modified_at,
}
_TYPES: Final[dict[str, type]] = {"path_order": str, "name_order": str, "size_bytes": int, "modified_at": str}


@dataclass(frozen=True, slots=True)
class Listing:
    """What to list. `folder` None means all folders, the empty string the root; `recursive` or a query includes
    subfolders. `-` before `sort` reverses the order. `within` is the folder that the caller is limited to.
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

    @property
    def is_one_folder(self) -> bool:
        """Without subfolders."""
        return self.folder is not None and self.query is None and not self.recursive


@dataclass(frozen=True, slots=True)
class Page:
    """Some files, and where the next page starts; None at the end."""

    items: list[File]
    next_cursor: str | None


def list_files(connection: Connection, listing: Listing, *, owner_id: str) -> Page:
    """One page of an owner's files."""
    column, descending = _order(listing)
    statement = _filtered(SELECT_FILES.add_columns(column).where(_table.c.owner_id == owner_id), listing)
    if listing.cursor is not None:
        value, file_id = _parse_cursor(listing.cursor, column)
        place, here = tuple_(column, _table.c.id), tuple_(literal(value, column.type), literal(file_id))
        statement = statement.where(place < here if descending else place > here)
    order = (column.desc(), _table.c.id.desc()) if descending else (column, _table.c.id)
    rows = connection.execute(statement.order_by(*order).limit(listing.limit + 1)).all()
    files = [file_of(row[:-1]) for row in rows[: listing.limit]]
    more = len(rows) > listing.limit
    return Page(files, _cursor(column, rows[listing.limit - 1][-1], files[-1].id) if more else None)


def _filtered(statement: Select[Any], listing: Listing) -> Select[Any]:
    if listing.path is not None:
        statement = statement.where(_table.c.path == listing.path)
    if listing.is_one_folder:
        statement = statement.where(_table.c.folder == listing.folder)
    elif listing.folder:
        statement = statement.where(func.substr(_table.c.path, 1, len(listing.folder) + 1) == f"{listing.folder}/")
    if listing.within is not None:
        statement = statement.where(func.substr(_table.c.path, 1, len(listing.within) + 1) == f"{listing.within}/")
    if listing.query is not None:
        statement = statement.where(holds_all(_table.c.path_key, search_words(listing.query)))
    if listing.kind is not None:
        statement = statement.where(_table.c.kind == listing.kind)
    return statement


def _order(listing: Listing) -> tuple[Column[Any], bool]:
    """Within one folder, sorting by path is the same as sorting by name, for which there is an index."""
    name, descending = listing.sort.removeprefix("-"), listing.sort.startswith("-")
    if name not in _SORTS:
        hint = f"Use {', '.join(_SORTS)}."
        raise InvalidInput(f"Files cannot be sorted by {listing.sort!r}.", hint=hint)
    return _SORTS["name" if name == "path" and listing.is_one_folder else name], descending


def _cursor(column: Column[Any], place: Any, file_id: str) -> str:
    if isinstance(place, datetime):
        place = place.isoformat()
    return encode_cursor(column.name, encode_bytes(place) if isinstance(place, bytes) else place, file_id)


def _parse_cursor(cursor: str, column: Column[Any]) -> tuple[Any, str]:
    name, value, file_id = decode_cursor(cursor, str, _TYPES[column.name], str)
    if name != column.name:
        raise foreign_cursor()
    if isinstance(column.type, LargeBinary):
        return decode_bytes(value), file_id
    return _moment(value) if column.name == "modified_at" else value, file_id


def _moment(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise foreign_cursor() from None
