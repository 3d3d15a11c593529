"""Two locations and a catalogue: what services that move objects need."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aishare.catalogue.database.session import Catalogue
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.memory import MemoryStorageBackend
from tests.support.migrated import ENGINES, new_catalogue
from tests.support.moving import Mover, moving


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Catalogue]:
    async with new_catalogue("sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture(params=ENGINES)
async def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Catalogue]:
    async with new_catalogue(request.param, tmp_path) as opened:
        yield opened


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
