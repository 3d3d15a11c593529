"""The contents of a shared folder: first folders, then files, in pages."""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from aishare.catalogue.cursors import foreign_cursor
from aishare.catalogue.files import File
from aishare.catalogue.folders import Folder, FolderListing, list_folders, require_folder
from aishare.catalogue.listing import Listing, list_files
from aishare.core.paths import join_path, path_below

_FOLDERS: Final = "d."
_FILES: Final = "f."
"""How a cursor begins: what the page goes on with."""


@dataclass(frozen=True, slots=True)
class EntryListing:
    """Which folder to list, by its path below the one that was given; the empty string is that one itself."""

    folder: str = ""
    cursor: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries with paths below the folder that was given, and where the next page starts; None at the end."""

    folders: list[Folder]
    files: list[File]
    next_cursor: str | None


def list_entries(connection: Connection, listing: EntryListing, *, owner_id: str, base: str) -> EntryPage:
    """One page; NotFound if there is no such folder. `base` is the folder that was given, a path of the owner's."""
    folder = join_path(base, listing.folder)
    require_folder(connection, owner_id, folder)
    kind, cursor = _parse_cursor(listing.cursor)
    folders: list[Folder] = []
    if kind == _FOLDERS:
        found = list_folders(connection, FolderListing(folder, cursor, listing.limit), owner_id=owner_id)
        folders, cursor = [replace(item, path=path_below(item.path, base)) for item in found.items], None
        if found.next_cursor is not None:
            return EntryPage(folders, [], _FOLDERS + found.next_cursor)
        if len(folders) == listing.limit:
            return EntryPage(folders, [], _FILES)
    wanted = Listing(folder=folder, sort="name", cursor=cursor, limit=listing.limit - len(folders))
    page = list_files(connection, wanted, owner_id=owner_id)
    files = [replace(file, path=path_below(file.path, base)) for file in page.items]
    return EntryPage(folders, files, None if page.next_cursor is None else _FILES + page.next_cursor)


def _parse_cursor(cursor: str | None) -> tuple[str, str | None]:
    if cursor is None:
        return _FOLDERS, None
    kind, rest = cursor[:2], cursor[2:]
    if kind not in {_FOLDERS, _FILES}:
        raise foreign_cursor()
    return kind, rest or None
