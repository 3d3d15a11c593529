"""Routes for the page of a link: the file or folder, its contents, and the password.

Open to anyone with the token; access is checked by `services.sharing.link_visits`. Content is sent by
`doors.link_doors`.
"""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.callers import origin_of
from aishare.api.http.deps import RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.api.http.visitors import unlock_cookies, visitor_of
from aishare.api.routes.content import ImageJson, Kind, Sort, has_thumbnail, image_json
from aishare.api.routes.previews import thumbnail_version
from aishare.api.routes.sharing.shares import EntryFolderJson, entry_folder_json
from aishare.catalogue.content.entries import EntryListing
from aishare.catalogue.content.files import File
from aishare.catalogue.sharing.links import FILE, FOLDER, REQUEST, Link
from aishare.core.errors import LinkNotFound
from aishare.core.paths import parse_folder
from aishare.previews.kinds import reader_of
from aishare.runtime import Runtime
from aishare.services.sharing.link_visits import Visit, shows_content
from aishare.services.sharing.links import downloads_left

router = APIRouter(tags=["link doors"])

LinkKind = Literal["file", "folder", "request"]

_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


class VisitJson(BaseModel):
    """The file or folder of a link. Until the password is entered or the right user is signed in, everything about the
    content is null. `preview_url` and `thumbnail_url` are null if there is none, or if the link has a download limit.
    """

    kind: LinkKind
    name: str | None
    size: int | None
    media_type: str | None
    owner: str
    note: str | None
    expires_at: datetime | None
    needs_password: bool
    unlocked: bool
    needs_sign_in: bool
    downloads_left: int | None
    download_url: str | None
    image: ImageJson | None
    thumbnail_url: str | None
    preview_url: str | None


class VisitedFileJson(BaseModel):
    """A file in the folder of a link; `path` is relative to that folder."""

    name: str
    path: str
    size: int
    media_type: str
    kind: str
    modified_at: datetime
    download_url: str
    image: ImageJson | None
    thumbnail_url: str | None
    preview_url: str | None


class VisitedFolderJson(BaseModel):
    """One page: first folders, then files."""

    folders: list[EntryFolderJson]
    items: list[VisitedFileJson]
    next_cursor: str | None


class ReceivedJson(BaseModel):
    """An uploaded file, with the name it was given."""

    name: str
    size: int
    sha256: str


class UnlockBody(RequestBody):
    """The password of the link."""

    password: Annotated[str, Field(max_length=2000)]


@router.get("/api/d/{token}")
async def visit_link(token: str, request: Request, response: Response, runtime: RuntimeDep) -> VisitJson:
    """Get the file or folder of a link, and whether it needs a password or a signed-in user."""
    response.headers.update(_HEADERS)
    look = await runtime.sharing.visits.look(token, visitor_of(request.scope, runtime))
    link, visit = look.link, look.visit
    file = await runtime.sharing.visits.file(visit) if visit is not None and link.kind == FILE else None
    return VisitJson(
        kind=link.kind,  # type: ignore[arg-type]  # the table contains no other values
        name=None if visit is None else _name(visit),
        size=file.object.digests.size_bytes if file else None,
        media_type=file.media_type if file else None,
        owner=link.owner_display_name,
        note=None if visit is None else link.note,
        expires_at=link.expires_at,
        needs_password=look.needs_password,
        unlocked=look.unlocked,
        needs_sign_in=look.needs_sign_in,
        downloads_left=downloads_left(link),
        download_url=None if visit is None or link.kind == REQUEST else f"/d/{token}",
        image=_image(link, file) if file else None,
        thumbnail_url=_thumbnail_url(link, file, token, runtime) if file else None,
        preview_url=f"/api/d/{token}/preview" if file and _has_preview(link, file) else None,
    )


@router.get("/api/d/{token}/entries")
async def list_link_entries(  # noqa: PLR0913 - each is a query parameter
    token: str,
    request: Request,
    response: Response,
    runtime: RuntimeDep,
    *,
    folder: Annotated[str, Query(max_length=4096)] = "",
    kind: Annotated[Kind | None, Query(description="Only files of this kind; folders stay")] = None,
    sort: Annotated[Sort, Query(description="Order of the files. Folders come first, by name")] = "name",
    cursor: Annotated[str | None, Query(max_length=10_000)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> VisitedFolderJson:
    """List the contents of a link's folder, a page at a time; `folder` is a path inside it."""
    response.headers.update(_HEADERS)
    visit = await runtime.sharing.visits.enter(token, visitor_of(request.scope, runtime), kinds=(FOLDER,))
    page = await runtime.sharing.visits.entries(visit, EntryListing(parse_folder(folder), cursor, limit, sort, kind))
    folders = [entry_folder_json(item) for item in page.folders]
    items = [_file_json(visit.link, file, token, runtime) for file in page.files]
    return VisitedFolderJson(folders=folders, items=items, next_cursor=page.next_cursor)


@router.post("/d/{token}/unlock", status_code=status.HTTP_204_NO_CONTENT)
async def unlock_link(token: str, body: UnlockBody, request: Request, response: Response, runtime: RuntimeDep) -> None:
    """Enter the password of a link; a cookie remembers it for an hour. 401 `wrong_credentials` if it is wrong."""
    response.headers.update(_HEADERS)
    link = await runtime.sharing.visits.known(token, kinds=(FILE, FOLDER, REQUEST))
    await runtime.sharing.passwords.check(link, body.password, origin=origin_of(request.scope, runtime))
    for cookie in unlock_cookies(request.scope, token, runtime.sharing.visits.unlocked(link)):
        response.headers.append("set-cookie", cookie)


def received_json(file: File) -> ReceivedJson:
    """What the uploader may know, without the destination."""
    digests = file.object.digests
    return ReceivedJson(name=file.name, size=digests.size_bytes, sha256=digests.sha256.hex())


def _name(visit: Visit) -> str:
    link = visit.link
    name = link.file_name if link.kind == FILE else (link.folder or "").rpartition("/")[2]
    if not name:
        raise LinkNotFound("There is no such link.")
    return name


def _has_preview(link: Link, file: File) -> bool:
    return shows_content(link) and reader_of(file.media_type, file.name) is not None


def _image(link: Link, file: File) -> ImageJson | None:
    """Its size and colour are part of the content."""
    return image_json(file.image) if shows_content(link) else None


def _thumbnail_url(link: Link, file: File, token: str, runtime: Runtime) -> str | None:
    if not shows_content(link) or not has_thumbnail(file, runtime.previews.thumbnails.shown):
        return None
    inside = {"path": file.path} if link.kind == FOLDER else {}
    return f"/d/{token}/thumbnail?{urlencode({'v': thumbnail_version(file), **inside})}"


def _file_json(link: Link, file: File, token: str, runtime: Runtime) -> VisitedFileJson:
    """`file` with its path relative to the link's folder."""
    preview = f"/api/d/{token}/preview?{urlencode({'path': file.path})}"
    return VisitedFileJson(
        name=file.name,
        path=file.path,
        size=file.object.digests.size_bytes,
        media_type=file.media_type,
        kind=file.kind,
        modified_at=file.modified_at,
        download_url=f"/d/{token}/{quote(file.path)}",
        image=_image(link, file),
        thumbnail_url=_thumbnail_url(link, file, token, runtime),
        preview_url=preview if _has_preview(link, file) else None,
    )
