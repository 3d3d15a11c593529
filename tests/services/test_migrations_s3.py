"""Migrations to a real store behind a proxy that breaks things."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.database.session import Catalogue
from aishare.core.keys import moved_key
from aishare.core.sizes import MiB
from aishare.services.moving import migration_batch, migration_steps
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.s3.backend import open_s3
from tests.support.faultproxy import FaultProxy, Kind, fault_proxy
from tests.support.moving import Mover, moving
from tests.support.s3server import new_bucket
from tests.support.s3servers import s3_server


@dataclass(frozen=True)
class Road:
    """From a local disk to a bucket, through a proxy."""

    mover: Mover
    proxy: FaultProxy


@pytest.fixture
async def road(sqlite: Catalogue, tmp_path: Path) -> AsyncIterator[Road]:
    server = s3_server("seaweedfs")
    source = LocalStorageBackend(LocalConfig(tmp_path / "store"))
    with fault_proxy(server.url) as proxy:
        async with new_bucket(server) as bucket:
            target = await open_s3(server.config(bucket, endpoint_url=proxy.url))
            async with moving(sqlite, source, target) as mover:
                yield Road(mover, proxy)
            await target.aclose()
    await source.aclose()


async def test_what_does_not_read_back_right_is_never_switched(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration_batch, "_RETRY_SECONDS", 0.01)
    mover, proxy = road.mover, road.proxy
    stored = await mover.add(5)
    proxy.inject(Kind.FLIP_RESPONSE, at=5, times=None, method="GET", path="objects/")
    migration_id = await mover.start()
    done = await mover.run(migration_id)
    failures = await mover.service.failures(migration_id, after="", limit=10)
    assert (done.migration.objects_done, done.failures) == (0, 5)
    assert {one.code for one in failures} == {"object_corrupt"}
    assert all("target" in one.reason for one in failures)
    assert [await mover.row(one) for one in stored] == stored
    proxy.clear()
    await mover.service.act("ada", migration_id, "retry")
    done = await mover.run(migration_id)
    assert (done.migration.objects_done, done.failures) == (5, 0)


async def test_a_store_that_refuses_for_a_while_is_waited_for(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration_steps, "_UNREACHABLE_SECONDS", 0.1)
    mover, proxy = road.mover, road.proxy
    await mover.add(5)
    proxy.inject(Kind.REFUSE_RESET, times=None)
    migration_id = await mover.start()
    running = asyncio.create_task(mover.run(migration_id))
    await asyncio.sleep(4)
    assert not running.done()
    assert (await mover.service.get(migration_id)).failures == 0
    proxy.clear()
    done = await asyncio.wait_for(running, 30)
    assert (done.migration.objects_done, done.failures) == (5, 0)


@pytest.mark.parametrize(("times", "parts"), [(2 * MiB, 2), (20, 0)], ids=["large", "tiny"])
async def test_copies_on_trust_are_proven_by_reading_back_and_else_sent_again_with_proof(
    road: Road, monkeypatch: pytest.MonkeyPatch, times: int, parts: int
) -> None:
    monkeypatch.setattr(migration_batch, "_RETRY_SECONDS", 0.01)
    mover, proxy = road.mover, road.proxy
    contents = {name: name.encode() * times for name in ("plain", "fault", "short", "rotten")}
    stored = {name: await mover.add_one(name, content) for name, content in contents.items()}
    await mover.write(mover.source.backend, stored["short"].key, contents["short"][:-1])
    await mover.write(mover.source.backend, stored["rotten"].key, contents["rotten"][:-1] + b"!")
    proxy.inject(Kind.FLIP_REQUEST, at=times * 9 // 2, method="PUT", path=_moved(stored["fault"]))
    migration_id = await mover.start()
    done = await mover.run(migration_id)
    assert (done.migration.objects_done, done.failures) == (2, 2)
    failures = {one.object_id: one for one in await mover.service.failures(migration_id, after="", limit=9)}
    for name in ("short", "rotten"):
        assert failures[stored[name].id].code == "object_corrupt"
        assert "At the source" in failures[stored[name].id].reason
        assert await mover.row(stored[name]) == stored[name]
    for name in ("plain", "fault"):
        assert (await mover.row(stored[name])).location_id == mover.target.row.id
        assert await mover.content(stored[name]) == contents[name]
    puts = {name: [line for line in proxy.seen if _puts(line, stored[name])] for name in contents}
    assert len(puts["plain"]) == 1
    again = [True] * parts or [False]
    assert [("partNumber" in line) for line in sorted(puts["fault"], key=len)] == [False, *again]


@pytest.mark.parametrize("limit", [{"verify": "checksum"}, {"bytes_per_second": 1024 * MiB}], ids=str)
async def test_only_what_is_read_back_without_a_limit_is_copied_on_trust(road: Road, limit: dict[str, object]) -> None:
    mover, proxy = road.mover, road.proxy
    stored = await mover.add_one("file", bytes(9 * MiB))
    done = await mover.run(await mover.start(**limit))
    assert (done.migration.objects_done, done.failures) == (1, 0)
    puts = [line for line in proxy.seen if _puts(line, stored)]
    assert [("partNumber" in line) for line in puts] == [True, True]


def _moved(stored: StoredObject) -> str:
    return moved_key(stored.id, stored.generation)


def _puts(line: str, stored: StoredObject) -> bool:
    return line.startswith("PUT") and _moved(stored) in line
