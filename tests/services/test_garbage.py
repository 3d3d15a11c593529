"""Collecting garbage deletes orphans of more than a day, and nothing else. On the disk and on both databases."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from aishare.catalogue import schema
from aishare.catalogue.content.objects import mark_deleted
from aishare.core.errors import BackendDenied
from aishare.core.ids import new_id
from aishare.core.keys import object_key, parse_key
from aishare.runtime.places import open_trial
from aishare.services.integrity.garbage import GarbageService
from aishare.services.integrity.marker import MarkerService
from aishare.storage.backends.s3.backend import open_s3
from aishare.storage.base import BaseStorageBackend
from aishare.storage.checks.marker import claim
from tests.api.conftest import make_bucket
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.minio import restricted_key
from tests.support.moving import Mover, all_keys, moving
from tests.support.s3servers import s3_server, s3_server_names


def service_of(mover: Mover) -> GarbageService:
    return GarbageService(catalogue=mover.catalogue, storage=mover.storage, clock=mover.now)


def marker_of(mover: Mover) -> MarkerService:
    return MarkerService(catalogue=mover.catalogue, name="ours", open_trial=open_trial, clock=mover.now)


async def plant(mover: Mover, backend: BaseStorageBackend, count: int = 1) -> list[str]:
    keys = [object_key(new_id()) for _ in range(count)]
    for key in keys:
        await mover.write(backend, key, b"orphan")
    return keys


async def test_what_lies_in_a_storage_of_another_is_no_garbage(mover: Mover) -> None:
    """Also where it was taken over between the look and the deletion."""
    await plant(mover, mover.source.backend, 2)
    mover.shift = timedelta(hours=25)
    plan = await service_of(mover).plan()
    assert (plan.orphans, plan.skipped) == (2, [])
    await claim(mover.source.backend, "another", "their-machine:data")
    assert (await service_of(mover).collect("ada", plan.id)).deleted == 0
    again = await service_of(mover).plan()
    assert again.orphans == 0
    assert "their-machine:data" in "".join(again.skipped)


async def test_what_nothing_points_to_goes_and_all_else_stays(mover: Mover, tmp_path: Path) -> None:
    live, doomed, moved = await mover.add(3)
    await mover.catalogue.write(lambda connection: mark_deleted(connection, doomed.id, now=mover.now()))
    for stored in (live, moved):
        await mover.write(mover.target.backend, stored.key, b"x" * 100)  # a row of another location has this key
    orphans = await plant(mover, mover.source.backend, 3)
    others = [parse_key("objects/somebodys/file"), parse_key("objects/objects/ab/cd/abcdef"), parse_key("owner.txt")]
    await marker_of(mover).claim(mover.source.backend)
    for key in others:
        await mover.write(mover.source.backend, key, b"not ours to delete")
    incoming = tmp_path / "store" / ".incoming"
    (incoming / "old").write_bytes(b"crashed")
    (incoming / "new").write_bytes(b"running")
    os.utime(incoming / "old", (time.time() - 90_000,) * 2)
    plan = await service_of(mover).plan()
    assert (plan.orphans, plan.leftovers) == (0, 1)  # too young
    mover.shift = timedelta(hours=25)
    await plant(mover, mover.target.backend)
    plan = await service_of(mover).plan()
    assert (plan.orphans, plan.bytes, plan.skipped) == (4, 24, [])
    assert plan.oldest is not None
    before = await all_keys(mover.source.backend)
    done = await service_of(mover).collect("ada", plan.id)
    assert (done.deleted, done.bytes, done.leftovers) == (4, 24, 1)
    assert before - await all_keys(mover.source.backend) == set(orphans)
    assert await all_keys(mover.target.backend) == {live.key, moved.key}
    assert [path.name for path in incoming.iterdir()] == ["new"]
    again = await service_of(mover).collect("ada", plan.id)
    assert (again.deleted, again.leftovers) == (0, 0)


async def test_copies_stay_and_so_does_what_got_a_row_or_was_written_again(mover: Mover, tmp_path: Path) -> None:
    await mover.add(2)
    assert (await mover.run(await mover.start())).migration.state == "completed"
    kept = await all_keys(mover.source.backend)
    assert len(kept) == 2
    claimed, rewritten, orphan = await plant(mover, mover.source.backend, 3)
    mover.shift = timedelta(hours=25)
    plan = await service_of(mover).plan()
    assert plan.orphans == 3
    stored = await mover.add_one("late", b"late")
    (tmp_path / "store" / claimed).rename(tmp_path / "claimed")
    await mover.catalogue.write(lambda connection: _point(connection, stored.id, claimed))
    (tmp_path / "claimed").rename(tmp_path / "store" / claimed)
    now = time.time() + 25 * 3600
    os.utime(tmp_path / "store" / rewritten, (now, now))
    assert (await service_of(mover).collect("ada", plan.id)).deleted == 1
    left = await all_keys(mover.source.backend)
    assert orphan not in left
    assert left >= {*kept, claimed, rewritten}


async def test_nothing_is_collected_where_objects_arrive(light: Mover) -> None:
    await light.add(1)
    orphans = await plant(light, light.target.backend)
    light.shift = timedelta(hours=25)
    plan = await service_of(light).plan()
    assert plan.orphans == 1
    await light.start()
    assert (await service_of(light).collect("ada", plan.id)).deleted == 0
    assert set(orphans) <= await all_keys(light.target.backend)
    plan = await service_of(light).plan()
    assert (plan.orphans, len(plan.skipped)) == (0, 2)


async def test_orphans_and_unfinished_uploads_in_s3(sqlite) -> None:
    server, bucket = s3_server("seaweedfs"), f"garbage-{time.time_ns()}"
    await make_bucket(server, bucket)
    ours, theirs = [await open_s3(server.config(bucket, prefix=prefix)) for prefix in ("team", "")]
    async with moving(sqlite, ours, theirs) as mover:
        (stored,) = await mover.add(1)
        orphans = await plant(mover, ours, 2)
        for backend in (ours, theirs):
            await backend.parts.create(object_key(new_id()), content_type="text/plain")
        assert await ours.leftovers.count_incoming(older_than_seconds=3600) == 0
        assert await ours.leftovers.count_incoming(older_than_seconds=-60) == 1
        assert await ours.leftovers.sweep_incoming(older_than_seconds=-60) == 1
        assert await ours.leftovers.count_incoming(older_than_seconds=-60) == 0
        assert await theirs.leftovers.count_incoming(older_than_seconds=-60) == 1
        mover.shift = timedelta(hours=25)
        plan = await service_of(mover).plan()
        assert (plan.orphans, plan.skipped) == (2, [])
        assert (await service_of(mover).collect("ada", plan.id)).deleted == 2
        assert await all_keys(ours) == {stored.key}
        assert len(orphans) == 2
    for backend in (ours, theirs):
        await backend.aclose()


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", [name for name in s3_server_names() if name == "minio"])
async def test_a_key_that_may_not_list_unfinished_uploads_still_collects_orphans(sqlite, name: str) -> None:
    server, bucket = s3_server(name), f"garbage-{time.time_ns()}"
    await make_bucket(server, bucket)
    key, secret = restricted_key(server, without=["s3:ListBucketMultipartUploads"])
    ours = await open_s3(server.config(bucket, prefix="a", access_key=key, secret_key=SecretStr(secret)))
    other = await open_s3(server.config(bucket, prefix="b"))
    async with moving(sqlite, ours, other) as mover:
        (orphan,) = await plant(mover, ours)
        mover.shift = timedelta(hours=25)
        plan = await service_of(mover).plan()
        assert plan.orphans == 1
        assert ["unfinished uploads" in reason for reason in plan.skipped] == [True]
        done = await service_of(mover).collect("ada", plan.id)
        assert (done.deleted, len(done.skipped)) == (1, 1)
        assert orphan not in await all_keys(ours)
    for backend in (ours, other):
        await backend.aclose()


@pytest.mark.parametrize("allowed", [0, 1])
async def test_what_may_not_be_aborted_keeps_nothing_else(allowed: int) -> None:
    """A store that refuses to abort, all the time or once: no S3 server here refuses single uploads."""
    server, bucket = s3_server("seaweedfs"), f"garbage-{time.time_ns()}"
    await make_bucket(server, bucket)
    with fault_proxy(server.url) as proxy:
        backend = await open_s3(server.config(bucket, endpoint_url=proxy.url))
        for _ in range(2):
            await backend.parts.create(object_key(new_id()), content_type="text/plain")
        proxy.inject(Kind.DENY, times=2 - allowed, method="DELETE")
        if allowed:
            assert await backend.leftovers.sweep_incoming(older_than_seconds=-60) == 1
        else:
            with pytest.raises(BackendDenied):
                await backend.leftovers.sweep_incoming(older_than_seconds=-60)
        assert await backend.leftovers.count_incoming(older_than_seconds=-60) == 2 - allowed
        await backend.aclose()


def _point(connection, object_id: str, key: str) -> None:
    table = schema.objects
    connection.execute(update(table).where(table.c.id == object_id).values(key=key))
