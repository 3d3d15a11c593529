"""Routes to manage links: the caller's own, and all links for administrators. Visitors use `link_pages` and
`link_doors`.
"""

import ipaddress
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.conditions import ConditionsDep, show_version
from aishare.api.http.deps import CallerDep, RuntimeDep, SuperuserDep
from aishare.api.http.headers import header
from aishare.api.http.known import RequestBody
from aishare.catalogue.sharing.link_uses import LinkUse
from aishare.catalogue.sharing.links import Link, LinkListing
from aishare.core.authority import authority_of
from aishare.core.paths import parse_folder
from aishare.runtime import Runtime
from aishare.services.sharing.links import LinkChange, LinkWish, Version, may_see_requests

router = APIRouter(tags=["links"])

LinkKind = Literal["file", "folder", "request"]
LinkState = Literal["live", "expired", "revoked", "used_up", "gone"]

_MOST_SECONDS = 36_500 * 86_400
_MOST_DOWNLOADS = 1_000_000_000
_MOST_REVOKED = 1000

Password = Annotated[str, Field(max_length=2000)]
Downloads = Annotated[int, Field(ge=1, le=_MOST_DOWNLOADS)]
Note = Annotated[str, Field(max_length=1000)]
Cursor = Annotated[str | None, Query(max_length=10_000)]
Limit = Annotated[int, Query(ge=1, le=1000)]


class LinkFileJson(BaseModel):
    """The file behind a link."""

    id: str
    name: str
    path: str


class LinkFactsJson(BaseModel):
    """A link without its address. `file` is null if it was deleted, or if the link is to a folder.

    `downloads` counts the downloads that were started (for a file request, the files received). `version` is `current`
    if the link only works for the content that the file had when the link was made.
    """

    id: str
    kind: LinkKind
    file: LinkFileJson | None
    folder: str | None
    expires_at: datetime | None
    username: str | None
    has_password: bool
    max_downloads: int | None
    downloads: int
    version: Version
    note: str | None
    state: LinkState
    created_at: datetime
    used_at: datetime | None


class LinkJson(LinkFactsJson):
    """`url` is the link's page, `download_url` the download; `warning` is `loopback` if they only work on this
    computer.
    """

    url: str
    token: str
    download_url: str
    warning: Literal["loopback"] | None


class AdminLinkJson(LinkFactsJson):
    """A link of any user. Only its owner sees its address."""

    owner: str


class LinkPageJson(BaseModel):
    """One page, newest first; `next_cursor` is null on the last."""

    items: list[LinkJson]
    next_cursor: str | None


class AdminLinkPageJson(BaseModel):
    """One page, newest first; `next_cursor` is null on the last."""

    items: list[AdminLinkJson]
    next_cursor: str | None


class NewLinkBody(RequestBody):
    """`expires_in` is in seconds: null for the default, 0 for a link that never expires, if that is allowed. `version`:
    a link to the `current` version stops working when the file is replaced.
    """

    expires_in: Annotated[int, Field(ge=0, le=_MOST_SECONDS)] | None = None
    username: Annotated[str, Field(max_length=200)] | None = None
    password: Password | None = None
    max_downloads: Downloads | None = None
    version: Version = "latest"
    note: Note | None = None


class NewFolderLinkBody(NewLinkBody):
    """`folder`: others can see and download its contents; `request`: others can upload files to it, but see nothing."""

    folder: Annotated[str, Field(max_length=4096)]
    kind: Literal["folder", "request"] = "folder"


class ChangeLinkBody(RequestBody):
    """Only the fields sent are changed; null removes the value. The address stays the same."""

    password: Password | None = None
    max_downloads: Downloads | None = None
    note: Note | None = None


class RevokeBody(RequestBody):
    """Ids of the links to revoke."""

    ids: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=_MOST_REVOKED)]


class RevokedJson(BaseModel):
    """The number of links revoked."""

    revoked: int


