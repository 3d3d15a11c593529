"""A download goes on where the bytes are, and no wrong byte is ever part of a complete one."""

import os
from contextlib import asynccontextmanager

import pytest

from aishare.core.digests import Digester
from aishare.core.errors import BackendUnavailable, CorruptObject, LocationUnavailable, ObjectNotFound
from aishare.core.keys import parse_key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, KiB, MiB
from aishare.services.content import reading
from aishare.services.content.reading import Search, Whereabouts, resilient_read
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import ObjectReader, Source
from aishare.storage.flow.budget import MemoryBudget
from aishare.storage.flow.holding import HoldingSpace

KEY = parse_key("objects/x")
SIZE = CHUNK_SIZE + 3 * MiB + 17
CONTENT = os.urandom(SIZE)
SMALL = CONTENT[: 700 * KiB]
RANGES = [
    None,
    ByteRange(5, 6),
    ByteRange(2 * MiB + 3, SIZE - 3),
    ByteRange(CHUNK_SIZE - 1, CHUNK_SIZE + 1),
    ByteRange(CHUNK_SIZE + 5, SIZE),
]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    """As many, but nobody has to wait."""
    monkeypatch.setattr(reading, "_PAUSES", tuple(pause / 50 for pause in reading._PAUSES))


class Faulty(MemoryStorageBackend):
    """Stores for real. Each read takes the next of `flips` (a position whose bit is wrong) and `breaks` (where it ends
    in an error), if there is one.
    """

    def __init__(self, *, flips=(), breaks=()):
        super().__init__()
        self.flips = list(flips)
        self.breaks = list(breaks)
        self.reads = []
        self.open_readers = 0

    @asynccontextmanager
    async def read(self, key, byte_range=None):
        self.reads.append(byte_range)
        self.open_readers += 1
        try:
            async with super().read(key, byte_range) as reader:
                flip = self.flips.pop(0) if self.flips else None
                stop = self.breaks.pop(0) if self.breaks else None
                start = reader.byte_range.start if reader.byte_range else 0
                yield ObjectReader(reader.info, reader.byte_range, faulty(reader.pieces, start, flip, stop))
        finally:
            self.open_readers -= 1


async def faulty(pieces, position, flip, stop):
    async for piece in pieces:
        changed = bytearray(piece)
        if flip is not None and position <= flip < position + len(piece):
            changed[flip - position] ^= 1
        if stop is not None and position + len(piece) > stop:
            if stop > position:
                yield bytes(changed[: stop - position])
            raise BackendUnavailable("The connection broke.")
        yield bytes(changed)
        position += len(piece)


async def holding(content, **faults):
    async def pieces():
        if content:
            yield content

    backend = Faulty(**faults)
    if content is not None:
        await backend.put(KEY, Source(pieces), size=None, content_type="x")
    return backend


def damaged(content, *positions):
    changed = bytearray(content)
    for at in positions:
        changed[at] ^= 1
    return bytes(changed)


async def download(places, byte_range=None, content=CONTENT, *, discovered=(), room=None):
    """What came, and the error it ended with. `places` by location, the object's own one first."""
    room = room or HoldingSpace()
    before = room.budget.free_bytes
    digester = Digester()
    digester.update(content)
    known = {name: backend for name, backend in places.items() if name not in discovered}

    def backend_of(name):
        if name not in known:
            raise LocationUnavailable("Not configured any more.")
        return known[name]

    async def others():
        return [Whereabouts(name, KEY) for name in places]

    async def discover():
        known.update({name: places[name] for name in discovered})

    search = Search(Whereabouts(next(iter(places)), KEY), others, backend_of, discover)
    got = bytearray()
    try:
        async with resilient_read(search, byte_range, digester.result(), room) as reader:
            async for piece in reader.pieces:
                got += piece
    except (BackendUnavailable, CorruptObject, ObjectNotFound) as error:
        return bytes(got), error
    finally:
        assert [backend.open_readers for backend in places.values()] == [0] * len(places)
        assert room.budget.free_bytes == before
    return bytes(got), None


def wanted_of(byte_range, content=CONTENT):
    return content if byte_range is None else content[byte_range.start : byte_range.stop]


async def test_good_bytes_are_read_once():
    own, copy = await holding(CONTENT), await holding(CONTENT)
    assert await download({"own": own, "copy": copy}) == (CONTENT, None)
    assert (len(own.reads), len(copy.reads)) == (1, 0)


@pytest.mark.parametrize("byte_range", RANGES)
@pytest.mark.parametrize("stop", [0, 1, MiB, 3 * MiB + 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 2 * MiB + 9])
async def test_a_download_that_breaks_off_goes_on_in_a_copy(byte_range, stop):
    own, copy = await holding(CONTENT, breaks=[stop]), await holding(CONTENT)
    assert await download({"own": own, "copy": copy}, byte_range) == (wanted_of(byte_range), None)


