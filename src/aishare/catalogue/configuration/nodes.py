"""Nodes: the server processes, each with a row that it renews while it runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, delete, insert, select, update

from aishare.catalogue import schema

_table = schema.nodes
_changes = schema.configuration_changes
_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.id,
    _table.c.name,
    _table.c.started_at,
    _table.c.seen_at,
    _changes.c.number,
    _table.c.problem,
    _table.c.differs,
)


@dataclass(frozen=True, slots=True)
class Node:
    """`number` is the last change it responded to, 0 before the first; `problem` says why it could not be applied.

    `differs`: variables of that change that have different values in this process.
    """

    id: str
    name: str
    started_at: datetime
    seen_at: datetime
    number: int
    problem: str | None
    differs: tuple[str, ...]


def renew_node(connection: Connection, *, node_id: str, name: str, started_at: datetime, now: datetime) -> None:
    """Creates the row, or records that the node is still running."""
    seen = connection.execute(update(_table).where(_table.c.id == node_id).values(seen_at=now))
    if not seen.rowcount:
        connection.execute(insert(_table).values(id=node_id, name=name, started_at=started_at, seen_at=now))


def acknowledge_change(  # noqa: PLR0913 - the columns
    connection: Connection,
    node_id: str,
    *,
    change_id: str,
    problem: str | None,
    differs: tuple[str, ...],
    now: datetime,
) -> None:
    """Records that the node applied the change, failed to, or has different values for some variables."""
    answer = {"change_id": change_id, "problem": problem, "differs": ",".join(differs) or None, "seen_at": now}
    connection.execute(update(_table).where(_table.c.id == node_id).values(answer))


def live_nodes(connection: Connection, *, seen_after: datetime) -> list[Node]:
    """Nodes that were seen recently, by name."""
    statement = (
        select(*_COLUMNS)
        .select_from(_table.outerjoin(_changes, _changes.c.id == _table.c.change_id))
        .where(_table.c.seen_at > seen_after)
        .order_by(_table.c.name, _table.c.id)
    )
    return [_node(row) for row in connection.execute(statement)]


def _node(row: Row[Any]) -> Node:
    return Node(row.id, row.name, row.started_at, row.seen_at, row.number or 0, row.problem, tuple(_names(row.differs)))


def _names(text: str | None) -> list[str]:
    return text.split(",") if text else []


def remove_node(connection: Connection, node_id: str) -> None:
    """Called when the node stops."""
    connection.execute(delete(_table).where(_table.c.id == node_id))


def sweep_nodes(connection: Connection, *, silent_since: datetime) -> None:
    """Removes nodes that stopped without removing their row."""
    connection.execute(delete(_table).where(_table.c.seen_at < silent_since))
