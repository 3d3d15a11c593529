"""Answers that no good server gives: never delivered as good."""

import pytest

from aishare.core.errors import BackendError, BackendUnavailable, CorruptObject
from aishare.core.ranges import ByteRange
from aishare.storage.backends.s3.backend import open_s3
from tests.support.odd_server import http, odd_server
from tests.support.sources import new_key, read_all

CONTENT = bytes(range(256)) * 40
SIZE = len(CONTENT)
WANTED = ByteRange(1000, 2000)


async def _read(server, raw, byte_range=WANTED):
    async with odd_server(lambda _line, _headers: raw) as url:
        backend = await open_s3(server.config("any-bucket", endpoint_url=url).impatient())
        try:
            return await read_all(backend, new_key(), byte_range)
        finally:
            await backend.aclose()


@pytest.mark.parametrize("byte_range", [None, WANTED, ByteRange(0, 1), ByteRange(SIZE - 1, SIZE + 99)])
async def test_a_server_that_ignores_ranges_is_understood(server, byte_range):
    expected = CONTENT[byte_range.start : byte_range.stop] if byte_range else CONTENT
    assert await _read(server, http(200, CONTENT), byte_range) == expected


async def test_a_range_with_status_200_is_understood(server):
    raw = http(200, CONTENT[1000:2000], content_range=f"bytes 1000-1999/{SIZE}")
    assert await _read(server, raw) == CONTENT[1000:2000]


@pytest.mark.parametrize(
    ("body", "content_range"),
    [
        (CONTENT[1001:2001], f"bytes 1001-2000/{SIZE}"),  # another range than asked for
        (CONTENT[1000:1999], f"bytes 1000-1998/{SIZE}"),  # shorter than it could be
        (CONTENT[1000:1500], f"bytes 1000-1999/{SIZE}"),  # a length that does not fit
        (CONTENT[1000:2001], f"bytes 1000-1999/{SIZE}"),
    ],
)
async def test_another_range_than_asked_for_is_corrupt(server, body, content_range):
    with pytest.raises(CorruptObject):
        await _read(server, http(206, body, content_range=content_range))


@pytest.mark.parametrize("content_range", ["bytes 1000-1999/*", "nonsense", "bytes */100"])
async def test_a_range_nobody_understands_is_an_error(server, content_range):
    with pytest.raises(BackendError):
        await _read(server, http(206, CONTENT[1000:2000], content_range=content_range))


async def test_a_body_without_any_length_is_an_error(server):
    with pytest.raises(BackendError):
        await _read(server, http(200, CONTENT, content_length=""), None)


async def test_a_body_of_unknown_length_that_ends_early_is_corrupt(server):
    raw = http(206, CONTENT[1000:1500], content_range=f"bytes 1000-1999/{SIZE}", content_length="")
    with pytest.raises((CorruptObject, BackendUnavailable)):
        await _read(server, raw)
