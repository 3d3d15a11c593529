"""`python -m bench.migration`: from disk to SeaweedFS, against rclone copy and rclone check --download.

Both move the same bytes between the same places, in turns; the ratio is of the medians.
"""

import argparse
import asyncio
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import uvloop

from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from aishare.cli.serving.allocation import give_memory_back
from aishare.core.ids import new_id
from aishare.core.keys import object_key
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.s3.backend import open_s3
from aishare.storage.base import BaseStorageBackend, Source
from aishare.storage.checks.probe import run_probe
from bench.scale import KiB, MiB
from tests.support.catalogue import make_many_files
from tests.support.moving import moving
from tests.support.s3server import S3Server, new_bucket
from tests.support.seaweedfs import running_seaweedfs

_SETS = {"tiny": (2000, KiB), "large": (12, 32 * MiB)}
_PLANNED = 1_000_000
_FIRST_SECONDS = 2.0


def main() -> None:
    options = _options()
    give_memory_back()  # as the service does
    with tempfile.TemporaryDirectory(prefix="bench-") as name, running_seaweedfs() as s3:
        folder = Path(name)
        for title in _SETS:
            uvloop.run(_side_by_side(folder / title, s3, title, state=options.bucket, rounds=options.rounds))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KiB
    print(f"peak memory of this process, which also creates the files: {peak / MiB:.0f} MiB")
    if not options.no_plan:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            uvloop.run(_plan(Path(name)))


async def _side_by_side(folder: Path, s3: S3Server, title: str, *, state: str, rounds: int) -> None:
    count, size = _SETS[title]
    ours, theirs = [], []
    for number in range(rounds):
        ours.append(await _ours(folder / f"ours{number}", s3, state, count, size))
        theirs.append(await _rclone(folder / f"theirs{number}", s3, state, count, size))
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(
        f"{title}: {count} x {size} bytes: aishare {mine:.2f} s, rclone copy + check --download {peer:.2f} s,"
        f" speed {peer / mine:.2f} of rclone's ({rounds} rounds, into a {state} bucket)"
    )


@asynccontextmanager
async def _bucket(s3: S3Server, state: str) -> AsyncIterator[str]:
    """The same for both: a new bucket of SeaweedFS is slow for its first second of writing.

    It creates its volumes then, whoever writes. aishare never migrates into such a new bucket: the connection test has
    written to it when the storage was applied.
    """
    async with new_bucket(s3) as bucket:
        if state != "new":
            async with aclosing(await open_s3(s3.config(bucket))) as store:
                await (_use(store) if state == "used" else run_probe(store))
        yield bucket


async def _use(store: BaseStorageBackend) -> None:
    until, key = time.monotonic() + _FIRST_SECONDS, object_key(new_id())
    while time.monotonic() < until:
        await store.put(key, Source(open=_piece), size=KiB, content_type="text/plain")
    await store.delete(key)


async def _piece() -> AsyncIterator[bytes]:
    yield os.urandom(KiB)


async def _ours(folder: Path, s3: S3Server, state: str, count: int, size: int) -> float:
    folder.mkdir(parents=True)  # noqa: ASYNC240 - nothing else runs
    catalogue = await open_catalogue(f"sqlite:///{folder / 'catalogue.sqlite'}")
    source = LocalStorageBackend(LocalConfig(folder / "store"))
    async with _bucket(s3, state) as bucket:
        seconds = await _moved(catalogue, source, await open_s3(s3.config(bucket)), count, size)
    await catalogue.aclose()
    shutil.rmtree(folder)
    return seconds


async def _moved(
    catalogue: Catalogue, source: BaseStorageBackend, target: BaseStorageBackend, count: int, size: int
) -> float:
    async with moving(catalogue, source, target) as mover:
        for _ in range(count):
            await mover.add_one("x", os.urandom(size))
        os.sync()
        migration_id = await mover.start()
        began = time.monotonic()
        done = await mover.run(migration_id)
        seconds = time.monotonic() - began
    assert (done.migration.objects_done, done.failures) == (count, 0)
    for backend in (source, target):
        await backend.aclose()
    return seconds


async def _rclone(folder: Path, s3: S3Server, state: str, count: int, size: int) -> float:
    folder.mkdir(parents=True)  # noqa: ASYNC240 - nothing else runs
    for number in range(count):
        (folder / f"{number}.bin").write_bytes(os.urandom(size))
    os.sync()
    async with _bucket(s3, state) as bucket:
        seconds = await asyncio.to_thread(_run_rclone, folder, s3, bucket)
    shutil.rmtree(folder)
    return seconds


def _run_rclone(folder: Path, s3: S3Server, bucket: str) -> float:
    program = Path(sys.executable).parent / "rclone"
    environ = {
        "RCLONE_CONFIG_STORE_TYPE": "s3",
        "RCLONE_CONFIG_STORE_PROVIDER": "Other",
        "RCLONE_CONFIG_STORE_ENDPOINT": s3.url,
        "RCLONE_CONFIG_STORE_ACCESS_KEY_ID": s3.access_key,
        "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY": s3.secret_key,
    }
    flags = ["--transfers=6", "--checkers=6"]
    began = time.monotonic()
    for command in (["copy"], ["check", "--download"]):
        arguments = [program, *command, folder, f"STORE:{bucket}", *flags]
        subprocess.run(arguments, check=True, capture_output=True, env={**os.environ, **environ})
    return time.monotonic() - began


async def _plan(folder: Path) -> None:
    """A million rows without bytes: the sample finds nothing, only counting is measured."""
    catalogue = await open_catalogue(f"sqlite:///{folder / 'catalogue.sqlite'}")
    source = LocalStorageBackend(LocalConfig(folder / "store"))
    (folder / "other").mkdir()
    target = LocalStorageBackend(LocalConfig(folder / "other"))
    async with moving(catalogue, source, target) as mover:
        for start in range(0, _PLANNED, 50_000):
            paths = [f"{start}/{number}" for number in range(start, start + 50_000)]
            await make_many_files(catalogue, mover.user, mover.source.row, paths)
        began = time.monotonic()
        planned = await mover.service.plan("bench", mover.source.row.id, mover.target.row.id)
        print(f"plan of {planned.plan['objects']:,} objects: {time.monotonic() - began:.2f} s")
    await catalogue.aclose()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.migration", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--bucket", choices=["used", "tested", "new"], default="used", help="what was done with it before"
    )
    parser.add_argument("--no-plan", action="store_true", help="leave out the plan of a million objects")
    return parser.parse_args()


if __name__ == "__main__":
    main()
