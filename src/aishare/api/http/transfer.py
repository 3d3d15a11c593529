"""The only place that sends content: conditions, ranges, safe headers and bytes, the same for every backend.

RFC 9110 §13 (conditions), §14 (ranges), RFC 9530 (Repr-Digest).
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import structlog
from starlette.types import Message, Receive, Scope, Send

from aishare.api.http.headers import texts_of, wanted
from aishare.api.http.localfile import LocalFile, open_local
from aishare.api.http.recipient import Recipient
from aishare.api.http.redirects import may_redirect
from aishare.api.http.response_plan import NOT_MODIFIED, Header, ResponsePlan, plan_response, with_length
from aishare.core.errors import (
    AishareError,
    BackendError,
    ClientDisconnected,
    CorruptObject,
)
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, KiB
from aishare.services.content.delivery import Presign, Representation
from aishare.services.content.proofs import LocalObject

_log = structlog.get_logger(__name__)

_ZERO_COPY: Final = "http.response.zerocopysend"
"""ASGI extension: the server sends bytes from a file descriptor (`aishare.api.http.server`)."""

_FILE_PIECE: Final = 256 * KiB
"""Bytes per read of a local file. A slow client holds about twice this in memory: here and in the server's buffer.
Cached pieces of this size are read without a thread, so larger ones would save little time. A file or range that fits
is sent at once; a larger one is sent by the kernel if the server supports it.
"""

_Started = Callable[[], Awaitable[Sequence[Header]]]

_REQUEST_HEADERS: Final = wanted(
    ("range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
)


Starting = Callable[[Sequence[ByteRange]], Awaitable[Sequence[Header]]]
"""Called with the ranges before the first byte is sent; returns more headers, or raises the error to respond with."""


async def send_content(  # noqa: PLR0913 - including the three of ASGI
    scope: Scope,
    receive: Receive,
    send: Send,
    content: Representation,
    *,
    download: bool,
    extra_headers: Sequence[Header] = (),
    starting: Starting | None = None,
) -> None:
    """Answers a GET or HEAD. Raises PreconditionFailed and UnsatisfiableRange before anything is sent.

    `extra_headers`, with lower-case names, replace default headers of the same name. `starting` is not called for
    responses without content: HEAD, 304 and errors.
    """
    request = texts_of(scope, _REQUEST_HEADERS)
    if scope["method"] == "HEAD":
        request.pop("range", None)  # RFC 9110 §14.2: Range is only for GET
    plan = plan_response(request, content, download=download)
    if content.guard is not None and plan.status != NOT_MODIFIED:
        await content.guard()
    started: _Started | None = None
    if starting is not None and plan.status != NOT_MODIFIED and scope["method"] != "HEAD":
        started = partial(starting, [part for part in plan.parts if isinstance(part, ByteRange)])
    if extra_headers:
        replaced = {name for name, _ in extra_headers}
        plan.headers[:] = [*(header for header in plan.headers if header[0] not in replaced), *extra_headers]
    if content.presign is not None and may_redirect(scope, request, plan.status):
        plan = await _redirected(plan, content.presign)
    answer = _Transfer(plan, receive, send, started)
    if scope["method"] == "HEAD" or not plan.length:
        await answer.without_body()
        return
    try:
        await _send_parts(scope, answer, content)
    except AishareError as error:
        answer.note_cut(error)
        raise
    finally:
        answer.close()


async def _redirected(plan: ResponsePlan, presign: Presign) -> ResponsePlan:
    """Name and type are signed, so that nobody can make the storage send others."""
    headers = dict(plan.headers)
    url = await presign(headers[b"content-type"].decode("ascii"), headers[b"content-disposition"].decode("ascii"))
    shown = [
        (b"location", url.encode("ascii")),
        (b"cache-control", b"private, max-age=30"),
        (b"vary", b"cookie, authorization, prefer, sec-fetch-dest, origin"),
        (b"referrer-policy", b"no-referrer"),
    ]
    return with_length(307, shown, ())


async def _send_parts(scope: Scope, answer: "_Transfer", content: Representation) -> None:
    path, zero_copy = content.local_path, _ZERO_COPY in (scope.get("extensions") or {})
    try:
        file = None if path is None else await open_local(path, size_bytes=content.size_bytes)
    except BackendError:
        file = None  # another copy may be readable
    if file is None:
        await _send_stored(answer, content)
    else:
        try:
            await _send_opened(answer, file, content, zero_copy=zero_copy)
        finally:
            file.close()
            if content.proof is not None and answer.of_file:
                content.proof.given_out(answer.of_file)
    await answer.finish()


async def _send_opened(answer: "_Transfer", file: LocalFile, content: Representation, *, zero_copy: bool) -> None:
    proof = content.proof
    known = True if proof is None else proof.known(file.status)
    if known is False:
        await _send_stored(answer, content)
        return
    for part in answer.plan.parts:
        if isinstance(part, bytes):
            answer.text(part)
            continue
        if proof is None or known:
            position = await _send_part(answer, file, part, zero_copy=zero_copy)
        else:
            position = await _send_proven(answer, file, part, proof, zero_copy=zero_copy)
        if position < part.stop:
            await _send_read(answer, content, ByteRange(position, part.stop))


async def _send_stored(answer: "_Transfer", content: Representation) -> None:
    for part in answer.plan.parts:
        if isinstance(part, bytes):
            answer.text(part)
        else:
            await _send_read(answer, content, part)


async def _send_read(answer: "_Transfer", content: Representation, part: ByteRange) -> None:
    async with content.read(part) as reader:
        async for piece in reader.pieces:
            await answer.piece(piece)


async def _send_proven(
    answer: "_Transfer", file: LocalFile, part: ByteRange, proof: LocalObject, *, zero_copy: bool
) -> int:
    """Sends a file that is not verified yet, up to its first wrong chunk, and returns where the rest begins."""
    position = part.start
    while position < part.stop:
        chunk = ByteRange(position, min(position + CHUNK_SIZE - position % CHUNK_SIZE, part.stop))
        try:
            await proof.prove(file.descriptor, chunk)
        except BackendError:
            break
        position = await _send_part(answer, file, chunk, zero_copy=zero_copy)
        if position < chunk.stop:
            break
    return position


async def _send_part(answer: "_Transfer", file: LocalFile, part: ByteRange, *, zero_copy: bool) -> int:
    """Sends as much as the disk provides, and returns where the rest begins."""
    before = answer.of_file
    try:
        if zero_copy and part.length > _FILE_PIECE:
            await answer.file(file, part)
        else:
            await answer.pieces_of(file, part)
    except _DiskFailed as failure:
        _log.warning("disk_read_failed", reason=str(failure))
        return part.start + answer.of_file - before
    return part.stop


class _DiskFailed(Exception):
    """The file could not be read further; other locations may have it. Any other error becomes the response."""


class _Transfer:
    """A response being sent. The status goes out with the first bytes, so an earlier error can still be
    sent instead.
    """

    def __init__(self, plan: ResponsePlan, receive: Receive, send: Send, started: _Started | None) -> None:
        self.plan = plan
        self._send = send
        self._recipient = Recipient(receive, send)
        self._announce = started
        self._started = False
        self._left = plan.length
        self._text = b""
        self.of_file = 0
        """Bytes that were sent directly from the disk."""

    async def without_body(self) -> None:
        await self._start()
        await self._send({"type": "http.response.body", "body": b""})

    def text(self, text: bytes) -> None:
        """Sent before the next content."""
        self._text += text

    async def piece(self, piece: bytes | bytearray) -> None:
        if self._text:
            piece, self._text = self._text + piece, b""
        self._take(len(piece))
        message = {"type": "http.response.body", "body": piece, "more_body": self._left > 0}
        if not self._left:
            await self._start()
            await self._send(message)
            return
        await self._start()
        await self._recipient.give(message)

    async def file(self, file: LocalFile, part: ByteRange) -> None:
        """Sent by the server, which itself detects a client that is gone or stalls."""
        if self._text:
            await self.piece(b"")
        self._take(part.length)
        await self._start()
        message: Message = {
            "type": _ZERO_COPY,
            "file": file.descriptor,
            "offset": part.start,
            "count": part.length,
            "more_body": self._left > 0,
        }
        try:
            await self._send(message)
        except (OSError, BackendError) as error:
            sent = message.get("sent", 0)
            self.of_file += sent
            self._left += part.length - sent
            raise _DiskFailed(str(error)) from error
        self.of_file += message.get("sent", part.length)

    async def pieces_of(self, file: LocalFile, part: ByteRange) -> None:
        """The same without the server's help."""
        position = part.start
        while position < part.stop:
            try:
                piece = await file.read(offset=position, length=min(_FILE_PIECE, part.stop - position))
            except BackendError as error:
                raise _DiskFailed(error.message) from error
            await self.piece(piece)
            self.of_file += len(piece)
            position += len(piece)

    async def finish(self) -> None:
        if self._text:
            await self.piece(b"")
        if self._left:
            raise CorruptObject("The storage returned fewer bytes than the file has.")

    def close(self) -> None:
        self._recipient.close()

    def note_cut(self, error: AishareError) -> None:
        """A status that was sent cannot be taken back; the server cuts the connection."""
        if self._started and not isinstance(error, ClientDisconnected):
            _log.warning("transfer_cut", code=error.code, message=error.message)

    def _take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise CorruptObject("The storage returned more bytes than the file has.")

    async def _start(self) -> None:
        if not self._started:
            headers = self.plan.headers if self._announce is None else [*self.plan.headers, *await self._announce()]
            self._started = True
            await self._send({"type": "http.response.start", "status": self.plan.status, "headers": headers})
