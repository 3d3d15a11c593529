"""SQLite: one writer thread that commits in groups, readers in threads, and lookups on the event loop itself.

One transaction per fsync would cost each upload the disk's full latency; a group shares one fsync. A lookup of one
indexed row takes about 11 microseconds, switching threads ten times that, so lookups stay on the loop (docs/decisions:
catalogue).
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Select, create_engine, event, text
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool, QueuePool
from sqlalchemy.types import TypeEngine

from aishare.catalogue.columns import Timestamp, moment
from aishare.catalogue.database.ballast import Ballast
from aishare.catalogue.database.session import UNSTORABLE, Catalogue, Lookup, conflict, unstorable
from aishare.core.errors import AishareError, CatalogueUnavailable, StorageFull

T = TypeVar("T")

_GROUP_MAX: Final = 256
"""Most changes per commit: limits how long the first change of a group waits for the last."""

_MODE_SECONDS: Final = 30.0
"""As long as a schema migration by another process may take."""

_READERS: Final = 4

_PRAGMAS: Final = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-32768",
    "PRAGMA mmap_size=268435456",
    "PRAGMA temp_store=MEMORY",
)
_WRITER_PRAGMAS: Final = (
    "PRAGMA synchronous=FULL",  # NORMAL may lose the last commits in a power cut, after a 201 was sent
    "PRAGMA journal_size_limit=67108864",
)

_SHORT_LOG_PAGES: Final = 64
"""256 KiB, used after the disk was full: space taken by the log is missing for the database, and then neither could
continue.
"""

_Change = tuple[Callable[[Connection], Any], "Future[Any]"]


class SqliteCatalogue(Catalogue):
    """A file on a local disk. Several processes may use it; each has its own writer, and SQLite serialises them."""

    label = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ballast = Ballast(path)
        self._writer = _Writer(writing_engine(path), self._ballast)
        self._engine = _reading_engine(path)
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="catalogue-read")
        self._loop_connection = _connect_read_only(path)
        self._compiled: dict[Lookup[Any], _Compiled] = {}

    async def read(self, query: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, query)

    async def write(self, change: Callable[[Connection], T]) -> T:
        context = copy_context()  # the context of the caller, whose request may be recorded in the change
        return await asyncio.wrap_future(self._writer.submit(lambda connection: context.run(change, connection)))

    async def lookup(self, lookup: Lookup[T], **parameters: object) -> T | None:
        compiled = self._compiled.get(lookup) or self._compile(lookup)
        try:
            row = self._loop_connection.execute(compiled.sql, parameters).fetchone()
        except (sqlite3.Error, *UNSTORABLE) as error:
            raise _translated(error) from error
        return None if row is None else lookup.build(compiled.values(row))

    async def ping(self) -> None:
        await self.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one())

    async def hold_reserve(self, size_bytes: int) -> None:
        await asyncio.to_thread(self._ballast.hold, size_bytes)

    async def aclose(self) -> None:
        await asyncio.to_thread(self._writer.stop)
        self._threads.shutdown(wait=True)
        self._loop_connection.close()
        self._engine.dispose()

    def _read(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._engine.connect() as connection:
                return query(connection)
        except (DBAPIError, *UNSTORABLE) as error:
            raise _translated(error) from error

    def _compile(self, lookup: Lookup[Any]) -> "_Compiled":
        compiled = _Compiled(lookup.statement)
        self._compiled[lookup] = compiled
        return compiled


def writing_engine(path: Path) -> Engine:
    """For the writer and for migrations: transactions begin IMMEDIATE, so none fails half-way because of a lock."""
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        _use_write_ahead_log(connection)
        for pragma in _WRITER_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """If several processes open a new file at the same time, this change of mode ignores busy_timeout."""
    ends = time.monotonic() + _MODE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
        else:
            return
        time.sleep(0.02)


def _reading_engine(path: Path) -> Engine:
    return create_engine(
        "sqlite://",
        creator=lambda: _connect_read_only(path),
        poolclass=QueuePool,
        pool_size=_READERS,
        max_overflow=0,
        hide_parameters=True,
    )


def _connect_read_only(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


class _Compiled:
    """A select as SQL with named parameters, and the conversions that SQLAlchemy would apply to its results."""

    def __init__(self, statement: Select[Any]) -> None:
        named = sqlite_dialect(paramstyle="named")
        self.sql = str(statement.compile(dialect=named))
        self._processors = [
            (index, processor)
            for index, column in enumerate(statement.selected_columns)
            if (processor := _processor(column.type, named)) is not None
        ]

    def values(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for index, processor in self._processors:
            values[index] = processor(values[index])
        return tuple(values)


def _processor(kind: TypeEngine[Any], named: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Timestamp):
        return moment  # without the outer layers, which cost more than the conversion
    return kind.dialect_impl(named).result_processor(named, None)


class _Writer:
    """One thread, one connection. Takes all waiting changes, commits them together, then returns each result."""

    def __init__(self, engine: Engine, ballast: Ballast) -> None:
        self._engine = engine
        self._ballast = ballast
        self._connection: Connection | None = None
        self._queue: queue.SimpleQueue[_Change | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="catalogue-write", daemon=True)
        self._thread.start()

    def submit(self, change: Callable[[Connection], T]) -> "Future[T]":
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # accepted changes are carried out even if the caller is gone
        with self._lock:
            if self._closed:
                raise CatalogueUnavailable("The database is closed.")
            self._queue.put((change, future))
        return future

    def stop(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        while group := self._next_group():
            outcomes = self._outcomes(group)
            for make_room in (self._empty_log, self._give_up_ballast):
                refused = [index for index, outcome in enumerate(outcomes) if isinstance(outcome, StorageFull)]
                if refused and make_room():
                    again = self._outcomes([group[index] for index in refused])
                    for index, outcome in zip(refused, again, strict=True):
                        outcomes[index] = outcome
            _resolve(group, outcomes)
        _close(self._connection)

    def _empty_log(self) -> bool:
        """The write-ahead log starts from the beginning and needs no space, if its content fits into the database."""
        try:
            self._connection = self._connection or self._engine.connect()
            driver: Any = self._connection.connection.driver_connection
            driver.execute(f"PRAGMA wal_autocheckpoint={_SHORT_LOG_PAGES}")
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        except (DBAPIError, sqlite3.Error):
            return False
        return not busy

    def _give_up_ballast(self) -> bool:
        """The space is first for the database itself: a new log needs little of it."""
        if not self._ballast.give_up():
            return False
        self._empty_log()
        return True

    def _outcomes(self, group: list[_Change]) -> list[Any]:
        """One transaction: for each change its value, or why it was rolled back."""
        try:
            self._connection = self._connection or self._engine.connect()
            return _commit(self._connection, group)
        except BaseException as error:  # noqa: BLE001 - passed to all waiting callers; the thread must survive
            _close(self._connection)
            self._connection = None
            return [_translated(error) for _ in group]

    def _next_group(self) -> list[_Change]:
        """Waits for one change, then takes all others that are waiting; empty when it is time to stop."""
        group: list[_Change] = []
        item = self._queue.get()
        while item is not None:
            group.append(item)
            if len(group) == _GROUP_MAX or self._queue.empty():
                return group
            item = self._queue.get()
        if group:
            self._queue.put(None)  # the stop signal came after a group: handle it after this one
        return group


def _commit(connection: Connection, group: list[_Change]) -> list[Any]:
    with connection.begin():
        return [_apply(connection, change) for change, _ in group]


def _apply(connection: Connection, change: Callable[[Connection], Any]) -> Any:
    """The outcome of one change, undone if it failed. Raises if the whole group is lost."""
    connection.exec_driver_sql("SAVEPOINT change")
    try:
        outcome: Any = _Value(change(connection))
    except BaseException as error:
        if not _in_transaction(connection):
            raise  # SQLite rolled everything back: https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
        connection.exec_driver_sql("ROLLBACK TO change")
        outcome = _own_error(error)
    connection.exec_driver_sql("RELEASE change")
    return outcome


def _in_transaction(connection: Connection) -> bool:
    """According to SQLite; SQLAlchemy only knows what it requested."""
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)


def _own_error(error: BaseException) -> BaseException:
    if isinstance(error, IntegrityError):
        return conflict(error)
    if isinstance(error, (DatabaseError, *UNSTORABLE)):
        return _translated(error)
    if isinstance(error, StopIteration):
        return RuntimeError("a change raised StopIteration")  # asyncio futures do not accept StopIteration
    return error


class _Value:
    """A result, to distinguish it from an error."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def _resolve(group: list[_Change], outcomes: list[Any]) -> None:
    for (_, future), outcome in zip(group, outcomes, strict=True):
        if isinstance(outcome, _Value):
            future.set_result(outcome.value)
        else:
            future.set_exception(outcome)


def _close(connection: Connection | None) -> None:
    if connection is not None:
        connection.close()


def _translated(error: BaseException) -> AishareError:
    """On a full disk nothing was committed; for every other error the caller must assume the worst."""
    original = error.orig if isinstance(error, DBAPIError) else error
    translated: AishareError
    if isinstance(original, UNSTORABLE):
        translated = unstorable()
    elif getattr(original, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
        translated = StorageFull("The disk of the database is full.", hint="Free up space on the disk of DATA_DIR.")
    else:
        hint = "The server log may have details."
        translated = CatalogueUnavailable(f"The database reported an error: {original}", hint=hint)
    translated.__cause__ = original
    return translated
