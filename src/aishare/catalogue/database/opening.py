"""Opens the database of a URL and updates its tables."""

import asyncio
import contextlib
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.database.sqlite import SqliteCatalogue, writing_engine
from aishare.catalogue.database.sqlite_opening import refuse_read_only, reporting_sqlite
from aishare.core.errors import CatalogueNotOpened, InvalidSettings, SettingProblem

_REVISIONS: Final = Path(__file__).parents[1] / "revisions"

_MIGRATION_LOCK: Final = 0x6169736861726531
"""Several nodes may start at the same time: one migrates the schema, the others wait. On SQLite, BEGIN IMMEDIATE
ensures this.
"""

_NETWORK_FILE_SYSTEMS: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs"})
"""SQLite's write-ahead log needs memory shared between all processes that open the file, which these do not offer."""


async def open_catalogue(url: str) -> Catalogue:
    """`sqlite:///path` or `postgresql://user:password@host/database`; creates and migrates the tables."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        await asyncio.to_thread(_prepare_sqlite, path)
        with reporting_sqlite(path):
            return SqliteCatalogue(path)
    return await _open_postgres(url)


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # its text would repeat the password
        text = "is not a valid database address; write postgresql://user:password@host:port/database"
        raise InvalidSettings([SettingProblem(text, "DATABASE_URL")]) from None


async def _open_postgres(url: str) -> Catalogue:
    from aishare.catalogue.database.postgres import PostgresCatalogue, postgres_engine  # noqa: PLC0415 - not needed with SQLite
    from aishare.catalogue.database.postgres_opening import refuse_unfit, reporting_postgres  # noqa: PLC0415

    engine = postgres_engine(url)
    try:
        with reporting_postgres():
            async with engine.begin() as connection:
                await connection.run_sync(refuse_unfit)
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
                await connection.run_sync(migrate)
    except BaseException:
        await engine.dispose()
        raise
    return PostgresCatalogue(engine)


def migrate(connection: Connection) -> None:
    """Migrates the tables to the newest version, in the transaction of `connection`."""
    if _is_newest(connection):
        return
    from alembic import command  # noqa: PLC0415 - usually there is nothing to migrate
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_REVISIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_newest(connection: Connection) -> bool:
    """Raises CatalogueNotOpened for tables of a newer version."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    known = sorted(path.name[1:5] for path in (_REVISIONS / "versions").glob("v*.py"))
    found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    if unknown := set(found).difference(known):
        raise CatalogueNotOpened(
            (
                f"The database was written by a newer version of aishare (schema {min(unknown)}; this version knows "
                f"{known[-1]})."
            ),
            hint="Install that version again, or restore a backup from before the upgrade.",
        )
    return found == known[-1:]


def _prepare_sqlite(path: Path) -> None:
    with reporting_sqlite(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_network_file_system(path.parent)
        refuse_read_only(path)
        engine = writing_engine(path)
        try:
            with engine.begin() as connection:
                migrate(connection)
            _make_private(path)
        finally:
            engine.dispose()


def _make_private(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        with contextlib.suppress(PermissionError):  # the file of another user, who must protect it
            path.chmod(0o600)


def _refuse_network_file_system(folder: Path) -> None:
    kind = _file_system_of(folder.resolve())
    if kind in _NETWORK_FILE_SYSTEMS:
        text = f"SQLite cannot be used on a network file system ({kind}); use a local disk or PostgreSQL"
        raise InvalidSettings([SettingProblem(text, "DATA_DIR")])


def _file_system_of(folder: Path) -> str:
    """The type in /proc/mounts of the longest mount point above `folder`; empty if there is no such list."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    mounts = [line.split(" ") for line in lines]
    above = [(len(mount[1]), mount[2]) for mount in mounts if folder.is_relative_to(mount[1])]
    return max(above, default=(0, ""))[1]
