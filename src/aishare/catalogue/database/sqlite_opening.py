"""Why a SQLite database cannot be opened, with a hint."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from aishare.core.errors import CatalogueNotOpened

_BACKUP: Final = "Restore it from a backup, or set DATA_DIR to another folder."
_RIGHTS: Final = "DATA_DIR must be a folder that this user can write to, on a disk that is not mounted read-only."
_BUSY: Final = "Another program is using it. Stop that program and try again."
_SPACE: Final = "Free up space on its disk."

_HINTS: Final = {
    sqlite3.SQLITE_NOTADB: _BACKUP,
    sqlite3.SQLITE_CORRUPT: _BACKUP,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _SPACE,
}


@contextmanager
def reporting_sqlite(path: Path) -> Iterator[None]:
    """Raises CatalogueNotOpened for errors of SQLite and the disk about `path`."""
    try:
        yield
    except DBAPIError as error:
        raise _not_opened(path, error.orig or error) from error
    except (sqlite3.Error, OSError) as error:
        raise _not_opened(path, error) from error


def refuse_read_only(path: Path) -> None:
    """SQLite opens files that it cannot write to, and only reports this at the first change."""
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            reason = "its disk is mounted read-only" if _is_read_only(place) else "this user cannot write to it"
            raise CatalogueNotOpened(f"The database {path} cannot be opened: {reason}.", hint=_RIGHTS)


def _is_read_only(place: Path) -> bool:
    return bool(os.statvfs(place).f_flag & os.ST_RDONLY)


def _not_opened(path: Path, error: BaseException) -> CatalogueNotOpened:
    number = getattr(error, "sqlite_errorcode", None)
    hint = _HINTS.get(number & 0xFF) if number is not None else _RIGHTS
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return CatalogueNotOpened(f"The database {path} cannot be opened: {reason}.", hint=hint)
