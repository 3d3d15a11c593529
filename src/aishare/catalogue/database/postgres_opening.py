"""Why PostgreSQL cannot be opened, with a hint. Its own messages are not repeated: they may contain secrets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from aishare.core.errors import CatalogueNotOpened

_OLDEST: Final = 12
_PASSWORD: Final = ("rejected the user name or password", "Correct the user name and password in DATABASE_URL.")
_BUSY: Final = (
    "is not accepting connections at the moment",
    "Check whether it is starting up or shutting down, or raise max_connections.",
)
_RIGHTS: Final = (
    "does not allow this user to create tables",
    "Make the user of DATABASE_URL the owner of the database.",
)

_REASONS: Final = {  # by SQLSTATE: PostgreSQL, appendix A
    "28P01": _PASSWORD,
    "28000": _PASSWORD,
    "3D000": ("does not have this database", "Create the database, or correct its name in DATABASE_URL."),
    "42501": _RIGHTS,
    "3F000": _RIGHTS,
    "53300": _BUSY,
    "57P03": _BUSY,
    "25006": ("is read-only", "Point DATABASE_URL at the primary server, not at a standby."),
    "53100": ("has run out of disk space", "Free up space on its disk."),
}
_OPTION: Final = (
    "DATABASE_URL contains an option that the driver does not support (for TLS, use ssl=require, not sslmode)."
)
_UNREACHABLE: Final = ("cannot be reached", "Check the host and port in DATABASE_URL, and that PostgreSQL is running.")


@contextmanager
def reporting_postgres() -> Iterator[None]:
    """Raises CatalogueNotOpened for errors of PostgreSQL and the network."""
    try:
        yield
    except (DBAPIError, asyncpg.PostgresError) as error:
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        unknown = (f"reported an error ({state or type(error).__name__})", "Check its log and DATABASE_URL.")
        raise _not_opened(*_REASONS.get(state or "", unknown)) from error
    except (asyncpg.InterfaceError, TypeError, ValueError) as error:
        raise _not_opened("cannot be used with this DATABASE_URL", _OPTION) from error
    except (OSError, TimeoutError) as error:
        raise _not_opened(*_UNREACHABLE) from error


def refuse_unfit(connection: Connection) -> None:
    """Raises CatalogueNotOpened for a server that is too old or read-only."""
    version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if version < _OLDEST:
        raise _not_opened(f"has version {version}, which is too old", f"aishare needs PostgreSQL {_OLDEST} or newer.")
    if connection.scalar(text("SHOW transaction_read_only")) == "on":
        raise _not_opened(*_REASONS["25006"])


def _not_opened(reason: str, hint: str) -> CatalogueNotOpened:
    return CatalogueNotOpened(f"PostgreSQL {reason}.", hint=hint)
