"""The files below a folder, for an archive: folder by folder, in pages, with names that are safe to unpack."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from aishare.catalogue.content.files import File
from aishare.catalogue.content.folders import Folder, FolderListing, list_folders
from aishare.catalogue.content.listing import Listing, list_files
from aishare.catalogue.database.session import Catalogue
from aishare.core.zip_names import Names

_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or an empty folder: then `file_id` is None and the name ends with a slash."""

    name: str
    modified_at: datetime
    file_id: str | None


@dataclass(frozen=True, slots=True)
class _Level:
    """A folder and its name in the archive, with a slash."""

    folder: Folder
    prefix: str


async def walk_folder(catalogue: Catalogue, owner_id: str, folder: Folder) -> AsyncGenerator[Found, None]:
    """Everything below the folder, under the folder's own name. NotFound if a folder disappears meanwhile: it may have
    been moved, and its contents would be missing.
    """
    levels = [_Level(folder, f"{Names().claim(folder.name)}/")]
    while levels:
        level = levels.pop()
        names = Names()
        empty = True
        async for file in _files(catalogue, owner_id, level.folder.path):
            empty = False
            yield Found(level.prefix + names.claim(file.name), file.modified_at, file.id)
        below: list[_Level] = []
        async for item in _folders(catalogue, owner_id, level.folder.path):
            empty = False
            below.append(_Level(item, f"{level.prefix}{names.claim(item.name)}/"))
        levels.extend(reversed(below))
        if empty:
            yield Found(level.prefix, level.folder.modified_at, None)


async def _files(catalogue: Catalogue, owner_id: str, folder: str) -> AsyncIterator[File]:
    listing = Listing(folder=folder, sort="name", limit=_PAGE)
    while True:
        page = await catalogue.read(partial(list_files, listing=listing, owner_id=owner_id))
        for file in page.items:
            yield file
        if page.next_cursor is None:
            return
        listing = replace(listing, cursor=page.next_cursor)


async def _folders(catalogue: Catalogue, owner_id: str, parent: str) -> AsyncIterator[Folder]:
    listing = FolderListing(parent, limit=_PAGE)
    while True:
        page = await catalogue.read(partial(list_folders, listing=listing, owner_id=owner_id))
        for item in page.items:
            yield item
        if page.next_cursor is None:
            return
        listing = replace(listing, cursor=page.next_cursor)
