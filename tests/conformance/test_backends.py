"""The prose of aishare/storage/base.py as tests, the same for every backend."""

import asyncio
import os

import pytest

from aishare.core.errors import LengthMismatch, ObjectNotFound, UnsatisfiableRange
from aishare.core.keys import parse_key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, MiB
from aishare.storage.base import Source
from tests.conformance.backends import BACKENDS
from tests.support.s3servers import s3_server

KEY = parse_key("objects/ab/cd/abcd")


FIRST_BUILD = pytest.mark.timeout(1500)
"""MinIO may have to be built before its first test, which takes minutes."""


@pytest.fixture(params=[pytest.param(name, marks=FIRST_BUILD if name == "minio" else ()) for name in BACKENDS])
async def backend(request, tmp_path):
    async with BACKENDS[request.param](tmp_path, s3_server) as opened:
        yield opened


def source_of(content, *, piece=MiB, fail=None):
    async def pieces():
        for start in range(0, len(content), piece):
            yield content[start : start + piece]
        if fail is not None:
            raise fail

    return Source(pieces)


async def put(backend, key, content):
    return await backend.put(key, source_of(content), size=len(content), content_type="application/octet-stream")


async def content_of(backend, key, byte_range=None):
    async with backend.read(key, byte_range) as reader:
        content = b"".join([piece async for piece in reader.pieces])
        assert (reader.byte_range.length if reader.byte_range else 0) == len(content)
        return content


async def keys_of(backend, prefix="", after=None):
    return [info.key async for info in backend.scan(prefix, after=after)]


@pytest.mark.parametrize("size", [0, 1, MiB, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE + 5])
@pytest.mark.parametrize("announced", [True, False])
async def test_what_was_put_is_read(backend, size, announced):
    content = os.urandom(size)
    info = await backend.put(
        KEY, source_of(content), size=size if announced else None, content_type="application/octet-stream"
    )
    assert (info.key, info.size_bytes) == (KEY, size)
    assert await content_of(backend, KEY) == content
    assert (await backend.stat(KEY)).size_bytes == size


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (0, 100), (50, 60), (99, 100), (99, 1000), (0, 1000), (1, 2**40)])
async def test_ranges(backend, start, stop):
    content = os.urandom(100)
    await put(backend, KEY, content)
    assert await content_of(backend, KEY, ByteRange(start, stop)) == content[start:stop]


@pytest.mark.parametrize("size", [0, 100])
async def test_a_range_behind_the_end_fails_on_entering(backend, size):
    await put(backend, KEY, bytes(size))
    with pytest.raises(UnsatisfiableRange):
        await content_of(backend, KEY, ByteRange(100, 101))


async def test_a_missing_key_fails_on_entering(backend):
    with pytest.raises(ObjectNotFound):
        async with backend.read(KEY):
            pytest.fail("entered")
    with pytest.raises(ObjectNotFound):
        await backend.stat(KEY)


async def test_put_replaces_whole(backend):
    await put(backend, KEY, b"a much longer first version")
    await put(backend, KEY, b"second")
    assert await content_of(backend, KEY) == b"second"


@pytest.mark.parametrize("size", [0, 3 * MiB, CHUNK_SIZE + 1])
@pytest.mark.parametrize("before", [None, b"old"])
async def test_put_leaves_nothing_new_when_the_source_fails(backend, size, before):
    if before is not None:
        await put(backend, KEY, before)
    error = RuntimeError("the source broke")
    with pytest.raises(RuntimeError, match="the source broke"):
        await backend.put(KEY, source_of(os.urandom(size), fail=error), size=size, content_type="text/plain")
    assert await keys_of(backend) == ([KEY] if before else [])
    if before is not None:
        assert await content_of(backend, KEY) == before


