"""What is tried again, for how long, and that a download never continues with another version."""

import asyncio
import os
import time
from contextlib import asynccontextmanager

import pytest

from aishare.core.errors import (
    BackendDenied,
    BackendTimeout,
    BackendUnavailable,
    CorruptObject,
    ObjectNotFound,
)
from aishare.core.keys import parse_key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import KiB, MiB
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import ObjectReader, Source
from aishare.storage.wrappers.retrying import RetryingBackend, RetryPolicy

KEY = parse_key("objects/x")
CONTENT = os.urandom(3 * MiB + 17)
POLICY = RetryPolicy(
    attempts=4, base_delay_seconds=0.001, max_delay_seconds=0.01, deadline_seconds=2, stall_seconds=0.3
)


class Unreliable(MemoryStorageBackend):
    """Stores for real, but every verb first takes the next of `troubles`, and bodies end after `break_after` bytes."""

    def __init__(self):
        super().__init__()
        self.troubles = []
        self.calls = 0
        self.breaks = []
        self.open_readers = 0
        self.most_open = 0

    async def _trouble(self):
        self.calls += 1
        trouble = self.troubles.pop(0) if self.troubles else None
        if isinstance(trouble, Exception):
            raise trouble
        if trouble is not None:
            await asyncio.sleep(trouble)

    async def put(self, key, source, *, size, content_type):
        info = await super().put(key, source, size=size, content_type=content_type)
        await self._trouble()
        return info

    async def stat(self, key):
        await self._trouble()
        return await super().stat(key)

    async def delete(self, key):
        await self._trouble()
        await super().delete(key)

    async def scan(self, prefix="", *, after=None):
        async for info in super().scan(prefix, after=after):
            await self._trouble()
            yield info

    @asynccontextmanager
    async def read(self, key, byte_range=None):
        await self._trouble()
        self.open_readers += 1
        self.most_open = max(self.most_open, self.open_readers)
        try:
            async with super().read(key, byte_range) as reader:
                yield ObjectReader(reader.info, reader.byte_range, self._breaking(reader.pieces))
        finally:
            self.open_readers -= 1

    async def _breaking(self, pieces):
        after, trouble = self.breaks.pop(0) if self.breaks else (None, None)
        passed = 0
        async for piece in pieces:
            rest = piece if after is None else piece[: after - passed]
            passed += len(rest)
            if rest:
                yield rest
            if after == passed:
                if isinstance(trouble, Exception):
                    raise trouble
                if callable(trouble):
                    await trouble()
                    raise BackendUnavailable("broke off")
                await asyncio.sleep(trouble)


async def stored(content=CONTENT):
    backend = Unreliable()
    await MemoryStorageBackend.put(backend, KEY, source_of(content), size=None, content_type="text/plain")
    return backend, RetryingBackend(backend, POLICY)


def source_of(content, *, rewindable=True, opened=None):
    async def pieces():
        if opened is not None:
            opened.append(1)
        yield content

    return Source(pieces, rewindable=rewindable)


async def content_of(backend, byte_range=None):
    async with backend.read(KEY, byte_range) as reader:
        return b"".join([piece async for piece in reader.pieces])


async def collect(backend, got):
    async with backend.read(KEY) as reader:
        async for piece in reader.pieces:
            got += piece


def unavailable(count):
    return [BackendUnavailable("try later") for _ in range(count)]


@pytest.mark.parametrize("verb", ["stat", "delete", "read"])
async def test_three_failures_are_survived_and_four_are_not(verb):
    async def call():
        await (content_of(retrying) if verb == "read" else getattr(retrying, verb)(KEY))

    inner, retrying = await stored()
    inner.troubles = unavailable(3)
    await call()
    assert inner.calls == 4
    inner.troubles = unavailable(4)
    with pytest.raises(BackendUnavailable, match="try later"):
        await call()
    assert inner.calls == 8


@pytest.mark.parametrize("error", [ObjectNotFound("gone"), BackendDenied("no"), CorruptObject("bad")])
async def test_what_can_not_get_better_is_asked_once(error):
    inner, retrying = await stored()
    inner.troubles = [error]
    with pytest.raises(type(error)):
        await retrying.stat(KEY)
    assert inner.calls == 1


@pytest.mark.parametrize("verb", ["stat", "delete", "read"])
async def test_all_attempts_together_keep_the_deadline(verb):
    inner, _ = await stored()
    retrying = RetryingBackend(inner, RetryPolicy(attempts=100, base_delay_seconds=0.01, deadline_seconds=0.3))
    inner.troubles = [*unavailable(3), 60]
    began = time.monotonic()
    with pytest.raises(BackendTimeout):
        await (content_of(retrying) if verb == "read" else getattr(retrying, verb)(KEY))
    assert time.monotonic() - began < 30
    assert inner.open_readers == 0


@pytest.mark.parametrize("verb", ["stat", "delete", "read"])
async def test_an_answer_that_does_not_come_is_asked_for_again(verb):
    inner, retrying = await stored()
    inner.troubles = [60]
    await (content_of(retrying) if verb == "read" else getattr(retrying, verb)(KEY))
    assert inner.calls == 2
    assert inner.open_readers == 0


