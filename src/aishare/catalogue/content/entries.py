"""The contents of a shared folder: first folders, then files, in pages."""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from aishare.catalogue.content.files import File
from aishare.catalogue.content.folders import Folder, FolderListing, list_folders, require_folder
from aishare.catalogue.content.listing import Listing, Page, list_files
from aishare.catalogue.cursors import foreign_cursor
from aishare.core.paths import join_path, path_below

_FOLDERS: Final = "d"
_FILES: Final = "f"
"""How a cursor begins: what the page goes on with. The sort comes next, so that no page goes on in another order."""


@dataclass(frozen=True, slots=True)
class EntryListing:
    """Which folder to list, by its path below the one that was given; the empty string is that one itself. `sort` and
    `kind` are those of `Listing`: they order and choose the files. Folders stand by name, reversed where the files are.
    """

    folder: str = ""
    cursor: str | None = None
    limit: int = 100
    sort: str = "name"
    kind: str | None = None


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
    part, cursor = _parse_cursor(listing)
    folders: list[Folder] = []
    if part == _FOLDERS:
        wanted = FolderListing(folder, cursor, listing.limit, descending=listing.sort in {"-name", "-path"})
        found = list_folders(connection, wanted, owner_id=owner_id)
        folders, cursor = [replace(item, path=path_below(item.path, base)) for item in found.items], None
        if found.next_cursor is not None:
            return EntryPage(folders, [], _cursor(_FOLDERS, listing, found.next_cursor))
        if len(folders) == listing.limit:
            return EntryPage(folders, [], _cursor(_FILES, listing))
    page = _files(connection, listing, folder, cursor, limit=listing.limit - len(folders), owner_id=owner_id)
    files = [replace(file, path=path_below(file.path, base)) for file in page.items]
    return EntryPage(folders, files, None if page.next_cursor is None else _cursor(_FILES, listing, page.next_cursor))


def _files(  # noqa: PLR0913 - what a page of files is made of
    connection: Connection, listing: EntryListing, folder: str, cursor: str | None, *, limit: int, owner_id: str
) -> Page:
    wanted = Listing(folder=folder, kind=listing.kind, sort=listing.sort, cursor=cursor, limit=limit)
    return list_files(connection, wanted, owner_id=owner_id)


def _cursor(part: str, listing: EntryListing, rest: str = "") -> str:
    return f"{part}.{listing.sort}.{rest}"


def _parse_cursor(listing: EntryListing) -> tuple[str, str | None]:
    """What the page goes on with, and the cursor in that; InvalidInput for one of another sort."""
    if listing.cursor is None:
        return _FOLDERS, None
    part, _, rest = listing.cursor.partition(".")
    sort, dot, rest = rest.partition(".")
    if part not in {_FOLDERS, _FILES} or sort != listing.sort or not dot:
        raise foreign_cursor()
    return part, rest or None
