"""Moving all objects of a location to another, in the words of what an administrator may rely on."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from aishare.api.routes.moving.migrations import migration_json
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.moving import copies, migrations
from aishare.cli.commands.migration_words import of_migration
from aishare.core.errors import BackendUnavailable, Conflict
from aishare.core.keys import moved_key
from aishare.core.sizes import KiB
from aishare.services.moving import migration_steps
from aishare.services.moving.migrations import MigrationOptions, MigrationView
from aishare.services.moving.rollback import rollback_of
from aishare.services.work.step import Step
from aishare.storage.backends.local import LocalStorageBackend
from aishare.storage.backends.s3.backend import S3StorageBackend, open_s3
from tests.support.moving import Mover, all_keys, moving
from tests.support.s3server import new_bucket
from tests.support.s3servers import s3_server


async def test_a_migration_moves_every_object_and_its_manifest_is_right(mover: Mover) -> None:
    stored = [*await mover.add(60), await mover.add_one("empty", b"")]
    done = await mover.run(await mover.start())
    assert (done.migration.state, done.migration.objects_done, done.failures) == ("completed", 61, 0)
    for one in stored:
        row = await mover.row(one)
        assert row is not None
        assert row.location_id == mover.target.row.id
        assert hashlib.sha256(await mover.content(one)).digest() == one.digests.sha256
    lines = sorted(f"{one.id} {one.digests.sha256.hex()} {one.digests.size_bytes}\n" for one in stored)
    manifest = done.migration.manifest
    assert manifest is not None
    assert manifest["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert (manifest["objects"], manifest["bytes"]) == (61, sum(one.digests.size_bytes for one in stored))


async def test_tiny_files_are_read_in_groups_and_large_ones_by_themselves(mover: Mover, monkeypatch) -> None:
    backend = mover.source.backend
    assert isinstance(backend, LocalStorageBackend)
    alone, groups, read, read_small = [], [], backend.read, backend.read_small

    def reading(key, byte_range=None):
        alone.append(key)
        return read(key, byte_range)

    async def reading_small(keys, *, at_most_bytes):
        groups.append(list(keys))
        return await read_small(keys, at_most_bytes=at_most_bytes)

    tiny, large = await mover.add(70), await mover.add_one("large", b"x" * (64 * KiB + 1))
    monkeypatch.setattr(backend, "read", reading)
    monkeypatch.setattr(backend, "read_small", reading_small)
    done = await mover.run(await mover.start())
    assert (done.migration.objects_done, done.failures) == (71, 0)
    assert alone == [large.key]
    assert sorted(key for group in groups for key in group) == sorted(one.key for one in tiny)
    assert max(map(len, groups)) == 32
    for one in [*tiny, large]:
        assert hashlib.sha256(await mover.content(one)).digest() == one.digests.sha256


async def test_a_plan_counts_and_finds_what_is_missing(mover: Mover) -> None:
    stored = await mover.add(20)
    await mover.source.backend.delete(stored[3].key)
    before = await all_keys(mover.target.backend)
    planned = await mover.service.plan("ada", mover.source.row.id, mover.target.row.id)
    assert (planned.plan["objects"], planned.plan["bytes"], planned.plan["missing"]) == (20, 2000, 1)
    assert planned.plan["estimated_seconds"] > 0
    assert await all_keys(mover.target.backend) == before
    started = await mover.service.start(
        "ada", mover.source.row.id, mover.target.row.id, MigrationOptions(), plan_id=planned.id
    )
    assert (started.migration.id, started.migration.state) == (planned.id, "running")


async def test_bad_sources_are_reported_never_copied_and_can_be_tried_again(mover: Mover) -> None:
    missing, corrupt, good = [await mover.add_one(name, name.encode() * 9) for name in ("missing", "corrupt", "good")]
    await mover.source.backend.delete(missing.key)
    await mover.write(mover.source.backend, corrupt.key, b"CORRUPT" * 9)
    migration_id = await mover.start()
    done = await mover.run(migration_id)
    failures = {one.object_id: one for one in await mover.service.failures(migration_id, after="", limit=10)}
    assert {key: one.code for key, one in failures.items()} == {
        missing.id: "object_not_found",
        corrupt.id: "object_corrupt",
    }
    assert "source" in failures[corrupt.id].reason
    assert (done.migration.state, done.migration.objects_done, done.failures) == ("failed", 1, 2)
    assert done.migration.manifest["failures"] == 2
    assert await mover.row(missing) == missing
    assert await mover.row(corrupt) == corrupt
    await mover.write(mover.source.backend, corrupt.key, b"corrupt" * 9)
    await mover.service.act("ada", migration_id, "retry")
    done = await mover.run(migration_id)
    left = await mover.service.failures(migration_id, after="", limit=10)
    assert [(one.object_id, one.attempts) for one in left] == [(missing.id, 2)]
    assert done.migration.state == "failed"
    assert await mover.content(corrupt) == b"corrupt" * 9
    assert (await mover.row(good)).location_id == mover.target.row.id
    await mover.write(mover.source.backend, missing.key, b"missing" * 9)
    await mover.service.act("ada", migration_id, "retry")
    done = await mover.run(migration_id)
    assert (done.migration.state, done.migration.objects_done, done.failures) == ("completed", 3, 0)


async def test_what_failed_and_is_deleted_by_the_next_attempt_keeps_nothing_from_completing(light: Mover) -> None:
    (gone,) = await light.add(1)
    await light.source.backend.delete(gone.key)
    migration_id = await light.start()
    assert (await light.run(migration_id)).migration.state == "failed"
    await light.delete(gone)
    await light.service.act("ada", migration_id, "retry")
    done = await light.run(migration_id)
    assert (done.migration.state, done.failures) == ("completed", 0)


async def test_a_store_copies_by_itself_and_what_it_copied_is_still_proven(sqlite: Catalogue) -> None:
    server = s3_server("seaweedfs")
    async with new_bucket(server) as first, new_bucket(server) as second:
        source, target = await open_s3(server.config(first)), await open_s3(server.config(second, prefix="b"))
        async with moving(sqlite, source, target) as mover:
            good, corrupt = await mover.add_one("good", b"good" * 99), await mover.add_one("corrupt", b"corrupt" * 9)
            await mover.write(source, corrupt.key, b"CORRUPT" * 9)
            sent = _counted_puts(target)
            migration_id = await mover.start()
            done = await mover.run(migration_id)
            assert (done.migration.objects_done, done.failures) == (1, 1)
            assert await mover.content(good) == b"good" * 99
            assert sent == [moved_key(corrupt.id, corrupt.generation)] * 3  # to see which end is to blame
            (failure,) = await mover.service.failures(migration_id, after="", limit=10)
            assert "source" in failure.reason
        await source.aclose()
        await target.aclose()


def _counted_puts(backend: S3StorageBackend) -> list[str]:
    put, keys = backend.put, []

    async def counted(key, source, **options):
        keys.append(key)
        return await put(key, source, **options)

    backend.put = counted
    return keys


async def test_a_roll_back_returns_what_was_moved_and_leaves_what_is_new(mover: Mover) -> None:
    stored = await mover.add(30)
    migration_id = await mover.start()
    await mover.run(migration_id)
    lost = (await mover.row(stored[0]), stored[0])
    await mover.source.backend.delete(stored[0].key)
    await mover.service.act("ada", migration_id, "rollback")
    done = await mover.run(migration_id)
    assert (done.migration.state, done.migration.objects_done) == ("rolled_back", 1)
    assert await mover.row(stored[0]) == lost[0]
    for one in stored[1:]:
        row = await mover.row(one)
        assert (row.location_id, row.key) == (mover.source.row.id, one.key)
    mover.shift = timedelta(days=2)
    while await mover.purge.purge():
        pass
    assert await all_keys(mover.target.backend) == {lost[0].key}
    assert len(await all_keys(mover.source.backend)) == 29


async def test_a_roll_back_says_what_is_back_what_was_deleted_and_what_has_to_stay(mover: Mover) -> None:
    stored = await mover.add(30)
    migration_id = await mover.start(bytes_per_second=10_000_000)
    moved = await mover.run(migration_id)
    assert moved.took_seconds() is not None
    assert moved.average_bytes_per_second() == pytest.approx(3000 / moved.took_seconds())
    await mover.delete(stored[0])
    await mover.source.backend.delete(stored[1].key)
    begun = await mover.service.act("ada", migration_id, "rollback")
    assert (begun.took_seconds(), begun.migration.bytes_per_second) == (None, 10_000_000)
    document = migration_json(await mover.run(migration_id))
    assert document.rollback is not None
    assert document.rollback.model_dump(exclude={"started_at"}) == {
        "objects": 30, "bytes": 3000, "objects_back": 28, "bytes_back": 2800, "objects_failed": 1, "objects_deleted": 1,
    }  # fmt: skip
    assert document.took_seconds == (document.finished_at - document.rollback.started_at).total_seconds()
    assert document.plan == {"objects": 30, "bytes": 3000}
    words = "\n".join(of_migration({**document.model_dump(mode="json"), "manifest": None}, {}))
    assert "rolled back: 28 of 30 files are back, 2,800 of 3,000 bytes" in words
    assert "Deleted since: 1." in words
    assert "because the old copy is missing or damaged: 1." in words
    assert "could not be moved" not in words


async def test_a_roll_back_of_earlier_versions_and_one_after_the_grace_claim_nothing(mover: Mover) -> None:
    stored = await mover.add(3)
    migration_id = await mover.start(grace_seconds=60)
    await mover.run(migration_id)
    mover.shift = timedelta(seconds=90)
    await mover.delete(stored[0])
    await mover.service.act("ada", migration_id, "rollback")
    back = rollback_of((await mover.run(migration_id)).migration)
    assert back is not None
    assert (back.objects_back, back.objects_deleted) == (2, None)
    row = (await mover.service.get(migration_id)).migration
    plan = {"objects": 3, "bytes": 300}
    old = rollback_of(replace(row, plan=plan))
    assert old is not None
    assert (old.objects, old.objects_back, old.objects_deleted, old.started_at) == (3, 2, None, None)


async def test_a_roll_back_that_runs_says_how_long_it_takes(mover: Mover) -> None:
    await mover.add(40)
    migration_id = await mover.start()
    await mover.run(migration_id)
    await mover.service.act("ada", migration_id, "rollback")
    row = replace((await mover.service.get(migration_id)).migration, objects_rate=-8.0, bytes_rate=-2000.0)
    assert MigrationView(row, 0).eta_seconds() == 5


async def test_the_purge_waits_for_the_grace_and_spares_what_is_pointed_to(mover: Mover) -> None:
    stored = await mover.add(5)
    migration_id = await mover.start(grace_seconds=60)
    await mover.run(migration_id)
    assert await mover.purge.purge() == 0
    pointed = await mover.row(stored[0])
    wrong = copies.Copy(pointed.location_id, pointed.key, pointed.id, None, 1, mover.now() - timedelta(days=1))
    await mover.catalogue.write(lambda connection: copies.insert_copy(connection, wrong))
    mover.shift = timedelta(seconds=70)
    assert await mover.purge.purge() == 5
    assert await all_keys(mover.source.backend) == set()
    assert len(await all_keys(mover.target.backend)) == 5


async def test_pause_takes_effect_between_objects_and_resume_goes_on(light: Mover) -> None:
    await light.add(40)
    slow = _Slow(light, seconds=0.05)
    migration_id = await slow.mover.start(concurrency=1)
    running = asyncio.create_task(slow.mover.run(migration_id))
    await asyncio.sleep(0.3)
    await light.service.act("ada", migration_id, "pause")
    paused = await asyncio.wait_for(running, 5)
    assert paused.migration.state == "paused"
    assert 0 < paused.migration.objects_done < 40
    await light.service.act("ada", migration_id, "resume")
    assert (await light.run(migration_id)).migration.objects_done == 40


async def test_cancel_leaves_what_has_moved_where_it_is(light: Mover) -> None:
    await light.add(40)
    slow = _Slow(light, seconds=0.05)
    migration_id = await slow.mover.start(concurrency=1)
    running = asyncio.create_task(slow.mover.run(migration_id))
    await asyncio.sleep(0.3)
    await light.service.act("ada", migration_id, "cancel")
    done = (await running).migration
    assert done.state == "cancelled"
    assert 0 < done.objects_done < 40
    with pytest.raises(Conflict):
        await light.service.act("ada", migration_id, "resume")


async def test_a_changed_limit_is_heeded_while_the_migration_runs(light: Mover) -> None:
    await light.add(30, size=10_000)
    migration_id = await light.start(bytes_per_second=20_000)
    running = asyncio.create_task(light.run(migration_id))
    await asyncio.sleep(1)
    assert (await light.service.get(migration_id)).migration.objects_done < 10
    await light.service.limit("admin", migration_id, {"bytes_per_second": None})
    done = await asyncio.wait_for(running, 5)
    assert done.migration.objects_done == 30


async def test_a_target_that_is_down_is_waited_for(light: Mover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration_steps, "_UNREACHABLE_SECONDS", 0.1)
    await light.add(20)
    down = _Down(light)
    migration_id = await down.mover.start()
    running = asyncio.create_task(down.mover.run(migration_id))
    await asyncio.sleep(1.5)
    seen = await light.service.get(migration_id)
    assert (seen.failures, seen.migration.objects_done) == (0, 0)
    assert "nobody there" in seen.migration.error
    down.down = False
    done = await asyncio.wait_for(running, 10)
    assert (done.migration.state, done.migration.objects_done, done.migration.error) == ("completed", 20, None)


async def test_only_one_process_works_and_the_other_takes_over(light: Mover) -> None:
    await light.add(20)
    migration_id = await light.start()
    now = light.now()
    claimed = await light.catalogue.write(
        lambda connection: migrations.claim_lease(
            connection, migration_id, "first", now=now, until=now + timedelta(seconds=15)
        )
    )
    assert claimed
    assert await light.steps("second").step(migration_id) is Step.LATER
    assert await light.steps("second").waiting() == []
    light.shift = timedelta(seconds=16)
    assert await light.steps("second").waiting() == [migration_id]
    assert (await light.run(migration_id, owner="second")).migration.objects_done == 20


async def test_who_lost_the_lease_switches_no_row(light: Mover) -> None:
    await light.add(40)
    slow = _Slow(light, seconds=0.02)
    migration_id = await slow.mover.start()
    running = asyncio.create_task(slow.mover.steps("first").step(migration_id))
    await asyncio.sleep(0.01)
    later = light.now() + timedelta(seconds=60)
    await light.catalogue.write(
        lambda connection: migrations.claim_lease(connection, migration_id, "second", now=later, until=later)
    )
    assert await running is Step.LATER
    assert (await light.service.get(migration_id)).migration.objects_done == 0
    light.shift = timedelta(seconds=120)
    assert (await light.run(migration_id, owner="second")).migration.objects_done == 40


async def test_a_long_object_keeps_its_lease(light: Mover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration_steps, "_LEASE", timedelta(seconds=1))
    monkeypatch.setattr(migration_steps, "_RENEW_SECONDS", 0.2)
    monkeypatch.setattr(migration_steps, "_WATCH_SECONDS", 0.1)
    await light.add(1)
    slow = _Slow(light, seconds=2.5)
    migration_id = await slow.mover.start()
    running = asyncio.create_task(slow.mover.run(migration_id, owner="first"))
    await asyncio.sleep(2)
    assert await light.steps("second").step(migration_id) is Step.LATER
    assert (await running).migration.objects_done == 1


async def test_deleted_while_it_is_copied_leaves_nothing_in_the_target(light: Mover) -> None:
    stored = await light.add(1)
    slow = _Slow(light, seconds=0.3)
    migration_id = await slow.mover.start()
    running = asyncio.create_task(slow.mover.run(migration_id))
    await asyncio.sleep(0.15)
    await light.delete(stored[0])
    done = (await running).migration
    assert (done.state, done.objects_done, done.objects_skipped) == ("completed", 0, 1)
    assert await all_keys(light.target.backend) == set()


async def test_a_second_migration_from_the_same_place_is_refused(light: Mover) -> None:
    await light.start()
    with pytest.raises(Conflict):
        await light.start()


class _Wrapped:
    """A mover whose target is a memory of this class's own."""

    def __init__(self, mover: Mover) -> None:
        self.mover = mover
        backend = mover.target.backend
        original = backend.put

        async def put(key, source, *, size, content_type):
            await self.before()
            return await original(key, source, size=size, content_type=content_type)

        backend.put = put


class _Slow(_Wrapped):
    def __init__(self, mover: Mover, *, seconds: float) -> None:
        super().__init__(mover)
        self._seconds = seconds

    async def before(self) -> None:
        await asyncio.sleep(self._seconds)


class _Down(_Wrapped):
    down = True

    def __init__(self, mover: Mover) -> None:
        super().__init__(mover)
        backend = mover.target.backend
        original = backend.stat

        async def stat(key):
            await self.before()
            return await original(key)

        backend.stat = stat

    async def before(self) -> None:
        if self.down:
            raise BackendUnavailable("nobody there.")
