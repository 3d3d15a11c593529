"""Sharing with people: files and folders, to read or to write. Content goes through `aishare.api.doors.transfers`."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.conditions import ConditionsDep, show_version
from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.api.routes.content import FileJson, Kind, NewFolderBody, Sort, file_json
from aishare.catalogue.content.entries import EntryListing
from aishare.catalogue.content.folders import Folder
from aishare.catalogue.people.users import Person
from aishare.catalogue.sharing.shares import Share
from aishare.core.errors import InvalidInput
from aishare.core.paths import parse_folder, parse_named_folder, split_path
from aishare.images.formats import Shown
from aishare.services.sharing.shares import Level, ShareRequest

router = APIRouter(prefix="/api/shares", tags=["shares"])


class PersonJson(BaseModel):
    """A user as seen by other users."""

    username: str
    display_name: str


class ShareJson(BaseModel):
    """A file or folder that `owner` shares with `user`; either `file` or `folder` is set. For the user, paths start at
    the shared item.
    """

    id: str
    kind: Literal["file", "folder"]
    file: FileJson | None
    folder: str | None
    name: str
    owner: PersonJson
    user: PersonJson
    right: Level
    created_at: datetime


class ShareListJson(BaseModel):
    """Shares, newest first."""

    items: list[ShareJson]


class NewShareBody(RequestBody):
    """Give either `file_id` or `folder`."""

    file_id: Annotated[str, Field(max_length=64)] | None = None
    folder: Annotated[str, Field(max_length=4096)] | None = None
    username: Annotated[str, Field(max_length=200)]
    right: Level = "read"


class ChangeShareBody(RequestBody):
    """The new permission."""

    right: Level


class EntryFolderJson(BaseModel):
    """A folder in a shared folder; `files` and `bytes` include its subfolders."""

    name: str
    path: str
    files: int
    bytes: int
    modified_at: datetime


class EntryPageJson(BaseModel):
    """One page: first folders, then files. Paths are relative to the shared folder."""

    folders: list[EntryFolderJson]
    items: list[FileJson]
    next_cursor: str | None


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"model": ShareJson}})
async def create_share(
    body: NewShareBody, response: Response, caller: CallerDep, runtime: RuntimeDep, conditions: ConditionsDep
) -> ShareJson:
    """Share one of your files or folders with a user. 200 if it was already shared with that user; the permission
    changes.
    """
    if (body.file_id is None) == (body.folder is None):
        raise InvalidInput("Give either `file_id` or `folder`.")
    request = ShareRequest(
        file_id=body.file_id,
        folder=None if body.folder is None else parse_named_folder(body.folder),
        username=body.username,
        level=body.right,
    )
    share, created = await runtime.sharing.shares.share(caller, request, conditions=conditions)
    show_version(response, share.version)
    if not created:
        response.status_code = status.HTTP_200_OK
    return share_json(share, runtime.previews.thumbnails.shown)


@router.get("")
async def list_shares(
    caller: CallerDep,
    runtime: RuntimeDep,
    *,
    file_id: Annotated[str | None, Query(max_length=64)] = None,
    folder: Annotated[str | None, Query(max_length=4096)] = None,
) -> ShareListJson:
    """List what you share with others: one file or folder, or everything."""
    path = None if folder is None else parse_named_folder(folder)
    found = await runtime.sharing.shares.mine(caller, file_id=file_id, folder=path)
    return ShareListJson(items=[share_json(share, runtime.previews.thumbnails.shown) for share in found])


@router.get("/with-me")
async def list_shares_with_me(caller: CallerDep, runtime: RuntimeDep) -> ShareListJson:
    """List what others share with you."""
    return ShareListJson(
        items=[
            share_json(share, runtime.previews.thumbnails.shown)
            for share in await runtime.sharing.shares.with_me(caller)
        ]
    )


@router.patch("/{share_id}")
async def change_share(  # noqa: PLR0913 - parameters from FastAPI
    share_id: str,
    body: ChangeShareBody,
    *,
    response: Response,
    caller: CallerDep,
    runtime: RuntimeDep,
    conditions: ConditionsDep,
) -> ShareJson:
    """Change the permission of a share; only the owner can."""
    share = await runtime.sharing.shares.change(caller, share_id, body.right, conditions=conditions)
    show_version(response, share.version)
    return share_json(share, runtime.previews.thumbnails.shown)


@router.delete("/{share_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_share(share_id: str, caller: CallerDep, runtime: RuntimeDep, conditions: ConditionsDep) -> None:
    """End a share, as its owner or as the user it is shared with; effective with the next request."""
    await runtime.sharing.shares.end(caller, share_id, conditions=conditions)


@router.get("/{share_id}/entries")
async def list_share_entries(  # noqa: PLR0913 - each is a parameter
    share_id: str,
    caller: CallerDep,
    runtime: RuntimeDep,
    *,
    folder: Annotated[str, Query(max_length=4096)] = "",
    kind: Annotated[Kind | None, Query(description="Only files of this kind; folders stay")] = None,
    sort: Annotated[Sort, Query(description="Order of the files. Folders come first, by name")] = "name",
    cursor: Annotated[str | None, Query(max_length=10_000)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> EntryPageJson:
    """List the contents of a shared folder, a page at a time; `folder` is a path inside it."""
    listing = EntryListing(parse_folder(folder), cursor, limit, sort, kind)
    page = await runtime.sharing.shares.entries(caller, share_id, listing)
    return EntryPageJson(
        folders=[entry_folder_json(item) for item in page.folders],
        items=[file_json(file, runtime.previews.thumbnails.shown) for file in page.files],
        next_cursor=page.next_cursor,
    )


@router.post("/{share_id}/folders", status_code=status.HTTP_201_CREATED)
async def create_folder_in_share(
    share_id: str, body: NewFolderBody, caller: CallerDep, runtime: RuntimeDep, conditions: ConditionsDep
) -> EntryFolderJson:
    """Create a folder in a folder shared with write access; 409 if the path is taken."""
    path = parse_named_folder(body.path)
    folder = await runtime.content.folders.create_in_share(caller, share_id, path, conditions=conditions)
    return entry_folder_json(folder)


def person_json(person: Person) -> PersonJson:
    """The user as other users see them."""
    return PersonJson(username=person.username, display_name=person.display_name)


def share_json(share: Share, shown: Shown) -> ShareJson:
    """The share as the API shows it."""
    return ShareJson(
        id=share.id,
        kind="folder" if share.file is None else "file",
        file=None if share.file is None else file_json(share.file, shown),
        folder=share.folder,
        name=split_path(share.folder or "")[1] if share.file is None else share.file.name,
        owner=person_json(share.owner),
        user=person_json(share.user),
        right="write" if share.may_write else "read",
        created_at=share.created_at,
    )


def entry_folder_json(folder: Folder) -> EntryFolderJson:
    """The folder as seen by the users it is shared with."""
    return EntryFolderJson(
        name=folder.name,
        path=folder.path,
        files=folder.files,
        bytes=folder.bytes,
        modified_at=folder.modified_at,
    )
