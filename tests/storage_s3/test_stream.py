"""What is read back afterwards goes to the store in one request, and what fails is written in the ordinary way."""

import asyncio
import gc
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aishare.core.errors import BackendTimeout, LengthMismatch, ObjectNotFound
from aishare.core.keys import Key
from aishare.core.sizes import CHUNK_SIZE, KiB, MiB
from aishare.storage.backends.s3.backend import S3StorageBackend, open_s3
from aishare.storage.backends.s3.stream import put_stream
from aishare.storage.base import ObjectInfo, Source
from tests.support.faultproxy import Kind
from tests.support.s3server import S3Server
from tests.support.sources import SourceFailed, content_of, endless_source, failing_source, new_key, read_all, source_of

LARGE = 2 * CHUNK_SIZE + 3 * MiB


def _read_back(source: Source) -> Source:
    return replace(source, rewindable=True, read_back=True)


async def _streamed(backend: S3StorageBackend, key: Key, source: Source, size: int) -> ObjectInfo | None:
    return await put_stream(backend._connection, key, _read_back(source), size=size, content_type="a/b")


@pytest.mark.parametrize("size", [1, 64 * KiB, 64 * KiB + 1, MiB, LARGE])
async def test_one_request_stores_all_of_it(backend: S3StorageBackend, any_server: S3Server, size: int) -> None:
    key = new_key()
    info = await _streamed(backend, key, source_of(size), size)
    assert info is not None
    assert info.size_bytes == size
    found = await backend.stat(key)
    assert (found.size_bytes, found.content_type, found.etag) == (size, "a/b", info.etag)
    assert await read_all(backend, key) == content_of(size)


@pytest.mark.parametrize("stored_before", [False, True])
@pytest.mark.parametrize(
    ("source", "size", "error"),
    [
        (failing_source(LARGE // 2), LARGE, SourceFailed),
        (failing_source(LARGE), LARGE, SourceFailed),
        (source_of(LARGE - 1), LARGE, LengthMismatch),
        (source_of(LARGE + 1), LARGE, LengthMismatch),
        (source_of(LARGE + MiB), LARGE, LengthMismatch),
        (source_of(0), LARGE, LengthMismatch),
        (failing_source(KiB), 2 * KiB, SourceFailed),
        (source_of(KiB), 2 * KiB, LengthMismatch),
        (source_of(3 * KiB), 2 * KiB, LengthMismatch),
        (source_of(LARGE), 2 * KiB, LengthMismatch),
    ],
    ids=[
        *("raises", "raises-at-the-end", "too-short", "too-long", "a-piece-too-long", "empty"),
        *("small-raises", "small-too-short", "small-too-long", "small-much-too-long"),
    ],
)
async def test_a_source_that_is_not_what_was_announced_changes_nothing(
    backend: S3StorageBackend,
    any_server: S3Server,
    source: Source,
    size: int,
    error: type[Exception],
    stored_before: bool,
) -> None:
    key = new_key()
    if stored_before:
        await backend.put(key, source_of(7), size=7, content_type="a/b")
    with pytest.raises(error):
        await backend.put(key, _read_back(source), size=size, content_type="a/b")
    await _assert_unchanged(backend, key, stored_before=stored_before)


async def test_cancelling_leaves_nothing_and_closes_the_source(backend: S3StorageBackend, any_server: S3Server) -> None:
    key, reached, closed = new_key(), asyncio.Event(), asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            async for piece in endless_source(LARGE // 2, reached).open():
                yield piece
        finally:
            closed.set()

    putting = asyncio.create_task(_streamed(backend, key, Source(pieces), LARGE))
    await reached.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert closed.is_set()
    await _assert_unchanged(backend, key, stored_before=False)


@pytest.mark.parametrize(
    "source",
    [replace(source_of(MiB), read_back=False), replace(source_of(MiB), rewindable=False, read_back=True)],
    ids=["not-read-back", "not-rewindable"],
)
async def test_other_sources_go_the_ordinary_way(backend: S3StorageBackend, source: Source) -> None:
    assert await put_stream(backend._connection, new_key(), source, size=MiB, content_type="a/b") is None


@pytest.mark.parametrize("size", [None, 0, 64 * MiB + 1])
async def test_other_sizes_go_the_ordinary_way(backend: S3StorageBackend, size: int | None) -> None:
    source = _read_back(source_of(1))
    assert await put_stream(backend._connection, new_key(), source, size=size, content_type="a/b") is None


@pytest.mark.parametrize("patience_seconds", [30], ids=["patient"])
@pytest.mark.parametrize("kind", [Kind.SLOW_DOWN, Kind.REFUSE_RESET, Kind.LOSE_ANSWER])
@pytest.mark.parametrize(("size", "parts"), [(LARGE, 3), (KiB, 0)])
async def test_what_fails_is_written_in_the_ordinary_way(behind, proxy, kind: Kind, size: int, parts: int) -> None:
    proxy.inject(kind)
    key = new_key()
    await behind.put(key, _read_back(source_of(size)), size=size, content_type="a/b")
    assert await read_all(behind, key) == content_of(size)
    assert len([line for line in proxy.seen if "partNumber" in line]) == parts


async def test_a_connection_that_the_store_had_closed_costs_nothing_but_the_ordinary_way(behind, proxy) -> None:
    await behind.put(new_key(), source_of(MiB), size=MiB, content_type="a/b")
    key, fault = new_key(), proxy.inject(Kind.REFUSE_RESET)
    await behind.put(key, _read_back(source_of(LARGE)), size=LARGE, content_type="a/b")
    assert fault.times == 0
    assert await read_all(behind, key) == content_of(LARGE)


async def test_a_store_that_takes_nothing_has_stalled(server: S3Server, bucket: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGE // KiB):
            yield bytes(KiB)

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        config = replace(
            server.config(bucket, endpoint_url=url), connect_timeout_seconds=1, read_timeout_seconds=0.1, max_attempts=1
        )
        backend = await open_s3(config)
        with pytest.raises(BackendTimeout):
            await _streamed(backend, new_key(), Source(pieces), LARGE)
        await backend.aclose()


async def test_a_slow_source_may_take_longer_than_the_store(server: S3Server, bucket: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        async for piece in source_of(2 * MiB).open():
            await asyncio.sleep(4)
            yield piece

    config = replace(server.config(bucket), connect_timeout_seconds=0.5, read_timeout_seconds=1.4, max_attempts=1)
    backend = await open_s3(config)
    assert backend._connection.patience_seconds() < 4
    assert await _streamed(backend, new_key(), Source(pieces), 2 * MiB) is not None
    await backend.aclose()


async def _assert_unchanged(backend: S3StorageBackend, key: Key, *, stored_before: bool) -> None:
    gc.collect()
    await asyncio.sleep(0.2)  # the store may still work on what it got
    if stored_before:
        assert await read_all(backend, key) == content_of(7)
    else:
        with pytest.raises(ObjectNotFound):
            await backend.stat(key)
