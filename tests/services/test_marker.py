"""Two installations, each with its database, over one folder: who may write, as time goes by."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from aishare.catalogue import schema
from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.integrity.locations import Location, put_location
from aishare.core.clock import utc_now
from aishare.core.errors import LocationOwned
from aishare.runtime.marker import Ownership
from aishare.runtime.places import open_trial
from aishare.services.integrity.marker import MarkerService
from aishare.settings.catalog import Settings
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.checks.marker import MARKER_KEY, claim
from aishare.storage.wrappers.breaking import BreakingBackend


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[LocalStorageBackend]:
    opened = LocalStorageBackend(LocalConfig(tmp_path / "root"))
    await opened.identity()
    yield opened
    await opened.aclose()


@pytest.fixture
async def markers(tmp_path: Path) -> AsyncIterator[list[MarkerService]]:
    async with AsyncExitStack() as stack:
        made = []
        for name in ("one", "two"):
            catalogue = await open_catalogue(f"sqlite:///{tmp_path / name}.sqlite")
            stack.push_async_callback(catalogue.aclose)
            made.append(MarkerService(catalogue=catalogue, name=name, open_trial=open_trial, clock=utc_now))
        yield made


async def test_who_runs_notices_a_take_over_and_its_end(
    tmp_path: Path, markers: list[MarkerService], backend: LocalStorageBackend
) -> None:
    now = 1000.0
    one, two = markers
    ownership = Ownership(one, clock=lambda: now)
    ownership.use(backend, claimed=await ownership.claim(backend))
    settings = Settings(data_dir=tmp_path, local_storage_path=tmp_path / "root")
    previous = await two.take_over(None, settings)
    assert previous is not None
    assert previous.name == "one"
    await ownership.retry()
    assert ownership.refusal is None  # nobody looks all the time
    now += 61
    await ownership.retry()
    assert ownership.refusal is not None
    assert (ownership.refusal.code, "two" in ownership.refusal.reason) == ("location_owned", True)
    with pytest.raises(LocationOwned):
        await ownership.claim(backend)
    await one.take_over(None, settings)
    await ownership.retry()
    assert ownership.refusal is None


async def test_a_marker_that_was_deleted_comes_again(
    markers: list[MarkerService], backend: LocalStorageBackend
) -> None:
    now = 1000.0
    ownership = Ownership(markers[0], clock=lambda: now)
    ownership.use(backend, claimed=await ownership.claim(backend))
    await backend.delete(MARKER_KEY)
    now += 61
    await ownership.retry()
    assert (await backend.stat(MARKER_KEY)).size_bytes > 0


async def test_a_take_over_is_in_the_audit_log(
    tmp_path: Path, markers: list[MarkerService], backend: LocalStorageBackend
) -> None:
    one, two = markers
    await one.claim(backend)
    settings = Settings(data_dir=tmp_path, local_storage_path=tmp_path / "root")
    assert (await two.owner(settings))[1] is False
    await two.take_over(None, settings)
    assert (await two.owner(settings))[1] is True
    statement = select(schema.audit.c.action, schema.audit.c.actor_name, schema.audit.c.detail)
    rows = await two._catalogue.read(lambda connection: connection.execute(statement).all())
    assert [(row.action, row.actor_name, row.detail.split(" (")[0]) for row in rows] == [
        ("storage_taken_over", "command line", "from one")
    ]


async def test_a_bucket_that_comes_back_empty_is_not_what_it_was(markers: list[MarkerService]) -> None:
    now = 1000.0
    one = markers[0]
    bucket = BreakingBackend(MemoryStorageBackend())
    row = Location("bucket", "s3", "bucket", "its-fingerprint", "active", utc_now())
    await one._catalogue.write(lambda connection: put_location(connection, row))
    ownership = Ownership(one, clock=lambda: now)
    claimed = await ownership.claim(bucket, fingerprint=row.fingerprint)
    await one.note(row.fingerprint)
    ownership.use(bucket, fingerprint=row.fingerprint, claimed=claimed)
    await bucket.delete(MARKER_KEY)
    now += 61
    await ownership.retry()
    assert ownership.refusal is not None
    assert ownership.refusal.code == "location_missing"
    assert not [info async for info in bucket.scan()]
    after_a_start = Ownership(one, clock=lambda: now)
    claimed = await after_a_start.claim(bucket, fingerprint=row.fingerprint)
    after_a_start.use(bucket, fingerprint=row.fingerprint, claimed=claimed)
    assert after_a_start.refusal is not None
    assert after_a_start.refusal.code == "location_missing"
    await claim(bucket, await one._installation(), "one", take_over=True)
    await ownership.retry()
    assert ownership.refusal is None
    await bucket.aclose()
