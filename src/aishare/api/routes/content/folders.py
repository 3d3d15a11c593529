"""Folders of the caller. Paths have no slash at either end; the empty string is the root."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.conditions import ConditionsDep, show_version
from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.api.routes.content.files import SharedJson, shared_json
from aishare.catalogue.content.folders import Folder, FolderListing
from aishare.catalogue.sharing.shared_counts import SharedCounts
from aishare.core.paths import FilePath, parse_folder, parse_named_folder

router = APIRouter(prefix="/api/folders", tags=["folders"])

PathText = Annotated[str, Field(max_length=4096)]


class FolderJson(BaseModel):
    """A folder. `files` and `bytes` include its subfolders, `modified_at` is the last change in it."""

    path: str
    name: str
    files: int
    bytes: int
    created_at: datetime
    modified_at: datetime
    shared: SharedJson


class FolderPageJson(BaseModel):
    """One page; `next_cursor` is null on the last page."""

    items: list[FolderJson]
    next_cursor: str | None


class NewFolderBody(RequestBody):
    """Missing parent folders are created as well."""

    path: PathText


class MoveFolderBody(RequestBody):
    """The folder and its new path."""

    path: PathText
    new_path: PathText


class DeletedFolderJson(BaseModel):
    """The number of files deleted with the folder."""

    deleted_files: int


@router.get("")
async def list_folders(  # noqa: PLR0913 - each is a parameter
    response: Response,
    caller: CallerDep,
    runtime: RuntimeDep,
    *,
    parent: Annotated[str, Query(max_length=4096)] = "",
    cursor: Annotated[str | None, Query(max_length=10_000)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    q: Annotated[str | None, Query(max_length=500, description="Find folders at any depth below `parent`")] = None,
) -> FolderPageJson:
    """List the direct subfolders of a folder by name, a page at a time; 404 if the folder does not exist. The folder's
    ETag changes with every change in it.

    With `q`: all folders below it whose path contains all of these words, in any order and case. Of the subfolders of a
    match, only those whose own name contains one of the words are listed.
    """
    listing = FolderListing(parse_folder(parent), cursor, limit, query=(q or "").strip() or None)
    page, shared = await runtime.content.folders.page(caller, listing)
    if page.parent is not None:
        show_version(response, page.parent.version)
    items = [folder_json(folder, shared.of(folder.path)) for folder in page.items]
    return FolderPageJson(items=items, next_cursor=page.next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_folder(
    body: NewFolderBody, response: Response, caller: CallerDep, runtime: RuntimeDep, conditions: ConditionsDep
) -> FolderJson:
    """Create a folder; 409 if the path is taken."""
    folder = await runtime.content.folders.create(caller, _path(body.path), conditions=conditions)
    show_version(response, folder.version)
    return folder_json(folder, await runtime.content.folders.shared(caller, folder.path))


@router.patch("")
async def move_folder(
    body: MoveFolderBody, response: Response, caller: CallerDep, runtime: RuntimeDep, conditions: ConditionsDep
) -> FolderJson:
    """Rename or move a folder with its contents; 409 if the new path is taken, 422 if it is inside the folder."""
    folder = await runtime.content.folders.move(caller, _path(body.path), _path(body.new_path), conditions=conditions)
    show_version(response, folder.version)
    return folder_json(folder, await runtime.content.folders.shared(caller, folder.path))


@router.delete("")
async def delete_folder(
    caller: CallerDep,
    runtime: RuntimeDep,
    conditions: ConditionsDep,
    *,
    path: Annotated[str, Query(max_length=4096)],
) -> DeletedFolderJson:
    """Permanently delete a folder and its contents."""
    deleted = await runtime.content.folders.delete(caller, _path(path), conditions=conditions)
    return DeletedFolderJson(deleted_files=deleted)


def folder_json(folder: Folder, shared: SharedCounts) -> FolderJson:
    """The folder as the API shows it."""
    return FolderJson(
        path=folder.path,
        name=folder.name,
        files=folder.files,
        bytes=folder.bytes,
        created_at=folder.created_at,
        modified_at=folder.modified_at,
        shared=shared_json(shared),
    )


def _path(text: str) -> FilePath:
    """Slashes at the ends are ignored, as `folder` ignores them elsewhere; the root cannot be changed."""
    return parse_named_folder(text)
