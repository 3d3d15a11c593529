"""Folders: one row each, with the totals of everything below, so that listing does not depend on the number of files.

Each change of files holds its owner's lock and keeps three rules: every ancestor of a file has a row, no path is both a
file and a folder, and a row counts exactly the files below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from aishare.catalogue import schema
from aishare.catalogue.content.search import holds_all, holds_any, search_words
from aishare.catalogue.content.usage import Sums, lock_owner
from aishare.catalogue.cursors import decode_bytes, decode_cursor, encode_bytes, encode_cursor, foreign_cursor
from aishare.core.conditions import Version, etag_of
from aishare.core.errors import Conflict, NotFound
from aishare.core.natural_order import name_order
from aishare.core.paths import FilePath, ancestors_of, join_path, path_below, split_path

_table = schema.folders
_files = schema.files

_CURSOR: Final = "folder by name below"
"""First part of a cursor of folders; changed when the order or the parts change, so that old cursors are refused."""

_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.path,
    _table.c.name,
    _table.c.files,
    _table.c.bytes,
    _table.c.created_at,
    _table.c.modified_at,
)


@dataclass(frozen=True, slots=True)
class Folder:
    """`files` and `bytes` include the whole subtree, `modified_at` is the time of the last change in it."""

    path: str
    name: str
    files: int
    bytes: int
    created_at: datetime
    modified_at: datetime

    @property
    def version(self) -> Version:
        """Changes with every change below the folder; used in conditional requests."""
        return Version(etag_of(self), self.modified_at)


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The folder whose direct subfolders to list; the empty string is the root. With a query: the folders below it to
    find.
    """

    parent: str = ""
    cursor: str | None = None
    limit: int = 100
    query: str | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class FolderPage:
    """Some folders, where the next page starts (None at the end), and their parent folder, which is None
    for the root.
    """

    items: list[Folder]
    next_cursor: str | None
    parent: Folder | None = None


def folder_at(connection: Connection, owner_id: str, path: str) -> Folder | None:
    """The folder at this path."""
    statement = select(*_COLUMNS).where(_table.c.owner_id == owner_id, _table.c.path == path)
    row = connection.execute(statement).first()
    return None if row is None else Folder(*row)


def require_folder(connection: Connection, owner_id: str, path: str) -> Folder:
    """NotFound if there is none."""
    folder = folder_at(connection, owner_id, path)
    if folder is None:
        raise NotFound("There is no such folder.")
    return folder


def list_folders(connection: Connection, listing: FolderListing, *, owner_id: str) -> FolderPage:
    """One page of direct subfolders by name, or of search results; NotFound if the parent does not exist."""
    parent = require_folder(connection, owner_id, listing.parent) if listing.parent else None
    place = (_table.c.name_order, _table.c.path)
    statement = _wanted(select(*_COLUMNS, _table.c.name_order).where(_table.c.owner_id == owner_id), listing)
    if listing.cursor is not None:
        after, seen = tuple_(*place), _parse_cursor(listing.cursor, listing.parent)
        statement = statement.where(after < seen if listing.descending else after > seen)
    order = [column.desc() if listing.descending else column for column in place]
    rows = connection.execute(statement.order_by(*order).limit(listing.limit + 1)).all()
    folders = [Folder(*row[:-1]) for row in rows[: listing.limit]]
    if len(rows) <= listing.limit:
        return FolderPage(folders, None, parent)
    last = rows[listing.limit - 1]
    return FolderPage(folders, _cursor(last.name_order, path_below(last.path, listing.parent)), parent)


def _wanted(statement: Select[Any], listing: FolderListing) -> Select[Any]:
    """A search finds folders whose path contains all the words; of the subfolders of a match, only those whose own name
    contains one of them.
    """
    if listing.query is None:
        return statement.where(_table.c.parent == listing.parent)
    if listing.parent:
        statement = statement.where(func.substr(_table.c.path, 1, len(listing.parent) + 1) == f"{listing.parent}/")
    words = search_words(listing.query)
    above = func.substr(_table.c.path_key, 1, func.length(_table.c.path_key) - func.length(_table.c.name_key))
    known_by_above = holds_all(func.rtrim(above, "/"), words)
    return statement.where(holds_all(_table.c.path_key, words), holds_any(_table.c.name_key, words) | ~known_by_above)