class LinkUseJson(BaseModel):
    """One download or upload. `bytes` of `size` were sent or received; `path` is relative to the link's folder."""

    at: datetime
    username: str | None
    address: str
    path: str | None
    bytes: int
    size: int | None
    complete: bool


class LinkUsePageJson(BaseModel):
    """One page, newest first; `next_cursor` is null on the last."""

    items: list[LinkUseJson]
    next_cursor: str | None


@router.post("/api/files/{file_id}/links", status_code=status.HTTP_201_CREATED)
async def create_file_link(  # noqa: PLR0913 - parameters from FastAPI
    file_id: str,
    body: NewLinkBody,
    *,
    request: Request,
    response: Response,
    caller: CallerDep,
    runtime: RuntimeDep,
    conditions: ConditionsDep,
) -> LinkJson:
    """Create a link to one of your files."""
    conditions.require(None)
    link = await runtime.sharing.links.share_file(caller, file_id, _wish(body))
    show_version(response, link.version)
    return link_json(link, request, runtime)


@router.post("/api/links", status_code=status.HTTP_201_CREATED)
async def create_folder_link(  # noqa: PLR0913 - parameters from FastAPI
    body: NewFolderLinkBody,
    *,
    request: Request,
    response: Response,
    caller: CallerDep,
    runtime: RuntimeDep,
    conditions: ConditionsDep,
) -> LinkJson:
    """Create a link to one of your folders, or a file request."""
    conditions.require(None)
    link = await runtime.sharing.links.share_folder(caller, parse_folder(body.folder), body.kind, _wish(body))
    show_version(response, link.version)
    return link_json(link, request, runtime)


