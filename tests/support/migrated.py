"""Catalogues that have the tables of now: migrated once in each process, and copied for whoever asks."""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path

from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from tests.support.postgres import administration_url, database_url, fresh_database, run_sql

ENGINES = ("sqlite", "postgresql")


@asynccontextmanager
async def new_catalogue(engine: str, folder: Path) -> AsyncIterator[Catalogue]:
    """Empty; in a file of this folder, or in a database of its own."""
    async with _new_url(engine, folder) as url:
        catalogue = await open_catalogue(url)
        try:
            yield catalogue
        finally:
            await catalogue.aclose()


@asynccontextmanager
async def _new_url(engine: str, folder: Path) -> AsyncIterator[str]:
    if engine == "sqlite":
        path = folder / "catalogue.sqlite"
        path.write_bytes(await asyncio.to_thread(_sqlite))
        path.chmod(0o600)
        yield f"sqlite:///{path}"
        return
    template = await asyncio.to_thread(_postgres)
    async with fresh_database(template=template) as url:
        yield url


@cache
def _sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.sqlite"
        asyncio.run(_migrate(f"sqlite:///{path}"))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()


@cache
def _postgres() -> str:
    name = "migrated"
    asyncio.run(run_sql(administration_url(), f"CREATE DATABASE {name}"))
    asyncio.run(_migrate(database_url(name)))
    return name


async def _migrate(url: str) -> None:
    await (await open_catalogue(url)).aclose()
