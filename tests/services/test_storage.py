"""Where new content goes when the active location is slow."""

import asyncio

import pytest

from aishare.catalogue.integrity.locations import Location
from aishare.core.clock import utc_now
from aishare.core.errors import LocationMissing
from aishare.services.content import storage as module
from aishare.services.content.storage import NewContent, OpenLocation, StorageService
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import Outage
from aishare.storage.wrappers.breaking import BreakingBackend

PATIENCE = 0.05


class Slow(MemoryStorageBackend):
    async def put(self, key, source, *, size, content_type):
        await asyncio.sleep(4 * PATIENCE)
        return await super().put(key, source, size=size, content_type=content_type)


def place(name, backend):
    return OpenLocation(Location(name, "memory", name, name, "active", utc_now()), backend)


async def stored_in(active, monkeypatch):
    """The location that takes a small upload."""
    monkeypatch.setattr(module, "_SMALL_SECONDS", PATIENCE)
    spool = place("spool", MemoryStorageBackend())
    first = place("active", active)

    async def make_spool():
        return spool

    service = StorageService(
        active=first, make_spool=make_spool, readable={"active": first, "spool": spool}, catalogue=None, clock=utc_now
    )

    async def pieces():
        yield b"small"

    incoming = NewContent(pieces(), 5, lambda _head: "text/plain")
    return (await service.store(incoming, limit_bytes=None)).location_id


async def test_a_disk_takes_the_time_that_it_takes(monkeypatch):
    assert await stored_in(Slow(), monkeypatch) == "active"


async def test_a_storage_over_a_network_that_is_slow_leaves_small_content_to_the_spool(monkeypatch):
    backend = BreakingBackend(Slow())
    assert await stored_in(backend, monkeypatch) == "spool"
    await backend.aclose()


@pytest.mark.parametrize("quick", [MemoryStorageBackend, lambda: BreakingBackend(MemoryStorageBackend())])
async def test_a_storage_that_is_quick_gets_it(monkeypatch, quick):
    assert await stored_in(quick(), monkeypatch) == "active"


async def test_a_bucket_that_came_back_empty_is_away_and_no_object_of_it_is_missing():
    first = place("active", BreakingBackend(MemoryStorageBackend()))
    lost = Outage("location_missing", "it is another", utc_now())
    service = StorageService(
        active=first, readable={"active": first}, catalogue=None, clock=utc_now, refusal=lambda: lost
    )
    with pytest.raises(LocationMissing, match="it is another"):
        service.location("active")
    health = await service.health()
    assert (health.status, health.code) == ("down", "location_missing")
    await first.backend.aclose()
