"""The only place that sends content: conditions, ranges, safe headers and bytes, the same for every backend.

RFC 9110 §13 (conditions), §14 (ranges), RFC 9530 (Repr-Digest).
"""

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Final

import structlog
from starlette.types import Receive, Scope, Send

from aishare.api.disposition import content_disposition
from aishare.core.conditions import Outcome, evaluate, range_applies
from aishare.core.errors import AishareError, CorruptObject, ObjectNotFound, PreconditionFailed, UnsatisfiableRange
from aishare.core.ids import new_id
from aishare.core.media import INLINE
from aishare.core.ranges import ByteRange, parse_range
from aishare.core.sizes import KiB
from aishare.services.content import Content

_log = structlog.get_logger(__name__)

_FILE_PIECE: Final = 256 * KiB
"""What one read of a local file takes, and so about what a slow client holds in memory twice: here and in the server's
buffer. Cached pieces of this size are read without a thread, so larger ones would save little time."""

_SAFE_HEADERS: Final = (
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "private, no-cache"),
    ("accept-ranges", "bytes"),
)
"""What strangers uploaded must not run, be sniffed, be embedded elsewhere, or be served from a cache unasked."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """An answer decided before the first byte: `parts` are text and ranges in the order they are sent."""

    status: int
    headers: list[tuple[str, str]]
    length: int
    parts: Sequence[bytes | ByteRange]


async def send_content(scope: Scope, receive: Receive, send: Send, content: Content, *, download: bool) -> None:
    """Answer a GET or HEAD. Raises PreconditionFailed and UnsatisfiableRange before anything is sent."""
    plan = _plan(_headers(scope), content, download=download)
    if scope["method"] == "HEAD" or not plan.length:
        await _start(send, plan)
        await send({"type": "http.response.body", "body": b""})
        return
    async with _opened(content) as source:
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await _send_parts(send, plan, source, gone)
        finally:
            gone.cancel()


def _plan(request: dict[str, str], content: Content, *, download: bool) -> _Plan:
    etag = f'"{content.sha256.hex()}"'
    outcome = evaluate(request, etag=etag, modified_at=content.modified_at)
    if outcome is Outcome.FAILED:
        raise PreconditionFailed("The file is not the version that the request names.")
    common = [("etag", etag), ("last-modified", _http_date(content.modified_at)), *_SAFE_HEADERS]
    if outcome is Outcome.NOT_MODIFIED:
        return _Plan(304, common, 0, ())
    digest = base64.b64encode(content.sha256).decode()
    attachment = download or content.media_type not in INLINE
    common += [
        ("repr-digest", f"sha-256=:{digest}:"),
        ("content-disposition", content_disposition(content.name, attachment=attachment)),
    ]
    media_type = content.media_type
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    ranges = _ranges(request, content, etag)
    if ranges is None:
        whole = [ByteRange(0, content.size_bytes)] if content.size_bytes else []
        return _Plan(200, [*common, ("content-type", media_type)], content.size_bytes, whole)
    if len(ranges) == 1:
        headers = [*common, ("content-type", media_type), ("content-range", _content_range(ranges[0], content))]
        return _Plan(206, headers, ranges[0].length, ranges)
    return _multipart(common, ranges, content, media_type)


def _ranges(request: dict[str, str], content: Content, etag: str) -> list[ByteRange] | None:
    header = request.get("range")
    if header is None or not range_applies(request.get("if-range"), etag=etag, modified_at=content.modified_at):
        return None
    ranges = parse_range(header, content.size_bytes)
    if ranges is not None and not ranges:
        raise UnsatisfiableRange(
            f"The file has {content.size_bytes} bytes; none is in the range.", size_bytes=content.size_bytes
        )
    return ranges


def _multipart(common: list[tuple[str, str]], ranges: list[ByteRange], content: Content, media_type: str) -> _Plan:
    """RFC 9110 §14.6: each range with a header of its own between boundaries."""
    boundary = new_id()
    parts: list[bytes | ByteRange] = []
    for item in ranges:
        lines = (
            f"\r\n--{boundary}\r\ncontent-type: {media_type}\r\ncontent-range: {_content_range(item, content)}\r\n\r\n"
        )
        parts += [lines.encode(), item]
    parts.append(f"\r\n--{boundary}--\r\n".encode())
    length = sum(part.length if isinstance(part, ByteRange) else len(part) for part in parts)
    headers = [*common, ("content-type", f"multipart/byteranges; boundary={boundary}")]
    return _Plan(206, headers, length, parts)


async def _send_parts(send: Send, plan: _Plan, source: "_Source", gone: "asyncio.Future[None]") -> None:
    """The first bytes are read before the status is sent, so that what fails early is an answer, not a cut."""
    started = False
    try:
        for part in plan.parts:
            async for piece in source.read(part) if isinstance(part, ByteRange) else _text(part):
                if not started:
                    await _start(send, plan)
                    started = True
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    except AishareError as error:
        if started:
            _log.warning("transfer_cut", code=error.code, message=error.message)
        raise
    await send({"type": "http.response.body", "body": b""})


async def _start(send: Send, plan: _Plan) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in plan.headers]
    if plan.status != 304:  # noqa: PLR2004 - RFC 9110 §15.4.5: no content, so no length of it
        headers.append((b"content-length", str(plan.length).encode()))
    await send({"type": "http.response.start", "status": plan.status, "headers": headers})


class _Source:
    """Where the bytes of one answer come from: an open file, or the storage."""

    def __init__(self, content: Content, descriptor: int | None) -> None:
        self._content = content
        self._descriptor = descriptor

    async def read(self, wanted: ByteRange) -> AsyncIterator[bytes]:
        if self._descriptor is None:
            async with self._content.read(wanted) as reader:
                async for piece in reader.pieces:
                    yield piece
            return
        position = wanted.start
        while position < wanted.stop:
            piece = await _read_file(self._descriptor, min(_FILE_PIECE, wanted.stop - position), position)
            if not piece:
                raise CorruptObject("The file on the disk became shorter.")
            position += len(piece)
            yield piece


@asynccontextmanager
async def _opened(content: Content) -> AsyncIterator[_Source]:
    if content.local_path is None:
        yield _Source(content, None)
        return
    descriptor = await asyncio.to_thread(_open, content.local_path, content.size_bytes)
    try:
        yield _Source(content, descriptor)
    finally:
        os.close(descriptor)


def _open(path: Path, size_bytes: int) -> int:
    """The descriptor stays good even if the file is deleted or replaced meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise ObjectNotFound(f"The bytes of this file can not be opened: {error.strerror}.") from error
    if os.fstat(descriptor).st_size != size_bytes:
        os.close(descriptor)
        raise CorruptObject("The file on the disk has another size than it was stored with.")
    return descriptor


async def _read_file(descriptor: int, length: int, position: int) -> bytes:
    """From the page cache without a thread; whatever would wait for the disk gets one."""
    try:
        buffer = bytearray(length)
        if os.preadv(descriptor, [buffer], position, os.RWF_NOWAIT) == length:
            return bytes(buffer)
    except (OSError, AttributeError):
        pass  # not cached, or not known to this system
    running = asyncio.ensure_future(asyncio.to_thread(os.pread, descriptor, length, position))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])  # nobody may close the descriptor under the thread
        raise


async def _text(part: bytes) -> AsyncIterator[bytes]:
    yield part


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(scope: Scope) -> dict[str, str]:
    """By lower-case name; repeated ones joined as lists (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _content_range(item: ByteRange, content: Content) -> str:
    return f"bytes {item.start}-{item.stop - 1}/{content.size_bytes}"


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
