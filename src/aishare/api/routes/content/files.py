"""Routes for files: list, get, rename, delete. Uploads and downloads are in `aishare.api.doors.transfers`."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.conditions import ConditionsDep, show_version
from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.api.routes.previews import thumbnail_url
from aishare.catalogue.content.files import File
from aishare.catalogue.content.listing import Listing
from aishare.catalogue.previews.images import KnownImage
from aishare.catalogue.sharing.shared_counts import SharedCounts
from aishare.core.clock import utc_now
from aishare.core.errors import InvalidInput
from aishare.core.paths import FilePath, parse_folder, parse_path, split_path
from aishare.images.formats import READABLE, Shown
from aishare.services.previews.thumbnails import thumbnail_problem

router = APIRouter(prefix="/api/files", tags=["files"])

Kind = Literal["dataset", "model", "image", "text", "audio", "video", "archive", "document", "other"]
Sort = Literal["path", "-path", "name", "-name", "size", "-size", "modified_at", "-modified_at"]


class ImageJson(BaseModel):
    """Image details: size in pixels (after rotation), dominant colour as `#rrggbb`, format."""

    width: int
    height: int
    colour: str
    format: str


class SharedJson(BaseModel):
    """The number of active links to it, and of people it is shared with. Shares and links of a folder above are not
    included: that folder has its own numbers.
    """

    links: int
    people: int


class FileJson(BaseModel):
    """A file. `size` in bytes, `sha256` in hex, `location` is the id of the location that contains its content. A new
    image has a `thumbnail_url` but no `image` until its thumbnail is made; if that is not possible,
    `thumbnail_problem` has the reason. `shared` is only for the owner, and null for others and in lists of shares.
    """

    id: str
    path: str
    name: str
    size: int
    media_type: str
    kind: str
    sha256: str
    owner: str
    location: str
    created_at: datetime
    modified_at: datetime
    image: ImageJson | None
    thumbnail_url: str | None
    thumbnail_problem: str | None
    shared: SharedJson | None


class FilePageJson(BaseModel):
    """One page; `next_cursor` is null on the last page."""

    items: list[FileJson]
    next_cursor: str | None


class ChangeFileBody(RequestBody):
    """A new `path`; or a new `name` in the same folder, a new `folder` with the same name, or both."""

    path: Annotated[str, Field(max_length=4096)] | None = None
    name: Annotated[str, Field(max_length=1024)] | None = None
    folder: Annotated[str, Field(max_length=4096)] | None = None


def file_json(file: File, shown: Shown, shared: SharedCounts | None = None) -> FileJson:
    """The file as the API shows it; `shown` contains the settings for images."""
    problem = _thumbnail_problem(file, shown)
    return FileJson(
        id=file.id,
        path=file.path,
        name=file.name,
        size=file.object.digests.size_bytes,
        media_type=file.media_type,
        kind=file.kind,
        sha256=file.object.digests.sha256.hex(),
        owner=file.owner_name,
        location=file.object.location_id,
        created_at=file.created_at,
        modified_at=file.modified_at,
        image=image_json(file.image),
        thumbnail_url=thumbnail_url(file) if problem is None and file.media_type in shown.types else None,
        thumbnail_problem=problem,
        shared=None if shared is None else shared_json(shared),
    )


def shared_json(shared: SharedCounts) -> SharedJson:
    """The numbers as the API shows them."""
    return SharedJson(links=shared.links, people=shared.people)


def has_thumbnail(file: File, shown: Shown) -> bool:
    """Whether a thumbnail can be asked for; there may be none of a damaged image that nobody has drawn yet."""
    return file.media_type in shown.types and _thumbnail_problem(file, shown) is None


def _thumbnail_problem(file: File, shown: Shown) -> str | None:
    return thumbnail_problem(file, shown, now=utc_now()) if shown.types and file.media_type in READABLE else None


def image_json(known: KnownImage | None) -> ImageJson | None:
    """What is known of an image; None until it was read, and where it cannot be."""
    if known is None or not (known.width and known.height and known.colour and known.format):
        return None
    return ImageJson(width=known.width, height=known.height, colour=known.colour, format=known.format)


@router.get("")
async def list_files(  # noqa: PLR0913 - each is a query parameter
    caller: CallerDep,
    runtime: RuntimeDep,
    *,
    folder: Annotated[str | None, Query(max_length=4096)] = None,
    path: Annotated[str | None, Query(max_length=4096, description="Only the file with exactly this path")] = None,
    recursive: Annotated[bool, Query(description="With `folder`: include the files in its subfolders")] = False,
    q: Annotated[str | None, Query(max_length=500)] = None,
    kind: Kind | None = None,
    sort: Sort = "path",
    cursor: Annotated[str | None, Query(max_length=10_000)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> FilePageJson:
    """List your files, a page at a time. Without `folder`: files in all folders. With it: only files in this folder,
    or, with `recursive` or `q`, also in its subfolders. `q` finds paths with all of these words, in any order and case.

    Names are in natural order: img_2 before img_10; case and accents make no difference.
    """
    listing = Listing(
        folder=None if folder is None else parse_folder(folder),
        path=None if path is None else parse_path(path),
        recursive=recursive,
        query=(q or "").strip() or None,
        kind=kind,
        sort=sort,
        cursor=cursor,
        limit=limit,
    )
    page, shared = await runtime.content.files.page(caller, listing)
    shown = runtime.previews.thumbnails.shown
    items = [file_json(file, shown, shared.of(file.id)) for file in page.items]
    return FilePageJson(items=items, next_cursor=page.next_cursor)


@router.get("/{file_id}")
async def get_file(file_id: str, caller: CallerDep, runtime: RuntimeDep) -> FileJson:
    """Get a file's details."""
    file = await runtime.content.files.look(caller, file_id)
    return file_json(file, runtime.previews.thumbnails.shown, await runtime.content.files.shared(caller, file))


@router.patch("/{file_id}")
async def change_file(  # noqa: PLR0913 - parameters from FastAPI
    file_id: str,
    body: ChangeFileBody,
    *,
    response: Response,
    caller: CallerDep,
    runtime: RuntimeDep,
    conditions: ConditionsDep,
) -> FileJson:
    """Rename or move a file; 409 if the path is taken. A file shared with you cannot leave the shared folder."""
    file = await runtime.content.files.look(caller, file_id)
    renamed = await runtime.content.files.rename(caller, file_id, _new_path(file, body), conditions=conditions)
    show_version(response, renamed.version)
    return file_json(renamed, runtime.previews.thumbnails.shown, await runtime.content.files.shared(caller, renamed))


@router.delete("/{file_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_file(file_id: str, caller: CallerDep, runtime: RuntimeDep, conditions: ConditionsDep) -> None:
    """Permanently delete a file."""
    await runtime.content.files.delete(caller, file_id, conditions=conditions)


def _new_path(file: File, body: ChangeFileBody) -> FilePath:
    if body.path is not None:
        if body.name is not None or body.folder is not None:
            raise InvalidInput("Give either `path`, or `name` and `folder`.")
        return parse_path(body.path)
    if body.name is None and body.folder is None:
        raise InvalidInput("Nothing to change.", hint="Give a new `path`, `name` or `folder`.")
    folder, name = split_path(file.path)
    folder = folder if body.folder is None else parse_folder(body.folder)
    name = name if body.name is None else body.name
    if "/" in name:
        raise InvalidInput("A name cannot contain a slash.", hint="To move a file, use `folder` or `path`.")
    return parse_path(f"{folder}/{name}" if folder else name)