async def test_a_download_that_has_begun_waits_for_its_only_storage():
    own = await holding(CONTENT, breaks=[3 * MiB, *[0] * 6])
    assert await download({"own": own}) == (CONTENT, None)
    assert len(own.reads) == 8
    down = await holding(CONTENT, breaks=[3 * MiB, *[0] * 20])
    got, error = await download({"own": down})
    assert isinstance(error, BackendUnavailable)
    assert CONTENT.startswith(got)
    assert len(down.reads) == 8


async def test_a_copy_is_read_from_the_chunk_where_the_first_place_ended():
    own, copy = await holding(CONTENT, breaks=[CHUNK_SIZE + 2 * MiB]), await holding(CONTENT)
    assert await download({"own": own, "copy": copy}) == (CONTENT, None)
    assert copy.reads == [ByteRange(CHUNK_SIZE, SIZE)]


@pytest.mark.parametrize("content", [b"", b"x", SMALL, CONTENT], ids=len)
async def test_an_object_that_is_not_in_its_place_is_read_from_a_copy(content):
    assert await download({"own": await holding(None), "copy": await holding(content)}, None, content) == (
        content,
        None,
    )


async def test_an_object_of_another_size_is_read_from_a_copy():
    assert await download({"own": await holding(CONTENT[:-1]), "copy": await holding(CONTENT)}) == (CONTENT, None)


async def test_a_bit_flipped_on_the_way_is_read_again_from_the_same_place():
    own, copy = await holding(SMALL, flips=[5]), await holding(SMALL)
    assert await download({"own": own, "copy": copy}, None, SMALL) == (SMALL, None)
    assert (len(own.reads), len(copy.reads)) == (2, 0)


async def test_rot_is_read_twice_and_then_from_a_copy_which_may_be_read_twice_as_well():
    own, copy = await holding(damaged(SMALL, 5)), await holding(SMALL, flips=[7])
    assert await download({"own": own, "copy": copy}, None, SMALL) == (SMALL, None)
    assert (len(own.reads), len(copy.reads)) == (2, 2)


@pytest.mark.parametrize("byte_range", RANGES)
@pytest.mark.parametrize("at", [0, 5, 3 * MiB, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + MiB, SIZE - 1])
@pytest.mark.parametrize(
    ("how", "memory"), [("rot", 2 * MiB), ("rot", 64 * MiB), ("on the way", 0), ("then broken off", 2 * MiB)]
)
async def test_no_wrong_byte_is_given_out(byte_range, at, how, memory, tmp_path):
    """Held in memory, on disk or in both."""
    own = {
        "rot": await holding(damaged(CONTENT, at)),
        "on the way": await holding(CONTENT, flips=[at]),
        "then broken off": await holding(CONTENT, flips=[at], breaks=[at + MiB + 7]),
    }[how]
    room = HoldingSpace(MemoryBudget(memory), tmp_path)
    got = await download({"own": own, "copy": await holding(CONTENT)}, byte_range, room=room)
    assert got == (wanted_of(byte_range), None)


async def test_bytes_that_come_spoiled_several_times_from_the_only_place_are_read_until_they_are_right():
    own = await holding(CONTENT, flips=[5, 3 * MiB, CHUNK_SIZE + 9, CHUNK_SIZE - 1])
    assert await download({"own": own}) == (CONTENT, None)


async def test_rot_without_a_copy_ends_before_its_chunk():
    got, error = await download({"own": await holding(damaged(CONTENT, CHUNK_SIZE + 5))})
    assert isinstance(error, CorruptObject)
    assert got == CONTENT[:CHUNK_SIZE]


async def test_a_download_without_room_ends_and_gives_back_what_it_took(tmp_path):
    room = HoldingSpace(MemoryBudget(2 * MiB), tmp_path / "missing")
    got, error = await download({"own": await holding(CONTENT)}, room=room)
    assert isinstance(error, BackendUnavailable)
    assert "disk space" in str(error)
    assert got == b""


async def test_a_rotten_copy_is_passed_over_for_the_next():
    places = {
        "own": await holding(CONTENT, breaks=[3 * MiB]),
        "rotten": await holding(damaged(CONTENT, 5)),
        "good": await holding(CONTENT),
    }
    assert await download(places) == (CONTENT, None)


async def test_what_the_first_place_said_is_the_error_when_no_place_has_the_bytes():
    places = {"own": await holding(CONTENT, breaks=[0, 0]), "copy": await holding(None)}
    got, error = await download(places)
    assert got == b""
    assert isinstance(error, BackendUnavailable)


async def test_a_location_that_another_process_opened_is_found():
    own = await holding(SMALL)
    assert await download({"own": own}, None, SMALL, discovered=["own"]) == (SMALL, None)


async def test_a_location_that_nobody_can_open_is_passed_over_and_named_if_there_is_no_copy():
    assert (await download({"sealed": await holding(None), "copy": await holding(SMALL)}, None, SMALL))[0] == SMALL

    async def others():
        return [Whereabouts("sealed", KEY)]

    def backend_of(_name):
        raise LocationUnavailable("Not configured any more.")

    digester = Digester()
    digester.update(SMALL)
    search = Search(Whereabouts("sealed", KEY), others, backend_of)
    with pytest.raises(LocationUnavailable):
        async with resilient_read(search, None, digester.result(), HoldingSpace()):
            pass
