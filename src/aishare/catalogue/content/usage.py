"""How much each owner has stored, and the lock that serialises changes of one owner's files."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from aishare.catalogue import schema
from aishare.core.errors import NotFound

_table = schema.usage


@dataclass(frozen=True, slots=True)
class Sums:
    """Number of files and bytes, or changes of these numbers."""

    files: int
    bytes: int

    def __neg__(self) -> "Sums":
        return Sums(-self.files, -self.bytes)


def lock_owner(connection: Connection, owner_id: str) -> None:
    """PostgreSQL: one change of an owner's files at a time. SQLite has only one writer anyway."""
    row = connection.execute(select(_table.c.owner_id).where(_table.c.owner_id == owner_id).with_for_update()).first()
    if row is None:
        raise NotFound("There is no such user.")


def count_usage(connection: Connection, owner_id: str, more: Sums) -> None:
    """In the transaction of the change itself."""
    values = {"bytes": _table.c.bytes + more.bytes, "count": _table.c.count + more.files}
    connection.execute(update(_table).where(_table.c.owner_id == owner_id).values(**values))