@router.get("/api/links")
async def list_links(  # noqa: PLR0913 - each is a query parameter
    request: Request,
    caller: CallerDep,
    runtime: RuntimeDep,
    *,
    file_id: Annotated[str | None, Query(max_length=64)] = None,
    folder: Annotated[str | None, Query(max_length=4096)] = None,
    state: LinkState | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> LinkPageJson:
    """List your links, a page at a time; with `file_id` or `folder`, only those to this file or folder."""
    path = None if folder is None else parse_folder(folder)
    page = await runtime.sharing.links.page(
        LinkListing(
            caller.user.id,
            file_id,
            path,
            state,
            cursor,
            limit,
            within=caller.folder,
            requests=may_see_requests(caller),
        )
    )
    items = [link_json(link, request, runtime) for link in page.items]
    return LinkPageJson(items=items, next_cursor=page.next_cursor)


@router.post("/api/links/revoke")
async def revoke_links(
    body: RevokeBody, caller: CallerDep, runtime: RuntimeDep, conditions: ConditionsDep
) -> RevokedJson:
    """Revoke several of your links; other links are ignored."""
    conditions.require(None)  # an ETag belongs to one link only
    revoked = await runtime.sharing.links.revoke(caller, body.ids)
    return RevokedJson(revoked=len(revoked))


@router.get("/api/links/{link_id}")
async def get_link(
    link_id: str, request: Request, response: Response, caller: CallerDep, runtime: RuntimeDep
) -> LinkJson:
    """Get one of your links. The ETag changes when you change the link, not when it is used."""
    link = await runtime.sharing.links.get(caller, link_id)
    show_version(response, link.version)
    return link_json(link, request, runtime)


@router.patch("/api/links/{link_id}")
async def change_link(  # noqa: PLR0913 - parameters from FastAPI
    link_id: str,
    body: ChangeLinkBody,
    *,
    request: Request,
    response: Response,
    caller: CallerDep,
    runtime: RuntimeDep,
    conditions: ConditionsDep,
) -> LinkJson:
    """Change the password, download limit or note of a link; effective with the next request."""
    change = LinkChange(frozenset(body.model_fields_set), body.password, body.max_downloads, body.note)
    link = await runtime.sharing.links.change(caller, link_id, change, conditions=conditions)
    show_version(response, link.version)
    return link_json(link, request, runtime)


@router.delete("/api/links/{link_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_link(link_id: str, caller: CallerDep, runtime: RuntimeDep, conditions: ConditionsDep) -> None:
    """Revoke a link, effective with the next request. It stays in the list, with its activity."""
    await runtime.sharing.links.revoke_one(caller, link_id, conditions=conditions)


@router.get("/api/links/{link_id}/uses")
async def list_link_uses(
    link_id: str, caller: CallerDep, runtime: RuntimeDep, *, cursor: Cursor = None, limit: Limit = 100
) -> LinkUsePageJson:
    """List the downloads and uploads made through a link."""
    page = await runtime.sharing.links.uses(caller, link_id, cursor=cursor, limit=limit)
    return LinkUsePageJson(items=[_use_json(use) for use in page.items], next_cursor=page.next_cursor)


@router.get("/api/admin/links")
async def list_all_links(
    _: SuperuserDep,
    runtime: RuntimeDep,
    *,
    file_id: Annotated[str | None, Query(max_length=64)] = None,
    state: LinkState | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> AdminLinkPageJson:
    """List the links of all users, a page at a time."""
    page = await runtime.sharing.links.page(LinkListing(None, file_id, None, state, cursor, limit))
    items = [AdminLinkJson(**_facts(link), owner=link.owner_username) for link in page.items]
    return AdminLinkPageJson(items=items, next_cursor=page.next_cursor)


@router.delete("/api/admin/links/{link_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_any_link(link_id: str, caller: SuperuserDep, runtime: RuntimeDep, conditions: ConditionsDep) -> None:
    """Revoke a link of any user."""
    await runtime.sharing.links.revoke_one(caller, link_id, anybodys=True, conditions=conditions)


def link_json(link: Link, request: Request, runtime: Runtime) -> LinkJson:
    """The link as its owner sees it."""
    token = runtime.sharing.links.token(link)
    origin = _origin(request, runtime)
    return LinkJson(
        **_facts(link),
        url=f"{origin}/s/{token}",
        token=token,
        download_url=f"{origin}/d/{token}",
        warning="loopback" if _is_loopback(origin) else None,
    )


def _wish(body: NewLinkBody) -> LinkWish:
    return LinkWish(
        expires_in_seconds=body.expires_in,
        username=body.username,
        password=body.password,
        max_downloads=body.max_downloads,
        version=body.version,
        note=body.note,
    )


def _facts(link: Link) -> dict[str, Any]:
    file = None
    if link.file_id is not None and link.file_name is not None and link.file_path is not None:
        file = LinkFileJson(id=link.file_id, name=link.file_name, path=link.file_path)
    return {
        "id": link.id,
        "kind": link.kind,
        "file": file,
        "folder": link.folder,
        "expires_at": link.expires_at,
        "username": link.username,
        "has_password": link.password_hash is not None,
        "max_downloads": link.max_downloads,
        "downloads": link.downloads,
        "version": "latest" if link.sha256 is None else "current",
        "note": link.note,
        "state": link.state,
        "created_at": link.created_at,
        "used_at": link.used_at,
    }


def _use_json(use: LinkUse) -> LinkUseJson:
    return LinkUseJson(
        at=use.at,
        username=use.username,
        address=use.address,
        path=use.path,
        bytes=use.bytes,
        size=use.size_bytes,
        complete=use.complete,
    )


def _origin(request: Request, runtime: Runtime) -> str:
    """PUBLIC_URL, or the address that the owner's browser used."""
    if runtime.settings.public_url:
        return runtime.settings.public_url.rstrip("/")
    host = header(request.scope, b"host") or "localhost"
    return f"{request.scope['scheme']}://{host}"


def _is_loopback(origin: str) -> bool:
    found = authority_of(origin)
    host = found[1].host.rstrip(".") if found else ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
