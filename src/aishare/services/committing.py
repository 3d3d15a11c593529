"""What happens after a settings file was written: the service takes it over, or the file goes back."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from aishare.catalogue.users import User
from aishare.core.clock import Clock
from aishare.core.errors import Conflict, NotFound, SettingProblem
from aishare.services.configuration import Reloaded

ChangeState = Literal["applied", "waiting", "confirmed", "reverted", "failed"]
Undo = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the settings; names of variables, never values."""

    id: str
    number: int
    state: ChangeState
    names: tuple[str, ...]
    file: str | None
    backup_id: str | None
    actor: str
    problem: str | None = None
    created_at: datetime
    confirm_until: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NodeState:
    """How far one serving process is."""

    id: str
    name: str
    state: Literal["applied", "waiting", "failed"]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Rolled:
    """A change and what came of it."""

    change: Change
    reloaded: Reloaded
    nodes: Sequence[NodeState] = ()


class Committing(Protocol):
    """Takes a written file over everywhere, or calls `undo`."""

    async def commit(  # noqa: PLR0913 - what a change consists of
        self,
        actor: User,
        *,
        names: Sequence[str],
        file: str | None,
        backup_id: str | None,
        undo: Undo,
        confirm_seconds: int = 0,
    ) -> Rolled: ...

    async def confirm(self, change_id: str) -> Change: ...

    async def revert(self, change_id: str) -> Change: ...

    async def changes(self) -> Sequence[Change]: ...


class ReloadingCommit:
    """Within this process only: a reload, and a list that lasts as long as the process."""

    def __init__(self, reload: Callable[[User], Awaitable[Reloaded]], *, clock: Clock) -> None:
        self._reload = reload
        self._clock = clock
        self._changes: dict[str, Change] = {}
        self._undo: dict[str, tuple[User, Undo]] = {}

    async def commit(  # noqa: PLR0913 - as above
        self,
        actor: User,
        *,
        names: Sequence[str],
        file: str | None,
        backup_id: str | None,
        undo: Undo,
        confirm_seconds: int = 0,  # noqa: ARG002 - one process that asks nobody
    ) -> Rolled:
        """Reload; if that fails, the file is as it was."""
        reloaded = await self._reload(actor)
        if reloaded.problems:
            await undo()
        now = self._clock()
        change = Change(
            id=secrets.token_hex(8),
            number=len(self._changes) + 1,
            state="failed" if reloaded.problems else "applied",
            names=tuple(names),
            file=file,
            backup_id=backup_id,
            actor=actor.username,
            problem=_text(reloaded.problems),
            created_at=now,
            ended_at=now if reloaded.problems else None,
        )
        self._changes[change.id], self._undo[change.id] = change, (actor, undo)
        return Rolled(change, reloaded)

    async def confirm(self, change_id: str) -> Change:
        """Keep it."""
        return self._end(self._open(change_id), "confirmed")

    async def revert(self, change_id: str) -> Change:
        """The file as it was, taken over again."""
        change = self._open(change_id)
        actor, undo = self._undo[change_id]
        await undo()
        problem = _text((await self._reload(actor)).problems)
        return self._end(replace(change, problem=problem), "reverted")

    async def changes(self) -> Sequence[Change]:
        """The newest first."""
        return sorted(self._changes.values(), key=lambda change: -change.number)

    def _open(self, change_id: str) -> Change:
        change = self._changes.get(change_id)
        if change is None:
            raise NotFound("there is no such change")
        if change.state not in ("applied", "waiting"):
            raise Conflict(f"the change is {change.state} already")
        return change

    def _end(self, change: Change, state: ChangeState) -> Change:
        ended = replace(change, state=state, ended_at=self._clock())
        self._changes[change.id] = ended
        return ended


def _text(problems: Sequence[SettingProblem]) -> str | None:
    return "; ".join(map(str, problems)) or None
