"""Downloads and uploads through links: a file, a file in a folder, a folder as a ZIP archive.

Each request is first checked by `services.sharing.link_visits`; content is sent by `aishare.api.http.transfer`.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.types import Message

from aishare.api.doors.archives import send_archive
from aishare.api.doors.exchange import Exchange, asks_download, decoded_path
from aishare.api.doors.link_cards import draws_card, send_card
from aishare.api.doors.thumbnails import asked_size
from aishare.api.http.origins import allow_other_origins, send_options
from aishare.api.http.response_plan import Header
from aishare.api.http.transfer import send_content
from aishare.api.http.visitors import is_prefetch, mark_cookies, visitor_of
from aishare.api.routes.sharing.link_pages import received_json
from aishare.catalogue.content.files import File
from aishare.catalogue.sharing.links import FILE, FOLDER, REQUEST
from aishare.core.errors import Gone, InvalidPath, LinkNotFound, LinkPrefetched, NotFound, NoThumbnail
from aishare.core.paths import FilePath, parse_path
from aishare.core.ranges import ByteRange
from aishare.services.sharing.link_visits import Portion, Use, Visit, shows_content

_KINDS: Final = (FILE, FOLDER)
"""Kinds of links that have content to download."""

_ABOUT_THUMBNAILS: Final = frozenset({"path", "size", "scale", "v"})


async def download_link(exchange: Exchange) -> None:
    """The file of a link, its folder as a ZIP archive, or a file in the folder."""
    token, rest = _parts(exchange)
    if draws_card(exchange.scope):
        await send_link_card(exchange)
    elif is_prefetch(exchange.scope):
        raise LinkPrefetched("The link has not been clicked yet.", hint="Send the request again when it is.")
    elif rest:
        await _one_file(exchange, token, await _inside(exchange, token, rest))
    else:
        await _whole(exchange, token)


async def send_link_thumbnail(exchange: Exchange) -> None:
    """Revalidated for each request, so that users who lost access do not get it from a cache.

    A folder can contain a file of this name, so for a folder a request is for a thumbnail only if it has a parameter of
    thumbnails.
    """
    query, token = exchange.query(), _parts(exchange)[0]
    if query.keys().isdisjoint(_ABOUT_THUMBNAILS) and await _is_of_folder(exchange, token):
        await download_link(exchange)
        return
    runtime = exchange.runtime
    visit = await _enter(exchange, token, kinds=_KINDS)
    inside = await _inside(exchange, token, query["path"][-1]) if "path" in query else None
    file = await runtime.sharing.visits.file(visit, inside)
    if not shows_content(visit.link):
        raise NoThumbnail("A link with a download limit has no thumbnails.")
    thumbnails = runtime.previews.thumbnails
    await exchange.send_content(await thumbnails.thumbnail(file, asked_size(query, thumbnails.rules)))


async def _is_of_folder(exchange: Exchange, token: str) -> bool:
    """False also for links that do not work: `_enter` says why."""
    try:
        link = await exchange.runtime.sharing.visits.known(token, kinds=_KINDS)
    except (LinkNotFound, Gone):
        return False
    return link.kind == FOLDER


async def send_link_card(exchange: Exchange) -> None:
    """The preview card of a link."""
    token, rest = _parts(exchange)
    path = await _inside(exchange, token, rest) if rest else None
    await send_card(exchange.scope, exchange.send, exchange.runtime, token=token, path=path)


async def send_link_options(exchange: Exchange) -> None:
    """Answers a preflight request (CORS), which has no cookies."""
    link = await exchange.runtime.sharing.visits.known(_parts(exchange)[0], kinds=_KINDS)
    await send_options(exchange.send, open_to_all=link.is_open_to_all)


async def upload_to_link(exchange: Exchange) -> None:
    runtime = exchange.runtime
    token, rest = _parts(exchange)
    visit = await runtime.sharing.visits.enter(token, visitor_of(exchange.scope, runtime), kinds=(REQUEST,))
    body = exchange.body()
    file = await runtime.sharing.uploads.receive(
        visit,
        _name(rest.removeprefix("files/")),
        body.pieces,
        announced_bytes=body.announced_bytes,
        conditions=body.conditions,
    )
    await exchange.send_json(201, received_json(file))


async def _whole(exchange: Exchange, token: str) -> None:
    visit = await _enter(exchange, token, kinds=_KINDS)
    delivery = _Delivery(exchange, visit, token, None)
    if visit.link.kind == FOLDER:
        await delivery.send_archive()
    else:
        await delivery.send(await exchange.runtime.sharing.visits.file(visit))


async def _one_file(exchange: Exchange, token: str, path: FilePath) -> None:
    visit = await _enter(exchange, token, kinds=(FOLDER,), path=path)
    await _Delivery(exchange, visit, token, path).send(await exchange.runtime.sharing.visits.file(visit, path))


async def _enter(exchange: Exchange, token: str, *, kinds: tuple[str, ...], path: FilePath | None = None) -> Visit:
    """The guard. Pages of other origins may read what it says of links that are open to all, and that there is none."""
    scope, runtime = exchange.scope, exchange.runtime
    try:
        visit = await runtime.sharing.visits.enter(token, visitor_of(scope, runtime, path), kinds=kinds, path=path)
    except (LinkNotFound, Gone):
        allow_other_origins(scope)
        raise
    if visit.link.is_open_to_all:
        allow_other_origins(scope)
    return visit


class _Delivery:
    """One response with content: counted at its first byte and when it ends."""

    def __init__(self, exchange: Exchange, visit: Visit, token: str, path: FilePath | None) -> None:
        self._exchange = exchange
        self._runtime = exchange.runtime
        self._visit = visit
        self._token = token
        self._path = path
        self._use: Use | None = None
        self._announced = 0
        self._sent = 0

    async def send(self, file: File) -> None:
        """A link with a number of downloads is never redirected: what the storage sends, nobody counts."""
        scope, receive, send = self._exchange.scope, self._exchange.receive, self._exchange.send
        limited = self._visit.link.max_downloads is not None
        content = self._runtime.content.downloads.content_of(file, redirects=not limited)

        async def starting(ranges: Sequence[ByteRange]) -> list[Header]:
            first = min((item.start for item in ranges), default=0)
            self._announced = sum(item.length for item in ranges)
            portion = Portion(self._path, first, self._announced, content.size_bytes)
            self._use = await self._runtime.sharing.visits.begin(self._visit, portion)
            return self._marks()

        async def counting(message: Message) -> None:
            try:
                await send(message)
                self._sent += len(message.get("body", b""))  # including the text between several ranges
            finally:
                self._sent += message.get("sent", 0)  # for a file that the server sends itself

        try:
            await send_content(scope, receive, counting, content, download=asks_download(scope), starting=starting)
        finally:
            self._sent = min(self._sent, self._announced)
            await self._end()

    async def send_archive(self) -> None:
        """The folder as a ZIP; the link is asked again before each file of it."""
        scope, receive, send = self._exchange.scope, self._exchange.receive, self._exchange.send
        visits, link = self._runtime.sharing.visits, self._visit.link

        async def guard() -> None:
            await visits.require_unchanged(self._visit, self._token)

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["method"] != "HEAD":
                self._use = await visits.begin(self._visit, Portion(None, 0, 0, None))
                message = {**message, "headers": [*message["headers"], *self._marks()]}
            await send(message)
            self._sent += len(message.get("body", b""))

        whole = False
        try:
            archive = await self._runtime.content.archives.of_folder(link.owner_id, link.folder or "", guard=guard)
            await send_archive(scope, receive, counting, archive)
            whole = True
        finally:
            await self._end(size=self._sent if whole else None)

    def _marks(self) -> list[Header]:
        """Only with the first byte of a download: what goes on with one has its mark."""
        if self._use is None or self._use.mark is None:
            return []
        cookies = mark_cookies(self._exchange.scope, self._token, self._use.mark, self._path)
        return [(b"set-cookie", cookie.encode("ascii")) for cookie in cookies]

    async def _end(self, *, size: int | None = None) -> None:
        """The shield lets the row be written even if the server is shutting down."""
        if self._use is not None:
            unsent = self._announced - self._sent
            await asyncio.shield(self._runtime.sharing.visits.end(self._use, unsent=unsent, size=size))


def _name(text: str) -> FilePath:
    """The name of an uploaded file: a path with one segment."""
    path = parse_path(text)
    if "/" in path:
        raise InvalidPath("A file request takes files, not folders.")
    return path


def _parts(exchange: Exchange) -> tuple[str, str]:
    """The token, and the path or name behind it; decoded by ourselves, as for other uploads and downloads by path."""
    try:
        text = decoded_path(exchange.scope)
    except InvalidPath:
        raise LinkNotFound("There is no such link.") from None
    token, _, rest = text.partition("/d/")[2].partition("/")
    return token, rest


async def _inside(exchange: Exchange, token: str, text: str) -> FilePath:
    """An invalid path means that there is no such file, which only visitors learn whom the guard lets in."""
    try:
        return parse_path(text)
    except InvalidPath:
        await _enter(exchange, token, kinds=_KINDS)
        raise NotFound("There is no such file in the folder.") from None