def create_folder(connection: Connection, owner_id: str, path: FilePath, *, now: datetime) -> Folder:
    """Creates missing parent folders too; Conflict if the path is taken."""
    lock_owner(connection, owner_id)
    claim_folder_path(connection, owner_id, path, now=now)
    insert_folders(connection, owner_id, [path], now=now)
    touch_folders(connection, owner_id, path, now=now)
    return require_folder(connection, owner_id, path)


def claim_folder_path(connection: Connection, owner_id: str, path: FilePath, *, now: datetime) -> None:
    """Like `claim_path`; also raises Conflict if a file has that path."""
    if _files_at(connection, owner_id, [path]):
        raise Conflict("A file with this name already exists.", hint="Choose another name.")
    claim_path(connection, owner_id, path, now=now)


def claim_path(connection: Connection, owner_id: str, path: FilePath, *, now: datetime) -> None:
    """Creates the parent folders of a new file or folder; Conflict if that is not possible.

    Needs the owner's lock. The caller must check whether a file has that path.
    """
    above = ancestors_of(path)
    known = _known_folders(connection, owner_id, [*above, path])
    if path in known:
        raise Conflict("A folder with this name already exists.", hint="Choose another name.")
    missing = [folder for folder in above if folder not in known]
    if not missing:
        return
    if in_the_way := _files_at(connection, owner_id, missing):
        name = split_path(in_the_way[0])[1]  # not the path: who was given a folder must not see the names above it
        raise Conflict(f"{name} is a file, not a folder.", hint="Choose another folder.")
    insert_folders(connection, owner_id, missing, now=now)


def count_in_folders(connection: Connection, owner_id: str, path: str, more: Sums, *, now: datetime) -> None:
    """Adds to the totals of all parent folders, in the transaction of the change itself."""
    values = {"files": _table.c.files + more.files, "bytes": _table.c.bytes + more.bytes, "modified_at": now}
    connection.execute(_update_above(owner_id, path).values(**values))


def touch_folders(connection: Connection, owner_id: str, path: str, *, now: datetime) -> None:
    """Updates `modified_at` of all parent folders."""
    connection.execute(_update_above(owner_id, path).values(modified_at=now))


def _update_above(owner_id: str, path: str) -> Any:
    return update(_table).where(_table.c.owner_id == owner_id, _table.c.path.in_(ancestors_of(path)))


def _known_folders(connection: Connection, owner_id: str, paths: Sequence[str]) -> set[str]:
    statement = select(_table.c.path).where(_table.c.owner_id == owner_id, _table.c.path.in_(paths))
    return set(connection.execute(statement).scalars())


def _files_at(connection: Connection, owner_id: str, paths: Sequence[str]) -> list[str]:
    statement = select(_files.c.path).where(_files.c.owner_id == owner_id, _files.c.path.in_(paths))
    return list(connection.execute(statement).scalars())


def insert_folders(connection: Connection, owner_id: str, paths: Sequence[str], *, now: datetime) -> None:
    """Inserts empty folders at free paths."""
    fresh = {"files": 0, "bytes": 0, "created_at": now, "modified_at": now}
    rows = [{"owner_id": owner_id, **_path_columns(path), **fresh} for path in paths]
    connection.execute(insert(_table), rows)


def name_columns(name: str) -> dict[str, str | bytes]:
    """All columns derived from the name of a folder."""
    return {"name": name, "name_key": name.casefold(), "name_order": name_order(name)}


def _path_columns(path: str) -> dict[str, str | bytes]:
    parent, name = split_path(path)
    return {"path": path, "path_key": path.casefold(), "parent": parent, **name_columns(name)}


def _cursor(order: bytes, below: str) -> str:
    """The path starts below the listed folder: who was given that folder must not see the names above it."""
    return encode_cursor(_CURSOR, encode_bytes(order), below)


def _parse_cursor(cursor: str, parent: str) -> ColumnElement[Any]:
    kind, order, below = decode_cursor(cursor, str, str, str)
    if kind != _CURSOR:
        raise foreign_cursor()
    return tuple_(literal(decode_bytes(order), LargeBinary()), literal(join_path(parent, below)))
