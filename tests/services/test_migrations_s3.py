"""Migrations to a real store behind a proxy that breaks things."""

import asyncio
from pathlib import Path

import pytest

from aishare.catalogue.session import Catalogue
from aishare.services import migration_batch, migration_steps
from aishare.storage.local import LocalConfig, LocalStorageBackend
from aishare.storage.s3.backend import open_s3
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.moving import moving
from tests.support.s3server import new_bucket
from tests.support.s3servers import s3_server


async def test_what_does_not_read_back_right_is_never_switched(
    sqlite: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration_batch, "_RETRY_SECONDS", 0.01)
    server = s3_server("seaweedfs")
    source = LocalStorageBackend(LocalConfig(tmp_path / "store"))
    with fault_proxy(server.url) as proxy:
        async with new_bucket(server) as bucket:
            target = await open_s3(server.config(bucket, endpoint_url=proxy.url))
            async with moving(sqlite, source, target) as mover:
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
            await target.aclose()
    await source.aclose()


async def test_a_store_that_refuses_for_a_while_is_waited_for(
    sqlite: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration_steps, "_UNREACHABLE_SECONDS", 0.1)
    server = s3_server("seaweedfs")
    source = LocalStorageBackend(LocalConfig(tmp_path / "store"))
    with fault_proxy(server.url) as proxy:
        async with new_bucket(server) as bucket:
            target = await open_s3(server.config(bucket, endpoint_url=proxy.url))
            async with moving(sqlite, source, target) as mover:
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
            await target.aclose()
    await source.aclose()
