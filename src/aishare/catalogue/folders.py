"""Folders: a row each, with the sums of everything below, so that a list costs its rows and not the files in them.

Each change of files runs under its owner's lock and keeps three things true: every ancestor of a file has a row, no
path is a file and a folder at once, and a row counts exactly the files below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, insert, select, update

from aishare.catalogue import schema
from aishare.catalogue.cursors import decode_cursor, encode_cursor, foreign_cursor
from aishare.catalogue.usage import Sums, lock_owner
from aishare.core.conditions import Version, etag_of
from aishare.core.errors import Conflict, NotFound
from aishare.core.paths import FilePath, ancestors_of, split_path

_table = schema.folders
_files = schema.files

_CURSOR: Final = "folder"
"""What a cursor of folders begins with."""

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
    """`files` and `bytes` are of the whole subtree, `modified_at` is the time of the last change in it."""

    path: str
    name: str
    files: int
    bytes: int
    created_at: datetime
    modified_at: datetime

    @property
    def version(self) -> Version:
        """Another with each change below it; what conditions of requests are about."""
        return Version(etag_of(self), self.modified_at)


@dataclass(frozen=True, slots=True)
class FolderListing:
    """Which direct subfolders to list; the empty string is the root."""

    parent: str = ""
    cursor: str | None = None
    limit: int = 100
    descending: bool = False


@dataclass(frozen=True, slots=True)
class FolderPage:
    """Some folders, where the next page starts, None at the end, and the folder that they lie in; the root is None."""

    items: list[Folder]
    next_cursor: str | None
    parent: Folder | None = None


def folder_at(connection: Connection, owner_id: str, path: str) -> Folder | None:
    """The folder of this path."""
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
    """One page of direct subfolders by name; NotFound if the parent is no folder."""
    parent = require_folder(connection, owner_id, listing.parent) if listing.parent else None
    statement = select(*_COLUMNS).where(_table.c.owner_id == owner_id, _table.c.parent == listing.parent)
    if listing.cursor is not None:
        last = _parse_cursor(listing.cursor)
        statement = statement.where(_table.c.name < last if listing.descending else _table.c.name > last)
    order = _table.c.name.desc() if listing.descending else _table.c.name
    rows = connection.execute(statement.order_by(order).limit(listing.limit + 1)).all()
    folders = [Folder(*row) for row in rows[: listing.limit]]
    next_cursor = encode_cursor(_CURSOR, folders[-1].name) if len(rows) > listing.limit else None
    return FolderPage(folders, next_cursor, parent)


def create_folder(connection: Connection, owner_id: str, path: FilePath, *, now: datetime) -> Folder:
    """With the folders above it; Conflict if the path is taken."""
    lock_owner(connection, owner_id)
    claim_folder_path(connection, owner_id, path, now=now)
    insert_folders(connection, owner_id, [path], now=now)
    touch_folders(connection, owner_id, path, now=now)
    return require_folder(connection, owner_id, path)


def claim_folder_path(connection: Connection, owner_id: str, path: FilePath, *, now: datetime) -> None:
    """Like `claim_path`; Conflict also if a file has that path."""
    if _files_at(connection, owner_id, [path]):
        raise Conflict("There is a file of this name already.", hint="Choose another name.")
    claim_path(connection, owner_id, path, now=now)


def claim_path(connection: Connection, owner_id: str, path: FilePath, *, now: datetime) -> None:
    """Make the folders above a path that is to become a file or folder; Conflict if that cannot be.

    Under the owner's lock. Whether a file has that path is for the caller to know.
    """
    above = ancestors_of(path)
    known = _known_folders(connection, owner_id, [*above, path])
    if path in known:
        raise Conflict("There is a folder of this name already.", hint="Choose another name.")
    missing = [folder for folder in above if folder not in known]
    if not missing:
        return
    if in_the_way := _files_at(connection, owner_id, missing):
        raise Conflict(f"{in_the_way[0]} is a file, not a folder.", hint="Choose another folder.")
    insert_folders(connection, owner_id, missing, now=now)


def count_in_folders(connection: Connection, owner_id: str, path: str, more: Sums, *, now: datetime) -> None:
    """Add to all folders above a path, in the transaction of the change itself."""
    values = {"files": _table.c.files + more.files, "bytes": _table.c.bytes + more.bytes, "modified_at": now}
    connection.execute(_update_above(owner_id, path).values(**values))


def touch_folders(connection: Connection, owner_id: str, path: str, *, now: datetime) -> None:
    """Something changed in all folders above a path."""
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
    """Empty ones, at paths that are free."""
    rows = [
        {
            "owner_id": owner_id,
            "path": path,
            "parent": split_path(path)[0],
            "name": split_path(path)[1],
            "files": 0,
            "bytes": 0,
            "created_at": now,
            "modified_at": now,
        }
        for path in paths
    ]
    connection.execute(insert(_table), rows)


def _parse_cursor(cursor: str) -> str:
    kind, name = decode_cursor(cursor, str, str)
    if kind != _CURSOR:
        raise foreign_cursor()
    return str(name)
