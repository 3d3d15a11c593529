"""Changes of the configuration, numbered: server processes look for a number higher than the one they have applied."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import BigInteger, Connection, Row, func, insert, select, type_coerce, update

from aishare.catalogue import schema
from aishare.catalogue.database.session import Lookup

_table = schema.configuration_changes
_audit = schema.audit

State = Literal["applied", "waiting", "reverting", "confirmed", "reverted", "failed"]
"""A change in the state `waiting` has a deadline; after it, the first process that notices reverts the change:
`reverting`, then `reverted`.
"""

UNSETTLED: Final[tuple[State, ...]] = ("waiting", "reverting")


@dataclass(frozen=True, slots=True)
class Change:
    """`names` are names of variables, never values; `backup_id` is the backup of `file` before the change.

    `digests` identifies the values by keyed digests, as JSON. `ended_by` confirmed or reverted it. While it is being
    reverted, `ended_at` is the time by which that ends; after it another process takes over.
    """

    id: str
    number: int
    state: State
    names: tuple[str, ...]
    file: str | None
    backup_id: str | None
    actor_id: str | None
    actor_name: str
    problem: str | None
    created_at: datetime
    confirm_until: datetime | None
    ended_at: datetime | None
    digests: str | None = None
    ended_by: str | None = None

    @property
    def due(self) -> datetime | None:
        """When it is reverted, or the revert is taken over. Earlier versions put both in `confirm_until`."""
        return self.confirm_until if self.ended_at is None else self.ended_at

    @property
    def expired(self) -> bool:
        """Reverted because nobody confirmed it: a revert by a user has no reason."""
        return self.state == "reverted" and self.problem is not None


_ENDING_ACTIONS: Final = ("settings_confirmed", "settings_reverted", "settings_expired")
_NOTED_WITHIN: Final = 15_000_000
"""In microseconds: earlier versions wrote the audit entry after every process had answered."""

_ended_at = type_coerce(_table.c.ended_at, BigInteger)
_noted_at = type_coerce(_audit.c.at, BigInteger)
_ENDED_BY: Final = (
    select(_audit.c.actor_name)
    .where(
        _table.c.state.in_(("confirmed", "reverted")),
        _audit.c.action.in_(_ENDING_ACTIONS),
        _noted_at.between(_ended_at, _ended_at + _NOTED_WITHIN),
    )
    .order_by(_audit.c.at)
    .limit(1)
    .scalar_subquery()
    .label("ended_by")
)
"""The audit entry, written in the transaction that ends the change; only one change waits at a time."""


def insert_change(connection: Connection, change: Change) -> Change:
    """With the next number. If two are inserted at the same moment, the second raises Conflict and may be repeated."""
    numbered = {**asdict(change), "names": ",".join(change.names), "number": _highest(connection) + 1}
    del numbered["ended_by"]
    connection.execute(insert(_table).values(**numbered))
    return _change({**numbered})


def find_change(connection: Connection, change_id: str) -> Change | None:
    """The change in its current state."""
    row = connection.execute(select(_table).where(_table.c.id == change_id)).mappings().first()
    return None if row is None else _change(row)


def newest_changes(connection: Connection, *, limit: int) -> list[Change]:
    """Newest first, without the changes that only make every process read the files again after a revert."""
    follows = (_table.c.state == "applied") & _table.c.file.is_not(None) & _table.c.backup_id.is_(None)
    statement = select(_table, _ENDED_BY).where(~follows).order_by(_table.c.number.desc()).limit(limit)
    return [_change(row) for row in connection.execute(statement).mappings()]


def unsettled_changes(connection: Connection) -> list[Change]:
    """Changes that can still be reverted: at most one, as long as callers check before they insert."""
    statement = select(_table).where(_table.c.state.in_(UNSETTLED)).order_by(_table.c.number)
    return [_change(row) for row in connection.execute(statement).mappings()]


def switch_change(connection: Connection, change: Change, **values: object) -> bool:
    """Compare-and-set on state and deadlines: False if another process was first."""
    same = (_table.c.id == change.id) & (_table.c.state == change.state)
    for column, known in ((_table.c.confirm_until, change.confirm_until), (_table.c.ended_at, change.ended_at)):
        same &= column.is_(None) if known is None else column == known
    return connection.execute(update(_table).where(same).values(**values)).rowcount == 1


def _highest(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(_table.c.number), 0))).scalar_one())


def _change(row: Mapping[Any, Any]) -> Change:
    return Change(**{**row, "names": tuple(name for name in row["names"].split(",") if name)})


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest change, with only the columns that a check twice a second needs."""

    number: int
    id: str


def _latest(row: Row[Any] | tuple[Any, ...]) -> Latest:
    return Latest(*row)


LATEST: Final = Lookup(
    select(_table.c.number, _table.c.id).where(_table.c.number == select(func.max(_table.c.number)).scalar_subquery()),
    _latest,
)
