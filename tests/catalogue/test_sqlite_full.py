"""SQLite on a disk that something else has filled to its last byte."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people.audit import AuditEntry, append_audit
from aishare.core.errors import StorageFull
from aishare.core.sizes import KiB, MiB
from tests.support.catalogue import NOW


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (MiB, 4 * KiB):
            try:
                while True:
                    file.write(b"o" * size)
            except OSError:
                continue


async def note(catalogue: Catalogue) -> None:
    entry = AuditEntry(NOW, "sign_in", "ada", detail="x" * 200)
    await catalogue.write(lambda connection: append_audit(connection, entry))


async def notes_until_full(catalogue: Catalogue, *, at_most: int) -> int:
    for number in range(at_most):
        try:
            await note(catalogue)
        except StorageFull:
            return number
    return at_most


async def test_what_was_held_for_it_lasts_for_many_writes(disk: Path) -> None:
    catalogue = await open_catalogue(f"sqlite:///{disk}/aishare.db")
    await catalogue.hold_reserve(MiB)
    await note(catalogue)
    fill(disk / "other")
    assert await notes_until_full(catalogue, at_most=400) == 400
    assert not (disk / "aishare.db-reserve").exists()
    await catalogue.hold_reserve(MiB)  # no room: nothing is left of the attempt
    assert not (disk / "aishare.db-reserve").exists()
    (disk / "other").unlink()
    await catalogue.hold_reserve(MiB)
    assert (disk / "aishare.db-reserve").stat().st_size == MiB
    await note(catalogue)
    await catalogue.aclose()


async def test_without_it_writes_are_refused_and_reads_go_on(disk: Path) -> None:
    catalogue = await open_catalogue(f"sqlite:///{disk}/aishare.db")
    fill(disk / "other")
    assert await notes_until_full(catalogue, at_most=5000) < 5000
    await catalogue.ping()
    (disk / "other").unlink()
    await note(catalogue)
    await catalogue.aclose()
