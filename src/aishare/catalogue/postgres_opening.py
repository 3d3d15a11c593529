"""Why PostgreSQL does not take us, in words, with what to do. No word of its own: it may repeat what we sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from aishare.core.errors import CatalogueNotOpened

_OLDEST: Final = 12
_PASSWORD: Final = ("refuses the user or the password", "Correct user and password in DATABASE_URL.")
_BUSY: Final = (
    "accepts no connections at the moment",
    "See whether it is starting or stopping; raise max_connections.",
)
_RIGHTS: Final = ("does not let this user make tables", "Make the user of DATABASE_URL the owner of the database.")

_REASONS: Final = {  # by SQLSTATE: PostgreSQL, appendix A
    "28P01": _PASSWORD,
    "28000": _PASSWORD,
    "3D000": ("has no such database", "Create the database, or correct its name in DATABASE_URL."),
    "42501": _RIGHTS,
    "3F000": _RIGHTS,
    "53300": _BUSY,
    "57P03": _BUSY,
    "25006": ("is read-only", "DATABASE_URL has to lead to the primary server, not to a standby."),
    "53100": ("has a full disk", "Free some space on its disk."),
}
_OPTION: Final = "DATABASE_URL holds an option that the driver does not know (TLS is ssl=require, not sslmode)."
_UNREACHABLE: Final = ("cannot be reached", "Check host and port in DATABASE_URL, and that PostgreSQL runs there.")


@contextmanager
def reporting_postgres() -> Iterator[None]:
    """CatalogueNotOpened for what PostgreSQL and the network say."""
    try:
        yield
    except (DBAPIError, asyncpg.PostgresError) as error:
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        unknown = (f"does not work ({state or type(error).__name__})", "Look at its log, and check DATABASE_URL.")
        raise _not_opened(*_REASONS.get(state or "", unknown)) from error
    except (asyncpg.InterfaceError, TypeError, ValueError) as error:
        raise _not_opened("cannot be asked", _OPTION) from error
    except (OSError, TimeoutError) as error:
        raise _not_opened(*_UNREACHABLE) from error


def refuse_unfit(connection: Connection) -> None:
    """Raises CatalogueNotOpened for a server that is too old, or that only reads."""
    version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if version < _OLDEST:
        raise _not_opened(f"has version {version}, which is too old", f"aishare needs PostgreSQL {_OLDEST} or newer.")
    if connection.scalar(text("SHOW transaction_read_only")) == "on":
        raise _not_opened(*_REASONS["25006"])


def _not_opened(reason: str, hint: str) -> CatalogueNotOpened:
    return CatalogueNotOpened(f"PostgreSQL {reason}.", hint=hint)
