"""Scrubs find what rots, and only that. On the disk and on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aishare.catalogue.content.objects import StoredObject, insert_object
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.core.errors import Conflict, NotFound
from aishare.services.integrity.scrub_schedule import ScrubSchedule, last_due
from aishare.services.integrity.scrub_steps import ScrubSteps, is_chosen
from aishare.services.integrity.scrubs import ScrubOptions, ScrubService
from aishare.services.work.step import Step
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.backends.s3.backend import open_s3
from tests.support.catalogue import make_object
from tests.support.moving import Mover, moving
from tests.support.s3server import new_bucket
from tests.support.s3servers import s3_server


def steps_of(mover: Mover, owner: str = "me") -> ScrubSteps:
    return ScrubSteps(catalogue=mover.catalogue, storage=mover.storage, clock=mover.now, owner=owner)


def service_of(mover: Mover) -> ScrubService:
    return ScrubService(catalogue=mover.catalogue, clock=mover.now)


async def scrub(mover: Mover, **options: object):
    started = await service_of(mover).start("ada", ScrubOptions(**options))
    await steps_of(mover).work()
    return await service_of(mover).get(started.id)


async def add_many(mover: Mover, count: int) -> list[StoredObject]:
    """In one transaction."""
    made = [make_object(mover.source.row, number.to_bytes(2, "big")) for number in range(count)]
    for number, stored in enumerate(made):
        await mover.write(mover.source.backend, stored.key, number.to_bytes(2, "big"))

    def insert(connection: Connection) -> None:
        for stored in made:
            insert_object(connection, stored)

    await mover.catalogue.write(insert)
    return made


def file_of(tmp_path: Path, key: str) -> Path:
    return tmp_path / "store" / key


async def test_planted_rot_is_found_and_goes_when_it_is_repaired(mover: Mover, tmp_path: Path) -> None:
    good, flipped, cut, missing = [await mover.add_one(name, name.encode() * 100) for name in ("a", "b", "c", "d")]
    original = file_of(tmp_path, flipped.key).read_bytes()
    file_of(tmp_path, flipped.key).write_bytes(original[:50] + bytes([original[50] ^ 1]) + original[51:])
    file_of(tmp_path, cut.key).write_bytes(b"c" * 99)
    file_of(tmp_path, missing.key).unlink()
    done = await scrub(mover)
    assert (done.state, done.objects, done.bytes, done.damages) == ("completed", 4, 400, 3)
    found = {one.path: one.damage.code for one in await service_of(mover).damages()}
    assert found == {
        f"{flipped.id}-b": "object_corrupt",
        f"{cut.id}-c": "object_corrupt",
        f"{missing.id}-d": "object_not_found",
    }
    assert {one.owner for one in await service_of(mover).damages()} == {"ada"}
    assert len(await service_of(mover).damages(limit=1)) == 1
    file_of(tmp_path, flipped.key).write_bytes(original)
    await mover.delete(missing)
    done = await scrub(mover)
    assert (done.objects, done.damages) == (3, 1)
    assert [one.damage.object_id for one in await service_of(mover).damages()] == [cut.id]
    assert await mover.content(good) == b"a" * 100


async def test_a_copy_elsewhere_does_not_hide_damage(mover: Mover, tmp_path: Path) -> None:
    stored = await mover.add_one("moved", b"content" * 10)
    done = await mover.run(await mover.start())
    assert done.migration.state == "completed"
    now = await mover.row(stored)
    assert now is not None
    await mover.target.backend.delete(now.key)
    assert file_of(tmp_path, stored.key).exists()
    assert (await scrub(mover)).damages == 1
    assert [one.damage.location_id for one in await service_of(mover).damages()] == [mover.target.row.id]
    assert (await scrub(mover, location_id=mover.source.row.id)).objects == 0


async def test_a_slice_is_about_its_share_and_another_each_time(light: Mover) -> None:
    stored = await add_many(light, 600)
    first, second = await scrub(light, percent=5), await scrub(light, percent=5)
    assert 10 <= first.objects <= 60
    chosen = [{one.id for one in stored if is_chosen(run, one.id)} for run in (first, second)]
    assert len(chosen[0]) == first.objects
    assert chosen[0] != chosen[1]


async def test_it_goes_on_where_a_process_that_died_has_left_off(light: Mover) -> None:
    await add_many(light, 600)
    started = await service_of(light).start("ada", ScrubOptions())
    dead, heir = steps_of(light, "dead"), steps_of(light, "heir")
    assert await dead.step(started.id) is Step.AGAIN
    before = await service_of(light).get(started.id)
    assert 0 < before.objects < 600
    assert await heir.waiting() == []
    assert await heir.step(started.id) is Step.LATER
    light.shift = timedelta(minutes=1)
    assert await heir.waiting() == [started.id]
    await heir.work()
    assert (await service_of(light).get(started.id)).objects == 600
    assert await dead.step(started.id) is Step.END


async def test_cancelling_ends_it(light: Mover) -> None:
    await light.add(10)
    started = await service_of(light).start("ada", ScrubOptions())
    assert (await service_of(light).cancel("ada", started.id)).state == "cancelled"
    assert await steps_of(light).step(started.id) is Step.END
    with pytest.raises(Conflict):
        await service_of(light).cancel("ada", started.id)
    with pytest.raises(NotFound):
        await service_of(light).start("ada", ScrubOptions(location_id="nowhere"))


async def test_a_storage_that_is_gone_is_waited_for_and_is_no_damage(mover: Mover, tmp_path: Path) -> None:
    await mover.add(5)
    started = await service_of(mover).start("ada", ScrubOptions())
    del mover.storage._locations[mover.source.row.id]  # as if nobody knew how to enter it
    steps = steps_of(mover)
    assert await steps.step(started.id) is Step.LATER
    assert steps.problem is not None
    mover.storage._locations[mover.source.row.id] = mover.source
    await steps.work()
    done = await service_of(mover).get(started.id)
    assert (done.state, done.objects, done.damages) == ("completed", 5, 0)


async def test_of_two_processes_one_starts_what_is_due(mover: Mover) -> None:
    clocks = [datetime(2026, 1, 1, 2, 59, tzinfo=UTC)]
    schedules = [ScrubSchedule(lambda: clocks[0]) for _ in range(2)]
    looks = [schedule.look(service_of(mover), "0 3 * * *", 5) for schedule in schedules]
    assert await asyncio.gather(*looks) == [False, False]
    clocks[0] += timedelta(minutes=2)
    looks = [schedule.look(service_of(mover), "0 3 * * *", 5) for schedule in schedules]
    assert sorted(await asyncio.gather(*looks)) == [False, True]
    assert not any([await schedule.look(service_of(mover), "0 3 * * *", 5) for schedule in schedules])
    (started,) = await service_of(mover).all()
    assert (started.id, started.percent, started.created_by) == ("schedule-20260101T0300", 5, "schedule")


async def test_rot_in_s3_is_found(sqlite: Catalogue) -> None:
    server = s3_server("seaweedfs")
    async with new_bucket(server) as bucket:
        backend = await open_s3(server.config(bucket, prefix="team"))
        async with moving(sqlite, backend, MemoryStorageBackend()) as mover:
            good, flipped, cut, missing = await mover.add(4)
            await mover.write(backend, flipped.key, b"\x01" + b"\x00" * 99)
            await mover.write(backend, cut.key, b"\x00" * 99)
            await backend.delete(missing.key)
            assert (await scrub(mover)).damages == 3
            found = {one.damage.object_id: one.damage.code for one in await service_of(mover).damages()}
            lost = {missing.id: "object_not_found"}
            assert found == {flipped.id: "object_corrupt", cut.id: "object_corrupt", **lost}
            assert good.id not in found
        await backend.aclose()


def test_no_schedule_is_never_due() -> None:
    assert last_due("", datetime(2026, 1, 1, tzinfo=UTC)) is None
