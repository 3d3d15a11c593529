"""read and stat. Every length is checked twice: in the headers, and as received."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from aishare.core.errors import BackendDenied, BackendError, BucketNotFound, CorruptObject, ObjectNotFound
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import KiB
from aishare.storage.backends.s3.client import Connection
from aishare.storage.backends.s3.errors import translated, vendor_code
from aishare.storage.backends.s3.misplaced import explained
from aishare.storage.base import ObjectInfo, ObjectReader, cut_range

_READ_SIZE: Final = 256 * KiB
"""aiohttp buffers up to twice this size, so a slow reader holds 0.5 MiB instead of 2."""

_BAD_RANGE: Final = 416
"""RFC 9110 §15.5.17."""

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class _ContentRange:
    """What a response contains: bytes `start` to `stop` of `total`."""

    start: int
    stop: int
    total: int


@asynccontextmanager
async def read(connection: Connection, key: Key, byte_range: ByteRange | None) -> AsyncIterator[ObjectReader]:
    """See BaseStorageBackend.read.

    The whole object is also requested as a range: then the response contains the full length twice, and a response that
    was cut together with its Content-Length is noticed.
    """
    answer = await _open(connection, key, byte_range)
    body = answer["Body"]
    try:
        coming = _delivery(answer)
        wanted = cut_range(byte_range, coming.total)
        _check_start(coming, wanted)
        info = _info(key, answer, coming.total)
        async with aclosing(_pieces(connection, key, body, coming, wanted)) as pieces:
            yield ObjectReader(info, wanted, pieces)
    finally:
        body.close()


async def stat(connection: Connection, key: Key) -> ObjectInfo:
    """See BaseStorageBackend.stat. Responses to HEAD have no body, so refused requests are repeated with a method that
    has one.
    """
    doing = f"looking up {key}"
    try:
        answer = await connection.call(connection.client.head_object(**connection.place(key)), doing)
    except ObjectNotFound:
        await _check_bucket(connection, doing)
        raise
    except BackendError as error:
        if vendor_code(error.__cause__) in {"400", "403"}:
            await _ask_with_body(connection, key, doing)
        raise
    return _info(key, answer, int(answer["ContentLength"]))


async def _check_bucket(connection: Connection, doing: str) -> None:
    """A missing bucket looks like a missing object in a HEAD. Without permission to check, the object is reported
    missing.
    """
    try:
        await connection.call(connection.client.head_bucket(Bucket=connection.config.bucket), doing)
    except ObjectNotFound as error:
        missing = BucketNotFound(
            f"{doing} failed: there is no bucket {connection.config.bucket}",
            hint=f"Create it or correct {connection.config.names.bucket}.",
        )
        raise explained(missing, connection.config) from error.__cause__
    except BackendDenied:
        return


async def _ask_with_body(connection: Connection, key: Key, doing: str) -> None:
    request = connection.client.get_object(**connection.place(key), Range="bytes=0-0")
    (await connection.call(request, doing))["Body"].close()


async def _open(connection: Connection, key: Key, byte_range: ByteRange | None) -> Mapping[str, Any]:
    doing = f"reading {key}"
    asked = f"bytes={byte_range.start}-{byte_range.stop - 1}" if byte_range else "bytes=0-"
    if connection.direct is not None:
        answer = await connection.call(connection.direct.get(connection.full(key), asked), doing)
        if answer is not None:
            return answer
    try:
        request = connection.client.get_object(**connection.place(key), Range=asked)
        return await connection.call(request, doing)
    except BackendError as error:
        if not _is_bad_range(error):
            raise
        info = await stat(connection, key)
        cut_range(byte_range, info.size_bytes)
        if info.size_bytes:  # otherwise: no range exists in an empty object
            raise
    return await connection.call(connection.client.get_object(**connection.place(key)), doing)


def _is_bad_range(error: BackendError) -> bool:
    cause = error.__cause__
    return isinstance(cause, ClientError) and cause.response["ResponseMetadata"]["HTTPStatusCode"] == _BAD_RANGE


def _delivery(answer: Mapping[str, Any]) -> _ContentRange:
    """A server that ignores ranges responds with 200 and everything, without Content-Range."""
    length = int(answer.get("ContentLength", -1))
    if "ContentRange" not in answer:
        if length < 0:
            raise BackendError("The storage does not report the size of the object.")
        return _ContentRange(0, length, length)
    found = _CONTENT_RANGE.fullmatch(answer["ContentRange"])
    if found is None:
        raise BackendError(f"The storage sent an invalid Content-Range: {answer['ContentRange'][:100]!r}")
    first, last, total = (int(number) for number in found.groups())
    if length not in {-1, last + 1 - first}:
        raise CorruptObject(f"The storage announces {length} bytes for {answer['ContentRange']}.")
    return _ContentRange(first, last + 1, total)


def _check_start(coming: _ContentRange, wanted: ByteRange | None) -> None:
    if wanted is not None and not (coming.start <= wanted.start and coming.stop >= wanted.stop):
        raise CorruptObject(
            f"The storage returns bytes {coming.start} to {coming.stop} instead of {wanted.start} to {wanted.stop}."
        )


async def _pieces(
    connection: Connection, key: Key, body: Any, coming: _ContentRange, wanted: ByteRange | None
) -> AsyncGenerator[bytes, None]:
    """The requested bytes of a response that may start earlier and end later."""
    position = coming.start
    while wanted is not None and position < wanted.stop:
        with translated(f"reading {key}", connection.config):
            piece: bytes = await body.read(_READ_SIZE)
        if not piece:
            raise CorruptObject(f"The storage returned {position - coming.start} bytes of {key}, fewer than announced.")
        low, high = max(wanted.start - position, 0), min(wanted.stop - position, len(piece))
        position += len(piece)
        if low < high:
            yield piece if high - low == len(piece) else piece[low:high]
    if wanted is not None and position > coming.stop:
        raise CorruptObject(f"The storage returned more bytes of {key} than announced.")


def _info(key: Key, answer: Mapping[str, Any], size_bytes: int) -> ObjectInfo:
    return ObjectInfo(
        key=key,
        size_bytes=size_bytes,
        content_type=answer.get("ContentType"),
        etag=str(answer.get("ETag", "")).strip('"') or None,
        modified_at=answer.get("LastModified"),
    )
