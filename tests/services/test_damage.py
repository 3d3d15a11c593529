"""What is known of damage, and what follows from it: for copies, migrations, and files that the kernel is to send."""

import asyncio
import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from aishare.catalogue.content.damages import Damage, list_damages, put_damage
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.moving.copies import copies_of
from aishare.core.errors import CorruptObject, ObjectNotFound
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE
from aishare.services.content import proofs
from aishare.services.content.storage import OpenLocation
from aishare.services.moving.migrations import MigrationOptions, MigrationView
from aishare.services.moving.read_ahead import read_ahead
from aishare.storage.wrappers.measured import MeasuredBackend, StorageMetrics
from tests.services.test_scrubs import file_of, scrub
from tests.support.catalogue import make_object
from tests.support.moving import Mover


def flip(path: Path, at: int = 0) -> None:
    """In place, and the mtime set back: only the ctime tells."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


async def note_damage(mover: Mover, stored: StoredObject, code: str = "object_corrupt") -> None:
    now = await mover.row(stored)
    assert now is not None
    damage = Damage(now.id, now.location_id, now.key, code, "Found.", None, mover.now())
    await mover.catalogue.write(lambda connection: put_damage(connection, damage))


async def damaged(mover: Mover) -> list[str]:
    return [one.damage.object_id for one in await mover.catalogue.read(list_damages)]


async def places(mover: Mover, stored: StoredObject) -> list[str]:
    return [
        copy.location_id for copy in await mover.catalogue.read(lambda connection: copies_of(connection, stored.id))
    ]


async def prove(mover: Mover, stored: StoredObject, wanted: ByteRange | None = None) -> bool | None:
    """What is known of the file; then its bytes are proven."""
    local = mover.storage.local_object(stored)
    assert local is not None
    with Path(local.path).open("rb") as file:
        known = local.known(os.fstat(file.fileno()))
        await local.prove(file.fileno(), wanted or ByteRange(0, stored.digests.size_bytes))
    return known


async def settled(mover: Mover, stored: StoredObject, stamps: str | None) -> None:
    """Until it was written down what the file looks like."""
    async with asyncio.timeout(20):
        while (await row(mover, stored)).stamps != stamps:
            await asyncio.sleep(0.01)


async def row(mover: Mover, stored: StoredObject) -> StoredObject:
    now = await mover.row(stored)
    assert now is not None
    return now


async def moved_back(mover: Mover) -> MigrationView:
    mover.storage._active = mover.source
    back = await mover.service.start("ada", mover.target.row.id, mover.source.row.id, MigrationOptions())
    return await mover.run(back.migration.id)


async def test_copies_of_damaged_objects_outlive_their_grace_until_the_damage_is_mended(mover: Mover) -> None:
    good, bad = await mover.add(2)
    await mover.run(await mover.start(grace_seconds=30))
    await note_damage(mover, bad)
    mover.shift = timedelta(days=30)
    assert await mover.purge.purge() == 1
    assert (await places(mover, good), await places(mover, bad)) == ([], [mover.source.row.id])
    assert await mover.content(bad) == (1).to_bytes(4, "big") * 25
    await scrub(mover)
    assert await damaged(mover) == []
    assert await mover.purge.purge() == 1
    assert await places(mover, bad) == []


async def test_copies_of_damaged_objects_go_with_the_object(mover: Mover) -> None:
    (bad,) = await mover.add(1)
    await mover.run(await mover.start(grace_seconds=0))
    await note_damage(mover, bad)
    await mover.delete(bad)
    mover.shift = timedelta(days=1)
    await mover.storage.delete_marked()
    mover.storage._clock = mover.now
    await mover.storage.delete_marked()
    await mover.purge.purge()
    assert await places(mover, bad) == []


async def test_what_is_known_as_damaged_is_read_from_a_copy_without_touching_its_place(light: Mover) -> None:
    (stored,) = await light.add(1)
    content = await light.content(stored)
    await light.run(await light.start())
    await note_damage(light, stored)
    reads: list[str] = []
    original = light.target.backend.read
    light.target.backend.read = lambda *args: (reads.append("target"), original(*args))[1]  # type: ignore[method-assign]
    assert await light.content(stored) == content
    await light.storage.require_good(await row(light, stored))
    assert reads == []


@pytest.mark.parametrize(("code", "kind"), [("object_corrupt", CorruptObject), ("object_not_found", ObjectNotFound)])
async def test_what_is_known_as_damaged_and_lies_nowhere_else_is_refused(light: Mover, code, kind) -> None:
    (stored,) = await light.add(1)
    await note_damage(light, stored, code)
    with pytest.raises(kind):
        await light.storage.require_good(await row(light, stored))
    with pytest.raises(kind):
        await light.content(stored)


async def test_damage_found_by_reading_in_pieces_is_written_down_at_once(mover: Mover, tmp_path: Path) -> None:
    """As archives and previews read. Nobody waits for a disk to give other bytes."""
    stored = await mover.add_one("read", os.urandom(2 * CHUNK_SIZE + 5))
    flip(file_of(tmp_path, stored.key), 2 * CHUNK_SIZE + 1)
    with pytest.raises(CorruptObject):
        await mover.content(stored)
    assert await damaged(mover) == [stored.id]


async def test_a_file_of_another_size_is_written_down_too(mover: Mover, tmp_path: Path) -> None:
    stored = await mover.add_one("cut", os.urandom(1000))
    os.truncate(file_of(tmp_path, stored.key), 999)
    for _ in range(2):
        with pytest.raises(CorruptObject):
            await mover.content(stored)
    assert await damaged(mover) == [stored.id]


async def test_a_file_that_is_missing_may_be_back_in_a_moment(mover: Mover, tmp_path: Path) -> None:
    """Its disk may not be mounted; a check says what is really gone."""
    stored = await mover.add_one("missing", b"content")
    away = file_of(tmp_path, stored.key).rename(tmp_path / "away")
    with pytest.raises(ObjectNotFound):
        await mover.content(stored)
    assert await damaged(mover) == []
    await scrub(mover)
    assert await damaged(mover) == [stored.id]
    away.rename(file_of(tmp_path, stored.key))
    assert await mover.content(stored) == b"content"


async def test_a_migration_takes_the_good_copy_of_a_damaged_object(mover: Mover, tmp_path: Path) -> None:
    stored = await mover.add_one("twice", os.urandom(3000))
    content = await mover.content(stored)
    await mover.run(await mover.start())
    now = await row(mover, stored)
    await mover.target.backend.delete(now.key)
    done = await moved_back(mover)
    assert (done.migration.state, done.failures) == ("completed", 0)
    assert await mover.content(stored) == content
    assert (await row(mover, stored)).location_id == mover.source.row.id


async def test_a_migration_by_checksum_takes_no_damaged_bytes_on_trust(mover: Mover, tmp_path: Path) -> None:
    stored = await mover.add_one("trusted", os.urandom(3000))
    flip(file_of(tmp_path, stored.key))
    await scrub(mover)
    done = await mover.run(await mover.start(verify="checksum"))
    assert (done.migration.state, done.failures) == ("failed", 1)
    assert await damaged(mover) == [stored.id]


async def test_what_moved_is_not_damaged_any_more(mover: Mover) -> None:
    (stored,) = await mover.add(1)
    await note_damage(mover, stored)
    await mover.run(await mover.start())
    assert await damaged(mover) == []
    migration = (await mover.service.all())[0].migration.id
    await mover.service.act("ada", migration, "rollback")
    await mover.run(migration)
    assert ((await row(mover, stored)).key, await damaged(mover)) == (stored.key, [])


async def test_who_moved_to_a_disk_is_known_there(mover: Mover, tmp_path: Path) -> None:
    """And so is what was checked: neither needs a second look."""
    stored = await mover.add_one("there", os.urandom(200_000))
    assert await prove(mover, await row(mover, stored)) is None
    await settled(mover, stored, (await mover.source.backend.stat(stored.key)).stamps)
    await mover.run(await mover.start())
    assert (await row(mover, stored)).stamps is None  # in memory nothing is a file
    await moved_back(mover)
    returned = await row(mover, stored)
    assert await prove(mover, returned) is True
    shutil.copy2(file_of(tmp_path, returned.key), tmp_path / "backup")
    (tmp_path / "backup").rename(file_of(tmp_path, returned.key))
    await scrub(mover)
    assert await prove(mover, await row(mover, stored)) is True


async def test_many_who_ask_for_a_file_that_was_touched_wait_for_one_look(mover: Mover, monkeypatch) -> None:
    stored = await row(mover, await mover.add_one("crowd", os.urandom(2 * CHUNK_SIZE + 5)))
    looks: list[int] = []
    original = proofs._digest
    monkeypatch.setattr(proofs, "_digest", lambda *args: (looks.append(args[1]), original(*args))[1])
    await asyncio.gather(*(prove(mover, stored) for _ in range(20)))
    assert sorted(looks) == [0, CHUNK_SIZE, 2 * CHUNK_SIZE]


async def test_parts_add_up_to_the_whole(mover: Mover) -> None:
    stored = await row(mover, await mover.add_one("parts", os.urandom(2 * CHUNK_SIZE + 5)))
    stamps = (await mover.source.backend.stat(stored.key)).stamps
    await prove(mover, stored, ByteRange(CHUNK_SIZE + 1, CHUNK_SIZE + 2))
    await prove(mover, stored, ByteRange(CHUNK_SIZE - 1, CHUNK_SIZE + 1))
    assert (await row(mover, stored)).stamps is None
    await prove(mover, stored, ByteRange(2 * CHUNK_SIZE, 2 * CHUNK_SIZE + 5))
    await settled(mover, stored, stamps)


async def test_who_leaves_takes_no_proof_away(mover: Mover) -> None:
    """The look goes on, on a descriptor of its own, for whoever waits beside."""
    stored = await row(mover, await mover.add_one("left", os.urandom(CHUNK_SIZE + 5)))
    first = asyncio.create_task(prove(mover, stored))
    second = asyncio.create_task(prove(mover, stored))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is None
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_database_that_takes_nothing_lets_nothing_wrong_out(mover: Mover, tmp_path: Path) -> None:
    stored = await row(mover, await mover.add_one("closed", os.urandom(5000)))
    flip(file_of(tmp_path, stored.key))
    await mover.catalogue.aclose()
    with pytest.raises(CorruptObject):
        await prove(mover, stored)


async def test_nor_does_a_row_that_was_read_before_the_damage_was_found(mover: Mover, tmp_path: Path) -> None:
    stored = await row(mover, await mover.add_one("stale", os.urandom(5000)))
    flip(file_of(tmp_path, stored.key))
    stale = replace(stored, stamps=(await mover.source.backend.stat(stored.key)).stamps)
    with pytest.raises(CorruptObject):
        await prove(mover, stored)
    local = mover.storage.local_object(stale)
    assert local is not None
    assert local.known(Path(local.path).stat()) is False
    flip(Path(local.path))
    assert await prove(mover, await row(mover, stored)) is None
    await settled(mover, stored, (await mover.source.backend.stat(stored.key)).stamps)
    assert local.known(Path(local.path).stat()) is None
    assert await prove(mover, await row(mover, stored)) is True


async def test_an_object_of_which_nothing_is_known_has_no_damage_of_another_place(mover: Mover) -> None:
    (stored,) = await mover.add(1)
    await note_damage(mover, replace(stored))
    elsewhere = Damage(stored.id, mover.target.row.id, stored.key, "object_corrupt", "Found.", None, mover.now())
    await mover.catalogue.write(lambda connection: put_damage(connection, elsewhere))
    assert (await row(mover, stored)).damage is None


async def test_small_objects_that_are_read_ahead_are_counted(mover: Mover) -> None:
    registry = CollectorRegistry()
    measured = MeasuredBackend(mover.source.backend, StorageMetrics(registry))
    stored = make_object(mover.source.row, b"x" * 700)
    await mover.write(mover.source.backend, stored.key, b"x" * 700)
    source = OpenLocation(mover.source.row, measured)
    assert [content async for _, content in read_ahead(source.backend, [stored])] == [b"x" * 700]
    names = {"location": measured.label, "direction": "out"}
    assert registry.get_sample_value("aishare_storage_bytes_total", names) == 700
