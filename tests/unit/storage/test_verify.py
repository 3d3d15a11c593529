"""A flipped or missing byte is never delivered as good: whatever arrives before the error is incomplete."""

import asyncio
import os
import threading

import pytest

from aishare.core.digests import Digester
from aishare.core.errors import CorruptObject
from aishare.core.keys import parse_key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, MiB
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import Source
from aishare.storage.flow import holding as module
from aishare.storage.flow.budget import MemoryBudget
from aishare.storage.flow.holding import AllPieces, HoldingSpace
from aishare.storage.flow.verify import verified_read

KEY = parse_key("objects/x")
SIZE = 2 * CHUNK_SIZE + 3 * MiB + 17
CONTENT = os.urandom(SIZE)
RANGES = [
    None,
    ByteRange(0, 1),
    ByteRange(5, CHUNK_SIZE),
    ByteRange(CHUNK_SIZE - 1, CHUNK_SIZE + 1),
    ByteRange(CHUNK_SIZE, 2 * CHUNK_SIZE),
    ByteRange(CHUNK_SIZE + 5, CHUNK_SIZE + 2 * MiB),
    ByteRange(SIZE - 1, SIZE),
    ByteRange(0, SIZE),
]


def digests_of(content):
    digester = Digester()
    for start in range(0, len(content), 700_001):
        digester.update(content[start : start + 700_001])
    return digester.result()


DIGESTS = digests_of(CONTENT)


async def backend_with(content):
    async def pieces():
        if content:
            yield content

    backend = MemoryStorageBackend()
    await backend.put(KEY, Source(pieces), size=None, content_type="x")
    return backend


async def collect(backend, byte_range, digests=DIGESTS, room=None):
    got = bytearray()
    try:
        async with verified_read(backend, KEY, byte_range, digests, room) as reader:
            async for piece in reader.pieces:
                assert 0 < len(piece) <= MiB
                got += piece
    except CorruptObject:
        return bytes(got), True
    return bytes(got), False


@pytest.mark.parametrize("byte_range", RANGES)
@pytest.mark.parametrize(
    "room", [None, HoldingSpace(), HoldingSpace(MemoryBudget(0))], ids=["copy", "in memory", "on disk"]
)
async def test_good_bytes_pass(byte_range, room):
    got, corrupt = await collect(await backend_with(CONTENT), byte_range, room=room)
    wanted = byte_range or ByteRange(0, SIZE)
    assert not corrupt
    assert got == CONTENT[wanted.start : wanted.stop]


@pytest.mark.parametrize("byte_range", RANGES)
@pytest.mark.parametrize("at", [0, 5, CHUNK_SIZE - 1, CHUNK_SIZE, 2 * CHUNK_SIZE - 1, SIZE - 1])
async def test_a_flipped_bit_in_a_chunk_that_is_touched_never_completes(byte_range, at):
    damaged = bytearray(CONTENT)
    damaged[at] ^= 1
    got, corrupt = await collect(await backend_with(bytes(damaged)), byte_range)
    wanted = byte_range or ByteRange(0, SIZE)
    touched = wanted.start // CHUNK_SIZE <= at // CHUNK_SIZE <= (wanted.stop - 1) // CHUNK_SIZE
    assert corrupt is touched
    if touched:
        assert len(got) < wanted.length
    else:
        assert got == CONTENT[wanted.start : wanted.stop]


@pytest.mark.parametrize("byte_range", RANGES)
@pytest.mark.parametrize("at", [0, 5, CHUNK_SIZE - 1, CHUNK_SIZE, 2 * CHUNK_SIZE - 1, SIZE - 1])
async def test_with_room_only_proven_chunks_are_given_out(byte_range, at):
    damaged = bytearray(CONTENT)
    damaged[at] ^= 1
    got, _ = await collect(await backend_with(bytes(damaged)), byte_range, room=HoldingSpace())
    wanted = byte_range or ByteRange(0, SIZE)
    proven = at - at % CHUNK_SIZE
    if wanted.start >= proven + CHUNK_SIZE:
        proven = SIZE
    assert got == CONTENT[wanted.start : min(wanted.stop, proven)]


async def test_memory_goes_back_as_a_slow_reader_takes_pieces():
    room = HoldingSpace()
    free = room.budget.free_bytes
    async with verified_read(await backend_with(CONTENT), KEY, None, DIGESTS, room) as reader:
        pieces = aiter(reader.pieces)
        held = []
        for _ in range(4):
            await anext(pieces)
            held.append(free - room.budget.free_bytes)
    assert 0 < held[3] < held[2] < held[1] < held[0] < CHUNK_SIZE
    assert room.budget.free_bytes == free


async def test_the_file_stays_open_under_a_thread_that_was_cancelled(monkeypatch, tmp_path):
    reached, release, written = threading.Event(), threading.Event(), []

    def append(file, piece):
        reached.set()
        release.wait(10)
        written.append(file.write(piece))

    monkeypatch.setattr(module, "_append", append)
    held = AllPieces(HoldingSpace(MemoryBudget(0), tmp_path))
    holding = asyncio.create_task(held.hold(b"x" * 100))
    await asyncio.to_thread(reached.wait, 10)
    holding.cancel()
    threading.Timer(0.1, release.set).start()
    with pytest.raises(asyncio.CancelledError):
        await holding
    await held.aclose()
    assert written == [100]


@pytest.mark.parametrize("size", [0, 1, SIZE - 1, CHUNK_SIZE])
async def test_missing_bytes_fail_before_the_first_is_given(size):
    got, corrupt = await collect(await backend_with(CONTENT[:size] or b""), None)
    assert corrupt
    assert got == b""


async def test_empty_content():
    got, corrupt = await collect(await backend_with(b""), None, digests_of(b""))
    assert (got, corrupt) == (b"", False)


async def test_bytes_where_nothing_should_be_are_refused():
    got, corrupt = await collect(await backend_with(b"abc"), None, digests_of(b""))
    assert (got, corrupt) == (b"", True)


@pytest.mark.parametrize("change", ["swapped chunks", "bytes too many", "zeros"])
async def test_other_damage_never_completes(change):
    damaged = {
        "swapped chunks": CONTENT[CHUNK_SIZE : 2 * CHUNK_SIZE] + CONTENT[:CHUNK_SIZE] + CONTENT[2 * CHUNK_SIZE :],
        "bytes too many": CONTENT + b"x",
        "zeros": CONTENT[: CHUNK_SIZE + MiB] + bytes(4096) + CONTENT[CHUNK_SIZE + MiB + 4096 :],
    }[change]
    got, corrupt = await collect(await backend_with(damaged), None)
    assert corrupt
    assert len(got) < SIZE
    assert CONTENT.startswith(got[: 0 if change == "swapped chunks" else CHUNK_SIZE])
