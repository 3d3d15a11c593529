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
"""First part of a cursor: what the next page starts with. The sort order follows, so that a cursor cannot be used with
another order.
"""


@dataclass(frozen=True, slots=True)
class EntryListing:
    """The folder to list, by its path relative to the shared folder; the empty string is the shared folder itself.
    `sort` and `kind` are those of `Listing` and apply to the files. Folders are sorted by name, in reverse if the files
    are.
    """

    folder: str = ""
    cursor: str | None = None
    limit: int = 100
    sort: str = "name"
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries with paths relative to the shared folder, and where the next page starts; None at the end."""

    folders: list[Folder]
    files: list[File]
    next_cursor: str | None


def list_entries(connection: Connection, listing: EntryListing, *, owner_id: str, base: str) -> EntryPage:
    """One page; NotFound if there is no such folder. `base` is the shared folder, a path of the owner."""
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


def _files(  # noqa: PLR0913 - the parts of a page
    connection: Connection, listing: EntryListing, folder: str, cursor: str | None, *, limit: int, owner_id: str
) -> Page:
    wanted = Listing(folder=folder, kind=listing.kind, sort=listing.sort, cursor=cursor, limit=limit)
    return list_files(connection, wanted, owner_id=owner_id)


def _cursor(part: str, listing: EntryListing, rest: str = "") -> str:
    return f"{part}.{listing.sort}.{rest}"


def _parse_cursor(listing: EntryListing) -> tuple[str, str | None]:
    """The section that the next page starts in, and the cursor within it; InvalidInput for a cursor of another sort
    order.
    """
    if listing.cursor is None:
        return _FOLDERS, None
    part, _, rest = listing.cursor.partition(".")
    sort, dot, rest = rest.partition(".")
    if part not in {_FOLDERS, _FILES} or sort != listing.sort or not dot:
        raise foreign_cursor()
    return part, rest or None
