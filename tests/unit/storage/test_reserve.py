"""How much of a disk stays free, and that writers who come at once do not get below it."""

import asyncio
import os
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aishare.core.errors import StorageFull
from aishare.core.keys import object_key
from aishare.core.sizes import GiB, KiB, MiB
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.base import Source
from aishare.storage.flow import reserve as module
from aishare.storage.flow.reserve import DiskReserve, DiskSpace, space_of, until_next_look


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize(
    ("total", "reserve"),
    [(0, 0), (10 * MiB, MiB), (160 * MiB, 16 * MiB), (GiB, 16 * MiB), (10 * GiB, GiB // 10), (100 * GiB, 256 * MiB)],
)
def test_the_reserve_fits_the_disk(total: int, reserve: int) -> None:
    assert DiskReserve().of(total) == pytest.approx(reserve, abs=1)
    assert DiskReserve(5).of(total) == 5


def test_a_disk_is_full_for_what_it_refused_until_there_is_room(disk: Path) -> None:
    reserve = DiskReserve(8 * MiB)
    with pytest.raises(StorageFull):
        reserve.require(disk, GiB)
    assert not reserve.is_full(space_of(disk))  # a usual file finds room
    other = disk / "other"
    other.write_bytes(b"o" * 18 * MiB)
    assert not reserve.is_full(space_of(disk))
    with pytest.raises(StorageFull):
        reserve.require(disk, 7 * MiB)
    assert reserve.is_full(space_of(disk))
    other.write_bytes(b"")
    assert not reserve.is_full(space_of(disk))
    other.write_bytes(b"o" * 25 * MiB)
    assert reserve.is_full(space_of(disk))


def test_writers_see_each_other(disk: Path) -> None:
    reserve = DiskReserve(16 * MiB)
    with reserve.writing(disk, 15 * MiB):
        with pytest.raises(StorageFull):
            reserve.require(disk, 2 * MiB)
        assert reserve.require(disk, 0) > 0
    reserve.require(disk, 2 * MiB)


def test_a_disk_that_hangs_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No real disk here hangs on demand, so one is made of the question alone."""
    hung, asked, answers = tmp_path / "hung", threading.Event(), threading.Event()

    def look(folder: Path) -> DiskSpace:
        if folder == hung:
            asked.set()
            answers.wait()
        return space_of(tmp_path)

    monkeypatch.setattr(module, "space_of", look)
    reserve = DiskReserve(0)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(reserve.require, hung, 0)
        asked.wait()
        try:
            assert threads.submit(reserve.require, tmp_path, 0).result(20) > 0
        finally:
            answers.set()
        assert waiting.result() > 0


def test_with_much_room_not_every_write_looks() -> None:
    assert until_next_look(GiB - 1) == 0
    assert until_next_look(64 * GiB) == 64 * MiB


def _source(size: int) -> Source:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(size // (256 * KiB)):
            yield os.urandom(256 * KiB)
            await asyncio.sleep(0)

    return Source(pieces)


@pytest.mark.parametrize("announced", [True, False])
async def test_many_at_once_stay_above_it(disk: Path, *, announced: bool) -> None:
    """Migrations and the spool write as uploads do: through this one door."""
    backend = LocalStorageBackend(LocalConfig(disk, reserve=DiskReserve(8 * MiB)))
    size = 2 * MiB

    async def put(number: int) -> bool:
        key, length = object_key(f"{number:0>24}"), size if announced else None
        try:
            await backend.put(key, _source(size), size=length, content_type="x/y")
        except StorageFull:
            return False
        finally:
            assert space_of(disk).free_bytes >= 8 * MiB
        return True

    stored = sum(await asyncio.gather(*map(put, range(24))))
    assert stored < 13
    assert list((disk / ".incoming").iterdir()) == []
    for number in range(24, 48):
        stored += await put(number)
    assert stored == 12  # 24 MiB
    await backend.aclose()
