from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from tests.support.postgres import fresh_database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"


@pytest.fixture
async def postgres_url() -> AsyncIterator[str]:
    async with fresh_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    else:
        async with fresh_database() as postgres:
            yield postgres


@pytest.fixture
async def catalogue(url: str) -> AsyncIterator[Catalogue]:
    opened = await open_catalogue(url)
    yield opened
    await opened.aclose()
