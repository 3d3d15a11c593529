"""Two locations and a catalogue: what services that move objects need."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.memory import MemoryStorageBackend
from tests.support.moving import Mover, moving
from tests.support.postgres import fresh_database


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Catalogue]:
    opened = await open_catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    yield opened
    await opened.aclose()


@pytest.fixture(params=["sqlite", "postgresql"])
async def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Catalogue]:
    if request.param == "sqlite":
        opened = await open_catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
        yield opened
        await opened.aclose()
        return
    async with fresh_database() as url:
        opened = await open_catalogue(url)
        yield opened
        await opened.aclose()


@pytest.fixture
async def mover(catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Mover]:
    """Disk to memory, on both databases."""
    local = LocalStorageBackend(LocalConfig(tmp_path / "store"))
    async with moving(catalogue, local, MemoryStorageBackend()) as made:
        yield made
    await local.aclose()


@pytest.fixture
async def light(sqlite: Catalogue) -> AsyncIterator[Mover]:
    """Memory to memory, on SQLite."""
    async with moving(sqlite, MemoryStorageBackend(), MemoryStorageBackend()) as made:
        yield made
