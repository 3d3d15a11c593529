"""Scrubs: integrity checks that read back what is stored and compare it with its digests, and their progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, insert, select, update

from aishare.catalogue import schema
from aishare.catalogue.content import OBJECT_COLUMNS, StoredObject, object_of
from aishare.catalogue.leases import is_free

RUNNING: Final = "running"
COMPLETED: Final = "completed"
CANCELLED: Final = "cancelled"

_table = schema.scrubs
_COLUMNS: Final[tuple[Column[Any], ...]] = tuple(_table.c)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrub:
    """One row. `cursor` is the id of the last object checked; without `location_id` all locations are read."""

    id: str
    location_id: str | None
    state: str
    percent: int
    created_by: str
    created_at: datetime
    cursor: str = ""
    objects: int = 0
    bytes: int = 0
    damages: int = 0
    finished_at: datetime | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None


def insert_scrub(connection: Connection, scrub: Scrub) -> None:
    """A new row; Conflict if this id exists."""
    connection.execute(insert(_table).values({column.name: getattr(scrub, column.name) for column in _COLUMNS}))


def find_scrub(connection: Connection, scrub_id: str) -> Scrub | None:
    """The check with this id."""
    row = connection.execute(select(*_COLUMNS).where(_table.c.id == scrub_id)).first()
    return None if row is None else Scrub(**row._mapping)  # noqa: SLF001 - public in SQLAlchemy despite its name


def list_scrubs(connection: Connection, *, limit: int = 200) -> list[Scrub]:
    """Newest first."""
    statement = select(*_COLUMNS).order_by(_table.c.created_at.desc(), _table.c.id).limit(limit)
    return [Scrub(**row._mapping) for row in connection.execute(statement)]  # noqa: SLF001 - the same


def waiting_scrubs(connection: Connection, *, owner: str, now: datetime) -> list[str]:
    """Ids of running checks that no other living process is working on."""
    statement = (
        select(_table.c.id).where(_table.c.state == RUNNING, is_free(_table, owner, now)).order_by(_table.c.created_at)
    )
    return list(connection.execute(statement).scalars())


def claim_scrub(connection: Connection, scrub_id: str, owner: str, *, now: datetime, until: datetime) -> Scrub | None:
    """The check, leased until then; None if it ended or another process has the lease."""
    mine = (_table.c.id == scrub_id) & (_table.c.state == RUNNING) & is_free(_table, owner, now)
    claimed = connection.execute(update(_table).where(mine).values(lease_owner=owner, lease_until=until)).rowcount == 1
    return find_scrub(connection, scrub_id) if claimed else None


def change_scrub(connection: Connection, scrub_id: str, owner: str, **values: object) -> bool:
    """Whether it was still running and leased to this process. If not, nothing was changed."""
    mine = (_table.c.id == scrub_id) & (_table.c.lease_owner == owner) & (_table.c.state == RUNNING)
    return connection.execute(update(_table).where(mine).values(**values)).rowcount == 1


def cancel_scrub(connection: Connection, scrub_id: str, *, now: datetime) -> bool:
    """Whether it was running."""
    running = (_table.c.id == scrub_id) & (_table.c.state == RUNNING)
    values = {"state": CANCELLED, "finished_at": now, "lease_owner": None, "lease_until": None}
    return connection.execute(update(_table).where(running).values(values)).rowcount == 1


def objects_to_scrub(
    connection: Connection, location_id: str | None, *, after: str, limit: int
) -> Sequence[StoredObject]:
    """Live objects of a location, or of all, sorted by id."""
    objects = schema.objects
    here = () if location_id is None else (objects.c.location_id == location_id,)
    statement = (
        select(*OBJECT_COLUMNS)
        .where(objects.c.id > after, objects.c.deleted_at.is_(None), *here)
        .order_by(objects.c.id)
        .limit(limit)
    )
    return [object_of(row) for row in connection.execute(statement)]
