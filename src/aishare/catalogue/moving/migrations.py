"""Migrations: moving the objects of one location to another, with their progress and failures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, exists, func, insert, literal, select, text, update

from aishare.catalogue import schema
from aishare.catalogue.columns import Timestamp
from aishare.catalogue.leases import is_free
from aishare.core.errors import Conflict
from aishare.core.sizes import CHUNK_SIZE

PLANNED: Final = "planned"
RUNNING: Final = "running"
PAUSED: Final = "paused"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
"""Finished, but some objects could not be moved; each has a failure row."""

CANCELLED: Final = "cancelled"
ROLLING_BACK: Final = "rolling_back"
ROLLED_BACK: Final = "rolled_back"

WORKING: Final = (RUNNING, ROLLING_BACK)
"""States in which a process is working on the migration."""

UNFINISHED: Final = (RUNNING, PAUSED, ROLLING_BACK)
"""States that block other migrations and the purge."""

_table = schema.migrations
_failed = schema.migration_failures
_COLUMNS: Final[tuple[Column[Any], ...]] = tuple(_table.c)


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One row. `cursor` is the id of the last object handled in this `round`."""

    id: str
    source_id: str
    target_id: str
    state: str
    plan: Mapping[str, Any]
    verify: str
    concurrency: int
    bytes_per_second: int | None
    grace_seconds: int
    created_by: str
    created_at: datetime
    cursor: str = ""
    round: int = 1
    objects_done: int = 0
    bytes_done: int = 0
    objects_skipped: int = 0
    objects_rate: float | None = None
    bytes_rate: float | None = None
    error: str | None = None
    manifest: Mapping[str, Any] | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What was done since the progress was last saved."""

    objects: int = 0
    bytes: int = 0
    skipped: int = 0


def insert_migration(connection: Connection, migration: Migration) -> None:
    """A new row."""
    manifest = None if migration.manifest is None else json.dumps(dict(migration.manifest))
    values = {column.name: getattr(migration, column.name) for column in _COLUMNS}
    connection.execute(
        insert(_table).values({**values, "plan": json.dumps(dict(migration.plan)), "manifest": manifest})
    )


def find_migration(connection: Connection, migration_id: str) -> Migration | None:
    """The migration with this id."""
    row = connection.execute(select(*_COLUMNS).where(_table.c.id == migration_id)).first()
    return None if row is None else _migration_of(row)


def list_migrations(connection: Connection, *, limit: int = 200) -> list[Migration]:
    """Newest first."""
    statement = select(*_COLUMNS).order_by(_table.c.created_at.desc(), _table.c.id).limit(limit)
    return [_migration_of(row) for row in connection.execute(statement)]


def waiting_migrations(connection: Connection, *, owner: str, now: datetime) -> list[str]:
    """Ids of migrations that need work and that no other living process is working on."""
    statement = (
        select(_table.c.id)
        .where(_table.c.state.in_(WORKING), is_free(_table, owner, now))
        .order_by(_table.c.created_at)
    )
    return list(connection.execute(statement).scalars())


def refuse_second(connection: Connection, source_id: str, *, but: str | None = None) -> None:
    """Raises Conflict if another migration from this location has not ended. In the transaction that starts one."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer; here two could both find no other migration
        connection.execute(text("LOCK TABLE migrations IN SHARE ROW EXCLUSIVE MODE"))
    others = select(_table.c.id).where(_table.c.source_id == source_id, _table.c.state.in_(UNFINISHED))
    if any(other != but for other in connection.execute(others).scalars()):
        raise Conflict(
            "Another migration from this location has not ended yet.", hint="Wait until it ends, or cancel it."
        )


def change_migration(
    connection: Connection, migration_id: str, *, states: tuple[str, ...], **values: object
) -> Migration | None:
    """Sets `values` if the migration is in one of these states; returns the current row, or None if it is not."""
    values = {name: json.dumps(value) if name in {"plan", "manifest"} else value for name, value in values.items()}
    statement = update(_table).where(_table.c.id == migration_id, _table.c.state.in_(states)).values(values)
    if connection.execute(statement).rowcount != 1:
        return None
    return find_migration(connection, migration_id)


def claim_lease(connection: Connection, migration_id: str, owner: str, *, now: datetime, until: datetime) -> bool:
    """Takes the lease until then; True if it was free, expired or ours already."""
    statement = (
        update(_table)
        .where(_table.c.id == migration_id, _table.c.state.in_(WORKING), is_free(_table, owner, now))
        .values(
            lease_owner=owner,
            lease_until=until,
            started_at=func.coalesce(_table.c.started_at, literal(now, Timestamp())),
        )
    )
    return connection.execute(statement).rowcount == 1


def renew_lease(connection: Connection, migration_id: str, owner: str, *, until: datetime | None) -> bool:
    """Whether the lease was still ours. None gives it back."""
    statement = (
        update(_table).where(_table.c.id == migration_id, _table.c.lease_owner == owner).values(lease_until=until)
    )
    return connection.execute(statement).rowcount == 1


def record_progress(
    connection: Connection, migration_id: str, owner: str, progress: Progress, **values: object
) -> bool:
    """Adds to the counters, in the transaction of the work itself. False, and nothing is saved, if the
    lease is lost.
    """
    statement = (
        update(_table)
        .where(_table.c.id == migration_id, _table.c.lease_owner == owner)
        .values(
            objects_done=_table.c.objects_done + progress.objects,
            bytes_done=_table.c.bytes_done + progress.bytes,
            objects_skipped=_table.c.objects_skipped + progress.skipped,
            **values,
        )
    )
    return connection.execute(statement).rowcount == 1


def measure_contents(connection: Connection, location_id: str) -> tuple[int, int, int]:
    """Live objects of a location, their bytes, and how many parts of 8 MiB they have beyond the first."""
    table = schema.objects
    further = func.coalesce(func.sum((table.c.size_bytes - 1) // CHUNK_SIZE), 0)
    statement = select(func.count(), func.coalesce(func.sum(table.c.size_bytes), 0), further).where(
        table.c.location_id == location_id, table.c.deleted_at.is_(None)
    )
    count, size, parts = connection.execute(statement).one()
    return int(count), int(size), int(parts)


def known_damages(connection: Connection, location_id: str) -> dict[str, str]:
    """The code of each live object of a location that was found missing or damaged."""
    table = schema.damages
    statement = select(table.c.object_id, table.c.code).where(
        table.c.location_id == location_id,
        exists().where(schema.objects.c.id == table.c.object_id, schema.objects.c.location_id == location_id),
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def _migration_of(row: Row[Any]) -> Migration:
    values = dict(row._mapping)  # noqa: SLF001 - public in SQLAlchemy despite its name
    manifest = values["manifest"]
    plan, manifest = json.loads(values["plan"]), None if manifest is None else json.loads(manifest)
    return Migration(**{**values, "plan": plan, "manifest": manifest})
