"""What only SQLite has: a file, one writer, group commit."""

import asyncio
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, func, insert, select, text

from aishare.catalogue import schema
from aishare.catalogue.database import opening
from aishare.catalogue.database.opening import open_catalogue
from aishare.core.errors import CatalogueUnavailable, InvalidSettings, StorageFull
from tests.support.catalogue import NOW


def _insert(connection: Connection, subject: str) -> None:
    connection.execute(insert(schema.login_throttle).values(subject=subject, failures=1, first_failure_at=NOW))


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(schema.login_throttle)).scalar_one()


def _pragma(connection: Connection, name: str) -> object:
    return connection.execute(text(f"PRAGMA {name}")).scalar_one()


async def test_the_writer_is_fully_durable(sqlite_url: str) -> None:
    catalogue = await open_catalogue(sqlite_url)
    settings = await catalogue.write(
        lambda connection: {
            name: _pragma(connection, name) for name in ("synchronous", "journal_mode", "foreign_keys", "busy_timeout")
        }
    )
    assert settings == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000}
    await catalogue.aclose()


async def test_readers_can_not_write(sqlite_url: str) -> None:
    catalogue = await open_catalogue(sqlite_url)
    with pytest.raises(CatalogueUnavailable):
        await catalogue.read(lambda connection: _insert(connection, "user:x"))
    await catalogue.aclose()


async def test_the_file_is_for_its_owner_alone(sqlite_url: str, tmp_path: Path) -> None:
    await (await open_catalogue(sqlite_url)).aclose()
    assert (tmp_path / "catalogue.sqlite").stat().st_mode & 0o777 == 0o600


async def test_changes_that_wait_together_are_committed_together(sqlite_url: str) -> None:
    catalogue = await open_catalogue(sqlite_url)
    seen: list[int] = []

    def slow(connection: Connection) -> None:
        _insert(connection, "first")
        gate.wait()

    def look(connection: Connection, number: int) -> None:
        _insert(connection, f"user:{number}")
        seen.append(_committed(sqlite_url))

    gate = threading.Event()
    first = asyncio.create_task(catalogue.write(slow))
    await asyncio.sleep(0.05)
    rest = [asyncio.create_task(catalogue.write(lambda c, n=number: look(c, n))) for number in range(20)]
    await asyncio.sleep(0.05)
    gate.set()
    await asyncio.gather(first, *rest)
    assert seen == [1] * 20  # another connection saw the first group, and nothing of the second, until it was whole
    await catalogue.aclose()


def _committed(url: str) -> int:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        count = connection.execute("SELECT count(*) FROM login_throttle").fetchone()[0]
    connection.close()
    return int(count)


async def test_a_full_disk_is_told_as_such_and_leaves_nothing(sqlite_url: str) -> None:
    catalogue = await open_catalogue(sqlite_url)
    pages = await catalogue.write(lambda connection: _pragma(connection, "page_count"))
    limit = {"pages": pages}
    engine = catalogue._writer._engine
    event.listen(engine, "connect", lambda driver, _: driver.execute(f"PRAGMA max_page_count={limit['pages']}"))
    await catalogue.write(lambda connection: _pragma(connection, f"max_page_count={pages}"))
    outcomes = await asyncio.gather(
        *(catalogue.write(lambda connection, n=n: _insert(connection, f"{n}" * 50_000)) for n in range(3)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [StorageFull] * 3
    assert await catalogue.read(_count) == 0
    limit["pages"] = 100_000
    await catalogue.write(lambda connection: _pragma(connection, "max_page_count=100000"))
    await catalogue.write(lambda connection: _insert(connection, "room again"))
    assert await catalogue.read(_count) == 1
    await catalogue.aclose()


async def test_a_damaged_file_is_refused_in_words(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"no database at all" * 500)
    with pytest.raises(CatalogueUnavailable, match=r"catalogue\.sqlite cannot be opened"):
        await open_catalogue(sqlite_url)


async def test_a_network_file_system_is_refused(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = opening._file_system_of(tmp_path)
    monkeypatch.setattr(opening, "_NETWORK_FILE_SYSTEMS", frozenset({kind}))
    with pytest.raises(InvalidSettings, match="network file system"):
        await open_catalogue(sqlite_url)


def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount_point() -> None:
    assert opening._file_system_of(Path("/proc/self")) == "proc"
    assert {"nfs", "nfs4", "cifs", "smb3"} <= opening._NETWORK_FILE_SYSTEMS


_WRITE = """
import asyncio, sys
from datetime import UTC, datetime
from sqlalchemy import insert
from aishare.catalogue import schema
from aishare.catalogue.database.opening import open_catalogue

async def main():
    catalogue = await open_catalogue(sys.argv[1])
    async def writer(lane):
        for number in range(int(sys.argv[3])):
            subject = f"{sys.argv[2]}-{lane}-{number}"
            values = {"subject": subject, "failures": 1, "first_failure_at": datetime.now(UTC)}
            await catalogue.write(lambda c: c.execute(insert(schema.login_throttle).values(**values)))
            print(subject, flush=True)
    await asyncio.gather(*(writer(lane) for lane in range(16)))
    await catalogue.aclose()
asyncio.run(main())
"""


async def _start(url: str, name: str, count: int) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITE, url, name, str(count), stdout=pipe, stderr=pipe
    )


async def test_kill_9_in_the_middle_of_writes_loses_no_acknowledged_row(sqlite_url: str) -> None:
    acknowledged: set[str] = set()
    for run, lines in enumerate((1, 40, 300, 1000)):
        process = await _start(sqlite_url, f"run{run}", 1_000_000)
        for _ in range(lines):
            acknowledged.add((await process.stdout.readline()).decode().strip())
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = await process.communicate()
        acknowledged |= set(rest.decode().split("\n")[:-1])  # what stands after the last newline was cut off
    catalogue = await open_catalogue(sqlite_url)
    subjects = select(schema.login_throttle.c.subject)
    kept = await catalogue.read(lambda connection: set(connection.execute(subjects).scalars()))
    await catalogue.aclose()
    assert len(acknowledged) >= 1341
    assert acknowledged - kept == set()


async def test_writers_in_four_processes_wait_for_each_other(sqlite_url: str) -> None:
    await (await open_catalogue(sqlite_url)).aclose()
    processes = [await _start(sqlite_url, f"process{number}", 25) for number in range(4)]
    outputs = await asyncio.gather(*(process.communicate() for process in processes))
    assert [errors.decode() for _, errors in outputs] == [""] * 4
    assert _committed(sqlite_url) == 4 * 16 * 25
