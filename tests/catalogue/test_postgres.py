"""What only PostgreSQL has: a server that may be away, and transactions that collide."""

import asyncio
import socket

import pytest
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from aishare.catalogue import schema
from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.postgres import PostgresCatalogue
from aishare.core.errors import CatalogueUnavailable
from tests.support.catalogue import NOW
from tests.support.postgres import run_sql

_END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"


def _insert(connection: Connection, subject: str) -> None:
    connection.execute(insert(schema.login_throttle).values(subject=subject, failures=1, first_failure_at=NOW))


def _add(connection: Connection, subject: str) -> None:
    table = schema.login_throttle
    connection.execute(update(table).where(table.c.subject == subject).values(failures=table.c.failures + 1))


def _database(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_commits_wait_for_the_disk(postgres_url: str) -> None:
    catalogue = await open_catalogue(postgres_url)
    show = text("SHOW synchronous_commit")
    assert await catalogue.write(lambda connection: connection.execute(show).scalar_one()) == "on"
    await catalogue.aclose()


async def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    with pytest.raises(CatalogueUnavailable) as caught:
        await open_catalogue(f"postgresql://someone:topsecret@127.0.0.1:{_free_port()}/aishare")
    assert "topsecret" not in f"{caught.value}{caught.value.hint}"


async def test_a_database_that_does_not_exist_is_our_error(postgres_url: str) -> None:
    with pytest.raises(CatalogueUnavailable):
        await open_catalogue(postgres_url.replace(_database(postgres_url), "no_such_database"))


async def test_lost_connections_are_told_and_replaced(postgres_url: str) -> None:
    catalogue = await open_catalogue(postgres_url)
    await catalogue.ping()
    asleep = asyncio.create_task(catalogue.write(lambda connection: connection.execute(text("SELECT pg_sleep(30)"))))
    await asyncio.sleep(0.3)
    await run_sql(postgres_url, _END_ALL.format(_database(postgres_url)))
    with pytest.raises(CatalogueUnavailable):
        await asyncio.wait_for(asleep, 10)
    await catalogue.ping()
    await catalogue.aclose()


async def test_deadlocks_are_run_again(postgres_url: str) -> None:
    catalogue = await open_catalogue(postgres_url)
    for subject in ("a", "b"):
        await catalogue.write(lambda connection, subject=subject: _insert(connection, subject))
    runs = 0

    def both(connection: Connection, first: str, second: str) -> None:
        nonlocal runs
        runs += 1
        _add(connection, first)
        connection.execute(text("SELECT pg_sleep(0.3)"))
        _add(connection, second)

    await asyncio.gather(
        catalogue.write(lambda connection: both(connection, "a", "b")),
        catalogue.write(lambda connection: both(connection, "b", "a")),
    )
    total = select(func.sum(schema.login_throttle.c.failures))
    assert await catalogue.read(lambda connection: connection.execute(total).scalar_one()) == 6
    assert runs > 2
    await catalogue.aclose()


async def test_waiting_too_long_for_a_connection_is_our_error(postgres_url: str) -> None:
    engine = create_async_engine(
        postgres_url.replace("postgresql://", "postgresql+asyncpg://"), pool_size=1, max_overflow=0, pool_timeout=0.2
    )
    catalogue = PostgresCatalogue(engine)
    asleep = asyncio.create_task(catalogue.read(lambda connection: connection.execute(text("SELECT pg_sleep(1)"))))
    await asyncio.sleep(0.2)
    with pytest.raises(CatalogueUnavailable, match="busy"):
        await catalogue.ping()
    await asleep
    await catalogue.aclose()
