"""PostgreSQL through asyncpg, for several nodes."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from aishare.catalogue.database.session import Catalogue, Lookup, conflict, unstorable
from aishare.core.errors import AishareError, CatalogueUnavailable, StorageFull

T = TypeVar("T")

_ATTEMPTS: Final = 4
_REPEATABLE: Final = frozenset({"40001", "40P01"})
"""serialization_failure, deadlock_detected: certainly rolled back, so the transaction can be repeated (PostgreSQL,
appendix A).
"""
_DISK_FULL: Final = "53100"
_UNSTORABLE: Final = frozenset({"22000", "22003", "22021"})
"""data_exception (asyncpg's own, before sending), numeric_value_out_of_range, character_not_in_repertoire (NUL)."""


class PostgresCatalogue(Catalogue):
    """One database, any number of nodes."""

    label = "postgresql"

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def read(self, query: Callable[[Connection], T]) -> T:
        async def run() -> T:
            async with self._engine.connect() as connection:
                return await connection.run_sync(query)

        return await _mapped(run)

    async def write(self, change: Callable[[Connection], T]) -> T:
        for attempt in range(_ATTEMPTS):
            try:
                return await _mapped(lambda: self._write_once(change))
            except _RolledBackError:
                if attempt == _ATTEMPTS - 1:
                    raise CatalogueUnavailable("The database is too busy.") from None
        raise AssertionError("unreachable")

    async def lookup(self, lookup: Lookup[T], **parameters: object) -> T | None:
        async def run() -> T | None:
            async with self._engine.connect() as connection:
                row = (await connection.execute(lookup.statement, parameters)).first()
                return None if row is None else lookup.build(row)

        return await _mapped(run)

    async def ping(self) -> None:
        await self.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one())

    async def aclose(self) -> None:
        await self._engine.dispose()

    async def _write_once(self, change: Callable[[Connection], T]) -> T:
        connection: AsyncConnection
        async with self._engine.begin() as connection:
            return await connection.run_sync(change)


class _RolledBackError(Exception):
    """The transaction was certainly rolled back."""


def postgres_engine(url: str) -> AsyncEngine:
    """`url` in the form users write: postgresql://user:password@host/database."""
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1).replace("postgres://", "postgresql+asyncpg://", 1),
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,
    )


async def _mapped(run: Callable[[], Awaitable[T]]) -> T:
    try:
        return await run()
    except IntegrityError as error:
        raise conflict(error) from error
    except DBAPIError as error:
        raise _translated(error) from error
    except PoolTimeoutError as error:
        raise CatalogueUnavailable("The database is too busy.") from error
    except (OSError, TimeoutError) as error:
        raise CatalogueUnavailable("The database cannot be reached.", hint="Check DATABASE_URL.") from error


def _translated(error: DBAPIError) -> AishareError | _RolledBackError:
    state = getattr(error.orig, "sqlstate", None)
    if state in _REPEATABLE:
        return _RolledBackError()
    if state in _UNSTORABLE:
        return unstorable()
    if state == _DISK_FULL:
        return StorageFull("The disk of the database is full.")
    return CatalogueUnavailable(f"The database reported an error ({state or type(error.orig).__name__}).")
