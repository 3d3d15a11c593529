"""The installation: one row with its identity, created once."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, text, update

from aishare.catalogue import schema
from aishare.core.ids import new_id

_table = schema.installation


def find_installation(connection: Connection) -> str | None:
    """The id of the installation, if it has one."""
    return connection.execute(select(_table.c.id).order_by(_table.c.created_at).limit(1)).scalar_one_or_none()


def find_key_fingerprint(connection: Connection) -> str | None:
    """The fingerprint of the SECRET_KEY the database is used with, if known."""
    statement = select(_table.c.key_fingerprint).order_by(_table.c.created_at).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def keep_key_fingerprint(connection: Connection, fingerprint: str) -> None:
    """Stores the fingerprint of the current key."""
    connection.execute(update(_table).values(key_fingerprint=fingerprint))


def make_installation(connection: Connection, *, now: datetime) -> str:
    """The id of the installation, created if there is none."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer; here two could each create one
        connection.execute(text("LOCK TABLE installation IN SHARE ROW EXCLUSIVE MODE"))
    known = find_installation(connection)
    if known is not None:
        return known
    made = new_id()
    connection.execute(insert(_table).values(id=made, created_at=now))
    return made
