"""The installation: one row that says who this is, made once."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, text, update

from aishare.catalogue import schema
from aishare.core.ids import new_id

_table = schema.installation


def find_installation(connection: Connection) -> str | None:
    """Its id, if it has one already."""
    return connection.execute(select(_table.c.id).order_by(_table.c.created_at).limit(1)).scalar_one_or_none()


def find_key_fingerprint(connection: Connection) -> str | None:
    """That of the SECRET_KEY it is used with, if that is known."""
    statement = select(_table.c.key_fingerprint).order_by(_table.c.created_at).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def keep_key_fingerprint(connection: Connection, fingerprint: str) -> None:
    """It is used with this key from now on."""
    connection.execute(update(_table).values(key_fingerprint=fingerprint))


def make_installation(connection: Connection, *, now: datetime) -> str:
    """Its id; made now if nobody has."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer; here two could each make one
        connection.execute(text("LOCK TABLE installation IN SHARE ROW EXCLUSIVE MODE"))
    known = find_installation(connection)
    if known is not None:
        return known
    made = new_id()
    connection.execute(insert(_table).values(id=made, created_at=now))
    return made
