"""Configuration changes in the database: begun, acknowledged by every node, settled or reverted."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from aishare.catalogue.configuration import configuration_changes
from aishare.catalogue.configuration.configuration_changes import LATEST, UNSETTLED, Change, Latest, State
from aishare.catalogue.configuration.nodes import Node
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people.audit import COMMAND_LINE, AuditEntry, append_audit
from aishare.catalogue.people.users import User
from aishare.core.clock import Clock
from aishare.core.errors import Conflict, NotFound
from aishare.core.ids import new_id
from aishare.services.configuration.nodes import live_nodes

_ACKNOWLEDGE_SECONDS: Final = 10.0
"""Twenty checks by a node. A node that stays silent for longer is reported as waiting and applies the change when it
can.
"""

_GUARD: Final = timedelta(seconds=30)
"""If the process that started a change dies while the nodes apply it, the change is reverted after this time, like a
change that is not confirmed.
"""

_LEASE: Final = timedelta(seconds=15)
"""Long enough to restore a file; if the process dies, another one takes over."""

Noted = Callable[[datetime], AuditEntry]
"""Makes the audit entry of an action, given its time."""

_LOOK_SECONDS: Final = 0.1
_TRIES: Final = 5
MAX_CHANGES: Final = 200
"""More than anyone reads."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """The state of a change in one process."""

    id: str
    name: str
    state: Literal["applied", "waiting", "failed", "differs"]
    problem: str | None
    differs: tuple[str, ...] = ()
    """Variables of the change that have different values in this process, because of other files or its environment."""


class RolloutService:
    """Every step is one compare-and-set transaction: any process can take over if another one died."""

    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def latest(self) -> Latest | None:
        """Cheap enough to be called twice a second."""
        return await self._catalogue.lookup(LATEST)

    async def changes(self, *, limit: int) -> list[Change]:
        """Newest first."""
        return await self._catalogue.read(
            lambda connection: configuration_changes.newest_changes(connection, limit=limit)
        )

    async def find(self, change_id: str) -> Change:
        """Raises NotFound."""
        found = await self._catalogue.read(lambda connection: configuration_changes.find_change(connection, change_id))
        if found is None:
            raise NotFound("There is no such change.")
        return found

    async def begin(
        self,
        actor: User | None,
        *,
        names: tuple[str, ...],
        file: str,
        backup_id: str | None,
        digests: Mapping[str, str],
    ) -> Change:
        """Waits until it is settled. Raises Conflict while another change is waiting."""
        now = self._clock()
        wanted = replace(_blank(actor, now), names=names, file=file, backup_id=backup_id, digests=_json(digests))
        return await self._insert(replace(wanted, state="waiting", confirm_until=now + _GUARD), alone=True)

    async def note(
        self, actor: User | None, *, names: tuple[str, ...], file: str | None = None, digests: Mapping[str, str]
    ) -> Change:
        """A change that only makes the files be read again, with nothing to restore."""
        now = self._clock()
        return await self._insert(
            replace(_blank(actor, now), names=names, file=file, ended_at=now, digests=_json(digests))
        )

    async def acknowledged(self, change: Change) -> tuple[NodeState, ...]:
        """Waits for a while until each live node responded or the first one failed."""
        ends = asyncio.get_running_loop().time() + _ACKNOWLEDGE_SECONDS
        while True:
            states = tuple(
                _state_of(node, change)
                for node in await live_nodes(self._catalogue, self._clock)
                if node.started_at <= change.created_at
            )
            done = not any(node.state == "waiting" for node in states)
            if done or asyncio.get_running_loop().time() > ends or any(node.state == "failed" for node in states):
                return states
            await asyncio.sleep(_LOOK_SECONDS)

    async def settle(self, change: Change, *, confirm_seconds: int) -> Change:
        """Every node has applied it: it is complete, or the time for confirmation starts now."""
        now = self._clock()
        if confirm_seconds:
            return await self._switch(change, "waiting", confirm_until=now + timedelta(seconds=confirm_seconds))
        return await self._switch(change, "applied", confirm_until=None, ended_at=now)

    async def confirm(self, change_id: str, noted: Noted) -> Change:
        """Raises Conflict if it is not waiting, or not any more."""
        change = await self.find(change_id)
        if change.state != "waiting":
            raise Conflict(f"The change is {change.state}; there is nothing to confirm.")
        now = self._clock()
        return await self._switch(change, "confirmed", noted=noted(now), ended_at=now)

    async def claim(self, change: Change) -> Change:
        """For the process that reverts it; the others see that it is being reverted. Raises Conflict."""
        if change.state not in UNSETTLED:
            raise Conflict(f"The change is {change.state} and cannot be undone; restore its backup instead.")
        return await self._switch(change, "reverting", ended_at=self._clock() + _LEASE)

    async def end(
        self, change: Change, state: State, problem: str | None, noted: Noted | None
    ) -> tuple[Change, Change]:
        """After the file was restored: the change has ended, and another one that makes nodes read the
        files follows.
        """
        now = self._clock()
        entry = noted(now) if noted else None
        ended = replace(
            change, state=state, problem=problem, ended_at=now, ended_by=entry.actor_name if entry else None
        )
        following = replace(ended, id=new_id(), state="applied", backup_id=None, problem=None, created_at=now)
        following = replace(following, confirm_until=None, digests=None, ended_by=None)

        def both(connection: Connection) -> Change:
            if not configuration_changes.switch_change(connection, change, state=state, problem=problem, ended_at=now):
                raise Conflict("Another process has already ended the change.")
            if entry is not None:
                append_audit(connection, entry)
            return configuration_changes.insert_change(connection, following)

        return ended, await self._catalogue.write(both)

    async def overdue(self) -> list[Change]:
        """Changes whose deadline, or whose revert, has passed."""
        now = self._clock()
        unsettled = await self._catalogue.read(configuration_changes.unsettled_changes)
        return [change for change in unsettled if change.due is not None and change.due <= now]

    async def _switch(
        self, change: Change, state: State, *, noted: AuditEntry | None = None, **values: object
    ) -> Change:
        wanted = replace(change, state=state, **values)  # type: ignore[arg-type]  # columns of the same names

        def switch(connection: Connection) -> None:
            if not configuration_changes.switch_change(connection, change, state=state, **values):
                raise Conflict("The change has ended or is being reverted.")
            if noted is not None:
                append_audit(connection, noted)

        await self._catalogue.write(switch)
        return replace(wanted, ended_by=noted.actor_name if noted else None)

    async def _insert(self, wanted: Change, *, alone: bool = False) -> Change:
        def insert(connection: Connection) -> Change:
            others = configuration_changes.unsettled_changes(connection) if alone else []
            if others:
                raise _RolloutBusy(
                    "Another change is waiting to be confirmed or reverted.", hint="Confirm or revert it first."
                )
            return configuration_changes.insert_change(connection, wanted)

        return await _retried(lambda: self._catalogue.write(insert))


class _RolloutBusy(Conflict):
    """Retrying does not help."""


async def _retried(write: Callable[[], Awaitable[Change]]) -> Change:
    """Two processes may want the same number."""
    for _ in range(_TRIES - 1):
        try:
            return await write()
        except _RolloutBusy:
            raise
        except Conflict:
            continue
    return await write()


def _state_of(node: Node, change: Change) -> NodeState:
    if node.number < change.number:
        return NodeState(node.id, node.name, "waiting", None)
    if node.problem is not None:
        return NodeState(node.id, node.name, "failed", node.problem)
    if node.differs:
        text = f"has different values for {', '.join(node.differs)} in its own files or environment"
        return NodeState(node.id, node.name, "differs", text, node.differs)
    return NodeState(node.id, node.name, "applied", None)


def _json(digests: Mapping[str, str]) -> str | None:
    return json.dumps(digests) if digests else None


def _blank(actor: User | None, now: datetime) -> Change:
    return Change(
        id=new_id(),
        number=0,
        state="applied",
        names=(),
        file=None,
        backup_id=None,
        actor_id=actor.id if actor else None,
        actor_name=actor.username if actor else COMMAND_LINE,
        problem=None,
        created_at=now,
        confirm_until=None,
        ended_at=None,
    )