@pytest.mark.parametrize("difference", [-1, 1])
@pytest.mark.parametrize("size", [10, CHUNK_SIZE + 10])
async def test_put_refuses_another_length_than_announced(backend, size, difference):
    with pytest.raises(LengthMismatch):
        await backend.put(KEY, source_of(bytes(size)), size=size + difference, content_type="text/plain")
    assert await keys_of(backend) == []


@pytest.mark.parametrize("sent", [0, 2 * MiB, CHUNK_SIZE + MiB])
async def test_a_cancelled_put_leaves_nothing(backend, sent):
    waiting = asyncio.Event()

    async def pieces():
        for _ in range(sent // MiB):
            yield bytes(MiB)
        waiting.set()
        await asyncio.sleep(60)
        yield b"never"

    task = asyncio.create_task(backend.put(KEY, Source(pieces), size=None, content_type="text/plain"))
    await asyncio.wait_for(waiting.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await keys_of(backend) == []


async def test_of_concurrent_puts_one_wins_whole(backend):
    contents = [bytes([number]) * 300_000 for number in range(8)]
    await asyncio.gather(*(put(backend, KEY, content) for content in contents))
    assert await content_of(backend, KEY) in contents


async def test_delete_is_complete_and_may_be_repeated(backend):
    await put(backend, KEY, b"x")
    await backend.delete(KEY)
    await backend.delete(KEY)
    await backend.delete(parse_key("objects/never/was"))
    assert await keys_of(backend) == []
    with pytest.raises(ObjectNotFound):
        await backend.stat(KEY)


async def test_scan_gives_each_object_once_and_resumes(backend):
    keys = {parse_key(f"objects/{number % 7}/{number:03}") for number in range(40)} | {parse_key("objects/1.x")}
    for key in keys:
        await put(backend, key, b"x")
    order = await keys_of(backend)
    assert len(order) == len(keys)
    assert set(order) == keys
    for index in (0, 11, len(order) - 1):
        assert await keys_of(backend, after=order[index]) == order[index + 1 :]


async def test_scan_keeps_to_its_prefix(backend):
    for name in ("objects/ab/1", "objects/abc/2", "objects/b/3", "probe/4"):
        await put(backend, parse_key(name), b"x")
    assert await keys_of(backend, "objects/ab/") == ["objects/ab/1"]
    assert sorted(await keys_of(backend, "objects/ab")) == ["objects/ab/1", "objects/abc/2"]
    assert await keys_of(backend, "nothing") == []


async def test_scan_goes_on_while_objects_are_deleted(backend):
    keys = [parse_key(f"objects/{number:03}") for number in range(30)]
    for key in keys:
        await put(backend, key, b"x")
    seen = []
    async for info in backend.scan():
        seen.append(info.key)
        await backend.delete(info.key)
    assert sorted(seen) == keys
    assert await keys_of(backend) == []


@pytest.mark.parametrize("name", ["a", "_/-", "x.y/z..w", "A/a/aA", "0", "a" * 200, "/".join(["k" * 40] * 20)])
async def test_odd_keys(backend, name):
    key = parse_key(name)
    await put(backend, key, name.encode())
    assert await content_of(backend, key) == name.encode()
    assert await keys_of(backend) == [key]


async def test_readers_left_half_way_free_what_they_held(backend):
    await put(backend, KEY, bytes(4 * MiB))
    for _ in range(400):
        async with backend.read(KEY) as reader:
            await anext(aiter(reader.pieces))


async def test_pieces_are_small_enough_for_slow_clients(backend):
    await put(backend, KEY, bytes(5 * MiB + 3))
    async with backend.read(KEY) as reader:
        sizes = [len(piece) async for piece in reader.pieces]
    assert sum(sizes) == 5 * MiB + 3
    assert 0 < min(sizes) <= max(sizes) <= MiB


async def test_labels_name_no_path_and_no_secret(backend, tmp_path):
    assert backend.label
    assert str(tmp_path) not in backend.label
    assert "secret" not in backend.label


async def test_close_may_be_called_twice(backend):
    await backend.aclose()
    await backend.aclose()
