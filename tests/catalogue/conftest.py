from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aishare.catalogue.database.session import Catalogue
from tests.support.migrated import ENGINES, new_catalogue
from tests.support.postgres import fresh_database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"


@pytest.fixture
async def postgres_url() -> AsyncIterator[str]:
    async with fresh_database() as url:
        yield url


@pytest.fixture(params=ENGINES)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Of a database that is still to be made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    else:
        async with fresh_database() as postgres:
            yield postgres


@pytest.fixture(params=ENGINES)
async def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Catalogue]:
    async with new_catalogue(request.param, tmp_path) as opened:
        yield opened
