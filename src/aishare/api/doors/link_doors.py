"""Downloads and uploads through links, as plain ASGI: a file, a file in a folder, a folder as a ZIP archive.

Each request is first checked by `services.link_visits`; content is sent by `aishare.api.http.transfer`.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs

from starlette.types import Message, Receive, Scope, Send

from aishare.api.doors.archives import send_archive
from aishare.api.doors.bytes import Door, asks_download, decoded_path, send_json
from aishare.api.doors.link_cards import draws_card, send_card
from aishare.api.doors.thumbnails import asked_size
from aishare.api.http.incoming import body_of
from aishare.api.http.origins import allow_other_origins, send_options
from aishare.api.http.transfer import Header, send_content
from aishare.api.http.visitors import is_prefetch, mark_cookies, visitor_of
from aishare.api.routes.sharing.link_pages import received_json
from aishare.catalogue.content.files import File
from aishare.catalogue.sharing.links import FILE, FOLDER, REQUEST
from aishare.core.errors import Gone, InvalidPath, LinkNotFound, LinkPrefetched, NoThumbnail
from aishare.core.paths import FilePath, parse_path
from aishare.core.ranges import ByteRange
from aishare.runtime import LiveRuntime, Runtime
from aishare.services.sharing.link_visits import Portion, Use, Visit, shows_content

_DOWNLOAD: Final = re.compile(r"/d/([^/]+)(?:/(.+))?", re.DOTALL)
_UPLOAD: Final = re.compile(r"/api/d/([^/]+)/files/(.+)", re.DOTALL)
_THUMBNAIL: Final = "thumbnail"


class LinkDoors:
    """Finds the door for a request to a link, if it is about bytes."""

    def __init__(self, live: LiveRuntime) -> None:
        self._live = live
        self._download_doors: Mapping[str, Door] = {
            "GET": self._download,
            "HEAD": self._download,
            "OPTIONS": self._options,
        }

    def doors(self, path: str) -> Mapping[str, Door]:
        """Method -> door for this path; empty if the path is none of ours."""
        if _DOWNLOAD.fullmatch(path):
            return self._download_doors
        return {"PUT": self._upload} if _UPLOAD.fullmatch(path) else {}

    async def card(self, scope: Scope, send: Send) -> None:
        """What is told of a link in place of its bytes."""
        token, rest = _parts(_DOWNLOAD, scope)
        await send_card(scope, send, self._live.current, token=token, path=_inside(rest) if rest else None)

    async def _download(self, scope: Scope, receive: Receive, send: Send) -> None:
        token, rest = _parts(_DOWNLOAD, scope)
        if rest == _THUMBNAIL and _asks_thumbnail(scope):
            await self._thumbnail(scope, receive, send, token)
        elif draws_card(scope):
            await self.card(scope, send)
        elif is_prefetch(scope):
            raise LinkPrefetched("The link has not been clicked yet.", hint="Send the request again when it is.")
        elif rest:
            await self._one_file(scope, receive, send, token=token, path=_inside(rest))
        else:
            await self._whole(scope, receive, send, token=token)

    async def _options(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """A browser asks on behalf of a page of another origin, without cookies."""
        token, _ = _parts(_DOWNLOAD, scope)
        link = await self._live.current.sharing.visits.known(token, kinds=(FILE, FOLDER))
        await send_options(send, open_to_all=link.is_open_to_all)

    async def _whole(self, scope: Scope, receive: Receive, send: Send, *, token: str) -> None:
        runtime = self._live.current
        visit = await _enter(scope, runtime, token, kinds=(FILE, FOLDER))
        delivery = _Delivery(runtime, visit, token, None)
        if visit.link.kind == FOLDER:
            await delivery.send_archive(scope, receive, send)
        else:
            await delivery.send(scope, receive, send, await runtime.sharing.visits.file(visit))

    async def _one_file(self, scope: Scope, receive: Receive, send: Send, *, token: str, path: FilePath) -> None:
        runtime = self._live.current
        visit = await _enter(scope, runtime, token, kinds=(FOLDER,), path=path)
        file = await runtime.sharing.visits.file(visit, path)
        await _Delivery(runtime, visit, token, path).send(scope, receive, send, file)

    async def _thumbnail(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        """Asked again each time, by its validator: who may not see the file any more must not have it from a cache."""
        runtime = self._live.current
        visit = await _enter(scope, runtime, token, kinds=(FILE, FOLDER))
        query = parse_qs(scope["query_string"].decode("latin-1"))
        path = query.get("path")
        file = await runtime.sharing.visits.file(visit, _inside(path[-1]) if path else None)
        if not shows_content(visit.link):
            raise NoThumbnail("A link with a download limit has no thumbnails.")
        content = await runtime.previews.thumbnails.thumbnail(
            file, asked_size(query, runtime.previews.thumbnails.rules)
        )
        await send_content(scope, receive, send, content, download=False)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._live.current
        token, name = _parts(_UPLOAD, scope)
        visit = await runtime.sharing.visits.enter(token, visitor_of(scope, runtime), kinds=(REQUEST,))
        body = body_of(scope, receive)
        file = await runtime.sharing.uploads.receive(
            visit, _name(name), body.pieces, announced_bytes=body.announced_bytes, conditions=body.conditions
        )
        await send_json(send, 201, received_json(file))


async def _enter(
    scope: Scope, runtime: Runtime, token: str, *, kinds: tuple[str, ...], path: FilePath | None = None
) -> Visit:
    """The guard. Pages of other origins may read what it says of links that are open to all, and that there is none."""
    try:
        visit = await runtime.sharing.visits.enter(token, visitor_of(scope, runtime, path), kinds=kinds, path=path)
    except (LinkNotFound, Gone):
        allow_other_origins(scope)
        raise
    if visit.link.is_open_to_all:
        allow_other_origins(scope)
    return visit


class _Delivery:
    """One answer with content: counted at its first byte, and when it ends."""

    def __init__(self, runtime: Runtime, visit: Visit, token: str, path: FilePath | None) -> None:
        self._runtime = runtime
        self._visit = visit
        self._token = token
        self._path = path
        self._use: Use | None = None
        self._announced = 0
        self._sent = 0

    async def send(self, scope: Scope, receive: Receive, send: Send, file: File) -> None:
        """A link with a number of downloads is never redirected: what the storage sends, nobody counts."""
        limited = self._visit.link.max_downloads is not None
        content = self._runtime.content.downloads.content_of(file, redirects=not limited)

        async def starting(ranges: Sequence[ByteRange]) -> list[Header]:
            first = min((item.start for item in ranges), default=0)
            self._announced = sum(item.length for item in ranges)
            portion = Portion(self._path, first, self._announced, content.size_bytes)
            self._use = await self._runtime.sharing.visits.begin(self._visit, portion)
            return self._marks(scope)

        async def counting(message: Message) -> None:
            try:
                await send(message)
                self._sent += len(message.get("body", b""))  # with what stands between several ranges
            finally:
                self._sent += message.get("sent", 0)  # of a file that the server sends itself

        try:
            await send_content(scope, receive, counting, content, download=asks_download(scope), starting=starting)
        finally:
            self._sent = min(self._sent, self._announced)
            await self._end()

    async def send_archive(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The folder as a ZIP; the link is asked again before each file of it."""
        visits, link = self._runtime.sharing.visits, self._visit.link

        async def guard() -> None:
            await visits.require_unchanged(self._visit, self._token)

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["method"] != "HEAD":
                self._use = await visits.begin(self._visit, Portion(None, 0, 0, None))
                message = {**message, "headers": [*message["headers"], *self._marks(scope)]}
            await send(message)
            self._sent += len(message.get("body", b""))

        whole = False
        try:
            archive = await self._runtime.content.archives.of_folder(link.owner_id, link.folder or "", guard=guard)
            await send_archive(scope, receive, counting, archive)
            whole = True
        finally:
            await self._end(size=self._sent if whole else None)

    def _marks(self, scope: Scope) -> list[Header]:
        """Only with the first byte of a download: what goes on with one has its mark."""
        if self._use is None or self._use.mark is None:
            return []
        cookies = mark_cookies(scope, self._token, self._use.mark, self._path)
        return [(b"set-cookie", cookie.encode("ascii")) for cookie in cookies]

    async def _end(self, *, size: int | None = None) -> None:
        """Also when the server is about to end: the shield lets the row be written."""
        if self._use is not None:
            unsent = self._announced - self._sent
            await asyncio.shield(self._runtime.sharing.visits.end(self._use, unsent=unsent, size=size))


def _name(text: str) -> FilePath:
    """Of a file that is brought: a path of one segment."""
    path = parse_path(text)
    if "/" in path:
        raise InvalidPath("A file request takes files, not folders.")
    return path


def _parts(form: re.Pattern[str], scope: Scope) -> tuple[str, str]:
    """Token, and what follows; decoded by ourselves, as for other uploads and downloads by path."""
    try:
        match = form.fullmatch(decoded_path(scope))
    except InvalidPath:
        match = None
    if match is None:
        raise LinkNotFound("There is no such link.")
    return match.group(1), match.group(2) or ""


def _inside(text: str) -> FilePath:
    """No file has a path that is none."""
    try:
        return parse_path(text)
    except InvalidPath:
        raise LinkNotFound("There is no such file in the folder.") from None


def _asks_thumbnail(scope: Scope) -> bool:
    """A folder may hold a file of this name; who wants a thumbnail of a file in it says which."""
    return not parse_qs(scope["query_string"].decode("latin-1")).keys().isdisjoint({"path", "size", "scale", "v"})
