"""The audit log: who did what, when, from where. Rows are never changed or deleted."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, func, insert, select

from aishare.catalogue import schema
from aishare.catalogue.cursors import newest_first
from aishare.core.ids import new_id
from aishare.core.request_context import current_address, current_request_id

COMMAND_LINE: Final = "command line"
"""The actor's name when a command was used rather than a user. User names cannot contain spaces."""

SERVICE: Final = "the service"
"""The same for automatic actions."""

_table = schema.audit
_columns = (
    _table.c.id,
    _table.c.at,
    _table.c.actor_name,
    _table.c.action,
    _table.c.target,
    _table.c.target_id,
    _table.c.owner_name,
    _table.c.detail,
)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One action. Names stay readable after their items are deleted; entries never contain secrets. `target_id`
    distinguishes items with the same name, `owner_name` is the owner of the item.

    Address and request are those of the current request, if there is one.
    """

    at: datetime
    action: str
    actor_name: str
    actor_id: str | None = None
    target: str | None = None
    detail: str | None = None
    address: str | None = field(default_factory=current_address)
    request_id: str | None = field(default_factory=current_request_id)
    target_id: str | None = None
    owner_name: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One stored action."""

    id: str
    at: datetime
    actor: str
    action: str
    target: str | None
    target_id: str | None
    owner: str | None
    detail: str | None
    address: str | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which actions. `actor` is a whole name, ignoring case; `target` is part of the target or the detail, or a whole
    id. `until` is exclusive.
    """

    action: str | None = None
    actor: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Newest first, and where the next page starts; None at the end."""

    items: list[AuditRow]
    next_cursor: str | None


def append_audit(connection: Connection, entry: AuditEntry) -> None:
    """In the transaction of the action itself."""
    connection.execute(insert(_table).values(id=new_id(), **asdict(entry)))


def list_audit(connection: Connection, wanted: AuditFilter, *, cursor: str | None, limit: int) -> AuditPage:
    """One page."""
    statement = _filtered(select(*_columns, _table.c.address, _table.c.request_id), wanted)
    rows, next_cursor = newest_first(connection, statement, _table.c.at, _table.c.id, cursor=cursor, limit=limit)
    return AuditPage([AuditRow(*row) for row in rows], next_cursor)


def _filtered(statement: Select[Any], wanted: AuditFilter) -> Select[Any]:
    if wanted.action is not None:
        statement = statement.where(_table.c.action == wanted.action)
    if wanted.actor is not None:
        statement = statement.where(func.lower(_table.c.actor_name) == func.lower(wanted.actor))
    if wanted.target is not None:
        in_target, in_detail = (
            column.icontains(wanted.target, autoescape=True) for column in (_table.c.target, _table.c.detail)
        )
        statement = statement.where(in_target | in_detail | (_table.c.target_id == wanted.target))
    if wanted.since is not None:
        statement = statement.where(_table.c.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(_table.c.at < wanted.until)
    return statement