async def test_a_reopening_that_does_not_come_is_asked_for_again():
    inner, retrying = await stored()
    inner.breaks = [(1000, BackendUnavailable("reset"))]
    got = bytearray()
    async with retrying.read(KEY) as reader:
        async for piece in reader.pieces:
            if not got:
                inner.troubles = [60]
            got += piece
    assert got == CONTENT
    assert inner.calls == 3


async def test_a_listing_may_take_its_time():
    inner, retrying = await stored()
    inner.troubles = [POLICY.stall_seconds * 2]
    assert [info.key async for info in retrying.scan()] == [KEY]
    assert inner.calls == 1


async def test_put_is_repeated_from_the_start_of_a_rewindable_source():
    inner, retrying = await stored(b"old")
    inner.troubles = unavailable(2)
    opened = []
    await retrying.put(KEY, source_of(b"new", opened=opened), size=3, content_type="text/plain")
    assert len(opened) == 3
    assert await content_of(inner) == b"new"


async def test_put_of_a_stream_is_never_repeated():
    inner, retrying = await stored()
    inner.troubles = unavailable(1)
    opened = []
    with pytest.raises(BackendUnavailable):
        await retrying.put(KEY, source_of(b"new", rewindable=False, opened=opened), size=3, content_type="text/plain")
    assert len(opened) == 1


@pytest.mark.parametrize("byte_range", [None, ByteRange(5, 2 * MiB + 7), ByteRange(MiB, len(CONTENT))])
@pytest.mark.parametrize("after", [1, 300 * KiB, MiB, 2 * MiB])
async def test_a_broken_download_goes_on_at_the_next_byte(byte_range, after):
    inner, retrying = await stored()
    inner.breaks = [(after, BackendUnavailable("reset")), (1000, BackendUnavailable("reset")), (1, 60)]
    expected = CONTENT if byte_range is None else CONTENT[byte_range.start : byte_range.stop]
    assert await content_of(retrying, byte_range) == expected
    assert (inner.most_open, inner.open_readers) == (1, 0)


async def test_more_breaks_than_attempts_are_survived_while_bytes_come():
    inner, retrying = await stored()
    inner.breaks = [(1000, BackendUnavailable("reset"))] * 20
    assert await content_of(retrying) == CONTENT


async def test_a_download_without_progress_ends():
    inner, retrying = await stored()
    inner.breaks = [(10, BackendUnavailable("reset"))]
    async with retrying.read(KEY) as reader:
        pieces = aiter(reader.pieces)
        assert len(await anext(pieces)) == 10
        inner.troubles = unavailable(20)
        with pytest.raises(BackendUnavailable):
            await anext(pieces)
        assert inner.calls == 4  # the first opening and, of four attempts for this piece, three reopenings
    assert inner.open_readers == 0


@pytest.mark.parametrize("replacement", [b"short", os.urandom(len(CONTENT)), os.urandom(len(CONTENT) + 1)])
async def test_a_download_never_goes_on_with_another_version(replacement):
    inner, retrying = await stored()

    async def replace():
        await asyncio.sleep(0.001)
        await MemoryStorageBackend.put(inner, KEY, source_of(replacement), size=None, content_type="text/plain")

    inner.breaks = [(2 * MiB, replace)]
    got = bytearray()
    with pytest.raises(CorruptObject):
        await collect(retrying, got)
    assert got == CONTENT[: 2 * MiB]


async def test_a_slow_consumer_is_no_stall():
    inner, _ = await stored()
    retrying = RetryingBackend(inner, RetryPolicy(deadline_seconds=0.2, stall_seconds=0.1))
    got = bytearray()
    async with retrying.read(KEY) as reader:
        async for piece in reader.pieces:
            await asyncio.sleep(0.25)
            got += piece
    assert got == CONTENT
    assert inner.calls == 1


async def test_a_scan_goes_on_behind_the_last_object():
    inner, retrying = await stored()
    keys = [parse_key(f"objects/y{number:02}") for number in range(20)]
    for key in keys:
        await MemoryStorageBackend.put(inner, key, source_of(b"x"), size=1, content_type="text/plain")
    inner.troubles = [None, *unavailable(2), None, None, *unavailable(3), None, *unavailable(1)]
    assert [info.key async for info in retrying.scan("objects/y")] == keys
    inner.troubles = unavailable(4)
    with pytest.raises(BackendUnavailable):
        [info async for info in retrying.scan()]


def test_delays_grow_with_full_jitter_up_to_the_limit():
    policy = RetryPolicy(base_delay_seconds=0.2, max_delay_seconds=5)
    for failures, longest in [(1, 0.2), (2, 0.4), (3, 0.8), (6, 5), (50, 5)]:
        delays = [policy.delay_seconds(failures) for _ in range(300)]
        assert 0 <= min(delays) < longest * 0.2
        assert longest * 0.8 < max(delays) <= longest
