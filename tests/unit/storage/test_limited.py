"""Places are held as long as work lasts, freed whatever happens, and waited for only so long."""

import asyncio

import pytest

from aishare.core.errors import BackendUnavailable, ObjectNotFound
from aishare.core.keys import parse_key
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import Source
from aishare.storage.wrappers.limited import LimitedBackend

KEY = parse_key("objects/x")


class Watched(MemoryStorageBackend):
    """Remembers how many puts ran at once."""

    running = 0
    most = 0

    async def put(self, key, source, *, size, content_type):
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0.02)
            return await super().put(key, source, size=size, content_type=content_type)
        finally:
            self.running -= 1


def source_of(content):
    async def pieces():
        yield content

    return Source(pieces)


async def put(backend, key=KEY):
    await backend.put(key, source_of(b"content"), size=7, content_type="text/plain")


async def content_of(backend):
    async with backend.read(KEY) as reader:
        return b"".join([piece async for piece in reader.pieces])


async def test_no_more_puts_than_places_run_at_once():
    inner = Watched()
    limited = LimitedBackend(inner, reads=1, writes=3, wait_seconds=5)
    await asyncio.gather(*(put(limited, parse_key(f"objects/{number}")) for number in range(20)))
    assert inner.most == 3
    assert len([info async for info in limited.scan()]) == 20


async def test_an_open_reader_holds_its_place_and_leaving_frees_it():
    limited = LimitedBackend(MemoryStorageBackend(), reads=2, writes=1, wait_seconds=0.05)
    await put(limited)
    async with limited.read(KEY), limited.read(KEY):
        with pytest.raises(BackendUnavailable, match="too busy"):
            await content_of(limited)
        with pytest.raises(BackendUnavailable, match="too busy"):
            await limited.stat(KEY)
        await put(limited)  # writes wait apart
    assert await content_of(limited) == b"content"


async def test_who_waits_gets_the_place_that_becomes_free():
    limited = LimitedBackend(MemoryStorageBackend(), reads=1, writes=1, wait_seconds=5)
    await put(limited)
    async with limited.read(KEY):
        waiting = asyncio.create_task(content_of(limited))
        await asyncio.sleep(0.02)
        assert not waiting.done()
    assert await waiting == b"content"


async def test_failures_and_cancelled_waiters_lose_no_place():
    limited = LimitedBackend(MemoryStorageBackend(), reads=1, writes=1, wait_seconds=0.05)
    for _ in range(5):
        with pytest.raises(ObjectNotFound):
            await content_of(limited)
    await put(limited)
    async with limited.read(KEY):
        waiting = asyncio.create_task(content_of(limited))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert await content_of(limited) == b"content"


async def test_a_scan_that_rests_holds_no_place():
    limited = LimitedBackend(MemoryStorageBackend(), reads=1, writes=1, wait_seconds=0.05)
    await put(limited)
    async for info in limited.scan():
        assert (await limited.stat(info.key)).size_bytes == 7
