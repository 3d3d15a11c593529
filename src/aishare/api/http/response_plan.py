"""What is sent, decided before the first byte: status, headers, and the parts of the content.

RFC 9110 §13 (conditions), §14 (ranges), RFC 9530 (Repr-Digest).
"""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aishare.api.http.disposition import content_disposition
from aishare.core.conditions import Outcome, etag_of_digest, evaluate, http_date_of, range_applies
from aishare.core.errors import PreconditionFailed, UnsatisfiableRange
from aishare.core.ids import new_id
from aishare.core.media import INLINE, served_type
from aishare.core.ranges import ByteRange, parse_range
from aishare.services.content.delivery import Representation

Header = tuple[bytes, bytes]

NOT_MODIFIED: Final = 304

_SAFE_HEADERS: Final[Sequence[Header]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"private, no-cache"),
    (b"accept-ranges", b"bytes"),
)
"""Uploaded content must not run scripts, be sniffed, be embedded elsewhere, or be cached without revalidation."""

_POLICY: Final = b"content-security-policy"
_MEDIA_POLICY: Final = (
    b"sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; "
    b"frame-ancestors 'none'"
)
"""The browser plays video and audio in a page that it generates, which requests them again from 'self'; `sandbox` alone
would remove that origin. Never combine this with allow-scripts, which could then remove the sandbox.
"""

_PLAYED: Final = ("audio/", "video/")


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """A response decided before the first byte: `parts` are text and ranges in the order they are sent."""

    status: int
    headers: list[Header]
    length: int
    parts: Sequence[bytes | ByteRange]


def plan_response(request: dict[str, str], content: Representation, *, download: bool) -> ResponsePlan:
    """For the request's conditions and ranges. Raises PreconditionFailed and UnsatisfiableRange."""
    etag = etag_of_digest(content.sha256) if content.etag is None else f'"{content.etag}"'
    outcome = evaluate(request, etag=etag, modified_at=content.modified_at) if request else Outcome.PROCEED
    if outcome is Outcome.FAILED:
        raise PreconditionFailed("The file is not the version named in the request.")
    common = [
        (b"etag", etag.encode()),
        (b"last-modified", http_date_of(content.modified_at).encode()),
        *_safe_headers(content.media_type),
    ]
    if outcome is Outcome.NOT_MODIFIED:
        return ResponsePlan(NOT_MODIFIED, common, 0, ())  # RFC 9110 §15.4.5: no content, so no length
    attachment = download or content.media_type not in INLINE
    if content.etag is None:
        common.append((b"repr-digest", b"sha-256=:%b:" % binascii.b2a_base64(content.sha256, newline=False)))
    disposition = content_disposition(content.name, attachment=attachment)
    common.append((b"content-disposition", disposition.encode("ascii")))
    media_type = served_type(content.media_type).encode("ascii")
    if media_type.startswith(b"text/"):
        media_type += b"; charset=utf-8"
    ranges = _ranges(request, content, etag) if request else None
    if ranges is None:
        whole = [ByteRange(0, content.size_bytes)] if content.size_bytes else []
        return with_length(200, [*common, (b"content-type", media_type)], whole)
    if len(ranges) == 1:
        content_range = (b"content-range", _content_range(ranges[0], content))
        return with_length(206, [*common, (b"content-type", media_type), content_range], ranges)
    return _multipart(common, ranges, content, media_type)


def _safe_headers(media_type: str) -> Sequence[Header]:
    if not served_type(media_type).startswith(_PLAYED):
        return _SAFE_HEADERS
    return [(name, _MEDIA_POLICY if name == _POLICY else value) for name, value in _SAFE_HEADERS]


def _ranges(request: dict[str, str], content: Representation, etag: str) -> list[ByteRange] | None:
    header = request.get("range")
    if header is None or not range_applies(request.get("if-range"), etag=etag, modified_at=content.modified_at):
        return None
    ranges = parse_range(header, content.size_bytes)
    if ranges is not None and not ranges:
        raise UnsatisfiableRange(
            f"The range is outside the file, which has {content.size_bytes} bytes.", size_bytes=content.size_bytes
        )
    return ranges


def _multipart(
    common: list[Header], ranges: list[ByteRange], content: Representation, media_type: bytes
) -> ResponsePlan:
    """RFC 9110 §14.6: each range with its own headers between boundaries."""
    boundary = new_id().encode()
    parts: list[bytes | ByteRange] = []
    for item in ranges:
        lines = (
            b"\r\n--" + boundary,
            b"content-type: " + media_type,
            b"content-range: " + _content_range(item, content),
        )
        parts += [b"\r\n".join((*lines, b"", b"")), item]
    parts.append(b"\r\n--" + boundary + b"--\r\n")
    return with_length(206, [*common, (b"content-type", b"multipart/byteranges; boundary=" + boundary)], parts)


def with_length(status: int, headers: list[Header], parts: Sequence[bytes | ByteRange]) -> ResponsePlan:
    """A response with the Content-Length of its parts."""
    length = sum(part.length if isinstance(part, ByteRange) else len(part) for part in parts)
    return ResponsePlan(status, [*headers, (b"content-length", b"%d" % length)], length, parts)


def _content_range(item: ByteRange, content: Representation) -> bytes:
    return b"bytes %d-%d/%d" % (item.start, item.stop - 1, content.size_bytes)
