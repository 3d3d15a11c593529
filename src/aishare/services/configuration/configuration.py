"""The configuration: which variable is set where and to what, and reloading it while the server is running."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

import structlog

from aishare.catalogue.configuration.configuration_changes import Change, Latest, State
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people.audit import COMMAND_LINE, SERVICE, AuditEntry, append_audit
from aishare.catalogue.people.users import User
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, CatalogueUnavailable, Conflict, InvalidSettings, SettingProblem
from aishare.services.configuration.nodes import NodeService
from aishare.services.configuration.rollout import MAX_CHANGES, NodeState, Noted, RolloutService
from aishare.settings.catalog import CATALOGUE, Settings
from aishare.settings.durable_file import read_bytes, version_of
from aishare.settings.fingerprint import differing, value_digests
from aishare.settings.layers import ValueOrigin
from aishare.settings.load import LoadedSettings
from aishare.settings.masking import masked
from aishare.settings.spec import SettingSpec

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable and its current value. `pending`: the files have a different value now. `value` is
    masked if secret.
    """

    spec: SettingSpec
    value: str
    origin: ValueOrigin
    pending: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Environment:
    """All variables in the order of the catalogue; `problems` belong to no variable. `broken`: some are new."""

    variables: tuple[Variable, ...]
    problems: tuple[SettingProblem, ...]
    broken: bool


@dataclass(frozen=True, slots=True)
class Reloaded:
    """The result of a reload: only names. With `problems`, nothing changed."""

    changed: tuple[str, ...] = ()
    restart_required: tuple[str, ...] = ()
    problems: tuple[SettingProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Rolled:
    """The result of a change. With `reloaded.problems`, here or in a node, it was reverted everywhere."""

    change: Change
    reloaded: Reloaded
    nodes: tuple[NodeState, ...]


class ConfigurationService:
    """`read` reads all layers again, `apply` puts settings into effect or raises; both raise InvalidSettings.

    `restore` puts the bytes of a backup back into the file with this name. `node` is None in a process that serves no
    requests: it applies nothing itself, and its changes reach the processes that do.
    """

    def __init__(  # noqa: PLR0913 - its parts
        self,
        *,
        running: LoadedSettings,
        read: Callable[[], LoadedSettings],
        apply: Callable[[Settings], Awaitable[None]],
        restore: Callable[[str, str], None],
        node: NodeService | None,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._running = running
        self._written = running
        self._read = read
        self._apply = apply
        self._restore = restore
        self._node = node
        self._catalogue = catalogue
        self._clock = clock
        self._rollout = RolloutService(catalogue, clock)
        self._reloading = asyncio.Lock()
        self._number = -1
        self._versions = _versions(running)
        self.changed_on_disk = False
        """Whether a settings file has been edited since it was read, as of the last check."""

    @property
    def running(self) -> LoadedSettings:
        """The settings in effect, and where each value comes from."""
        return self._running

    @property
    def base_dir(self) -> Path:
        """The folder that relative paths in settings start from."""
        return self._running.base_dir

    async def environment(self) -> Environment:
        """The settings in effect, and how the files differ from them."""
        await self._catch_up_with_others()
        running = self._running
        written, problems = await self._try_read()
        about = {problem.needs: problem.text for problem in reversed(problems) if problem.needs}
        about |= {_name_of(problem): problem.text for problem in reversed(problems)}
        variables = tuple(
            Variable(
                spec=spec,
                value=masked(spec, getattr(running.settings, spec.field)),
                origin=running.origins[spec.name],
                pending=written is not None and _differs(spec, running.settings, written.settings),
                problem=about.get(spec.name),
            )
            for spec in CATALOGUE
        )
        nameless = tuple(problem for problem in problems if _name_of(problem) not in _NAMES)
        return Environment(variables, nameless, broken=not all(map(running.accepted, problems)))

    async def reload(self, actor: User) -> Reloaded:
        """Reads everything again, here and in every other process; a problem in the files changes nothing."""
        async with self._reloading:
            reloaded = await self._read_and_apply()
            if reloaded.problems:
                return reloaded
            change = await self._noted(actor, reloaded.changed)
        await self._note(actor, "settings_reloaded", reloaded.changed)
        if change is not None:
            await self._rollout.acknowledged(change)
        return reloaded

    async def commit(  # noqa: PLR0913 - the parts of a change
        self,
        actor: User | None,
        *,
        names: Sequence[str],
        file: str,
        backup_id: str | None,
        undo: Callable[[], Awaitable[None]],
        confirm_seconds: int = 0,
    ) -> Rolled:
        """Applies the file that was just written, in every process or in none.

        `undo` restores the file: if this cannot begin, and before it returns with problems. If the database fails in
        the middle, the first process that notices the deadline of the change restores `backup_id`. With
        `confirm_seconds` the change is reverted automatically, from `backup_id`, unless it is confirmed in time. Raises
        Conflict while another change is not settled. `actor` is None for commands.
        """
        async with self._reloading:  # the check for changes of others must not apply it in between
            try:
                digests = await self._digests(names)
                change = await self._rollout.begin(
                    actor, names=tuple(names), file=file, backup_id=backup_id, digests=digests
                )
            except BaseException:
                await undo()
                raise
            reloaded = await self._read_and_apply()
            await self._answer(Latest(change.number, change.id), reloaded)
        nodes = () if reloaded.problems else await self._rollout.acknowledged(change)  # first here, then in the others
        problem = _problem_of(reloaded, nodes)
        if problem is not None:
            ended = await self._revert(change, state="failed", problem=problem, restore=undo)
            await self._note(actor, "settings_refused", names, target=file)
            return Rolled(ended, replace(reloaded, problems=reloaded.problems or (SettingProblem(problem),)), nodes)
        settled = await self._rollout.settle(change, confirm_seconds=confirm_seconds)
        await self._note(actor, "settings_changed", names, target=file)
        return Rolled(settled, reloaded, nodes)

    async def changes(self, *, limit: int = MAX_CHANGES) -> list[Change]:
        """Newest first. Changes listed here have also been applied in this process."""
        changes = await self._rollout.changes(limit=limit)
        await self._catch_up_with_others()
        return changes

    async def confirm(self, actor: User | None, change_id: str) -> Change:
        """Keeps the change. Raises NotFound, or Conflict if it is not waiting any more."""
        change = await self._rollout.find(change_id)
        return await self._rollout.confirm(change_id, _noted_ending("settings_confirmed", actor, change))

    async def revert(self, actor: User | None, change_id: str) -> Change:
        """Reverts it now, in every process. Raises NotFound, or Conflict if it is not waiting any more."""
        change = await self._rollout.find(change_id)
        noted = _noted_ending("settings_reverted", actor, change)
        return await self._revert(
            change, state="reverted", problem=None, noted=noted, restore=lambda: self._restored(change)
        )

    # --- what a serving process does all the time ------------------------------------------------------------------

    async def follow(self) -> None:
        """Applies what another process changed. Called twice a second."""
        latest = await self._rollout.latest()
        if latest is not None and latest.number > self._number:
            async with self._reloading:
                await self._catch_up(latest)

    async def expire(self) -> None:
        """Reverts changes that were not confirmed in time, or whose process died."""
        for change in await self._rollout.overdue():
            _log.warning("change_not_confirmed", change=change.id, names=list(change.names))
            with contextlib.suppress(Conflict):  # another process was first
                await self._revert(
                    change,
                    state="reverted",
                    problem="not confirmed in time",
                    noted=_noted_ending("settings_expired", SERVICE, change),
                    restore=lambda change=change: self._restored(change),  # type: ignore[misc]
                )

    async def watch(self) -> None:
        """Checks whether a file was edited; nothing is applied."""
        self.changed_on_disk = await asyncio.to_thread(_versions, self._running) != self._versions

    async def _catch_up_with_others(self) -> None:
        """Before reporting the settings in effect: a page that learns of a revert immediately asks for the values."""
        if self._node is not None:
            await self.follow()

    # --- steps -----------------------------------------------------------------------------------------------------

    async def _revert(
        self,
        change: Change,
        *,
        state: State,
        problem: str | None,
        restore: Callable[[], Awaitable[None]],
        noted: Noted | None = None,
    ) -> Change:
        """Claimed, restored, ended: if the process dies in between, another one takes over and restores the
        same bytes.
        """
        claimed = await self._rollout.claim(change)
        try:
            await restore()
        except OSError as error:
            state, problem = "failed", f"the file could not be restored: {error.strerror}"
        ended, following = await self._rollout.end(claimed, state, problem, noted)
        _log.warning("change_reverted", change=change.id, names=list(change.names), state=state, problem=problem)
        async with self._reloading:
            await self._catch_up(Latest(following.number, following.id))
        await self._rollout.acknowledged(following)
        return ended

    async def _restored(self, change: Change) -> None:
        if change.backup_id is not None and change.file is not None:
            await asyncio.to_thread(self._restore, change.backup_id, change.file)

    async def _catch_up(self, latest: Latest) -> None:
        if latest.number <= self._number:
            return
        reloaded = await self._read_and_apply()
        if reloaded.problems:
            _log.error("change_not_applied", change=latest.id, problems=[str(one) for one in reloaded.problems])
        else:
            _log.info("change_applied", change=latest.id, changed=list(reloaded.changed))
        await self._answer(latest, reloaded)

    async def _answer(self, latest: Latest, reloaded: Reloaded) -> None:
        """Called last: a node that dies before this has not responded."""
        if self._node is not None:
            problem = "; ".join(map(str, reloaded.problems)) or None
            await self._node.acknowledge(latest.id, problem, () if problem else await self._differing(latest))
        self._number = max(self._number, latest.number)

    async def _differing(self, latest: Latest) -> tuple[str, ...]:
        """Variables of the change that have a different value in the files or environment of this process."""
        digests = (await self._rollout.find(latest.id)).digests
        found = () if digests is None else differing(self._written.settings, json.loads(digests))
        if found:
            _log.warning("change_differs_here", change=latest.id, names=list(found))
        return found

    async def _digests(self, names: Sequence[str]) -> dict[str, str]:
        """Digests of the current values in the files; none if they cannot be read, which applying them will report."""
        written, _ = await self._try_read()
        if written is None:
            return {}
        return value_digests(written.settings, [name.removesuffix("_FILE") for name in names])

    async def _noted(self, actor: User, names: tuple[str, ...]) -> Change | None:
        """What is applied here stays applied if the database is unavailable; the others follow at the next change."""
        try:
            digests = value_digests(self._written.settings, names)
            change = await self._rollout.note(actor, names=names, digests=digests)
            await self._answer(Latest(change.number, change.id), Reloaded())
        except CatalogueUnavailable as error:
            _log.warning("change_not_announced", error=error.code)
            return None
        return change

    async def _read_and_apply(self) -> Reloaded:
        """All or nothing, in this process."""
        versions = await asyncio.to_thread(_versions, self._running)
        written, problems = await self._try_read()
        if written is None:
            return Reloaded(problems=tuple(problems))
        restart = _changed(self._running.settings, written.settings, applies="restart")
        wanted = _keeping(written, self._running, restart)
        changed = _changed(self._running.settings, wanted.settings, applies="live")
        try:
            await self._apply(wanted.settings)
        except AishareError as error:
            return Reloaded(problems=_problems_of(error))
        self._running, self._written = wanted, written
        self._versions, self.changed_on_disk = {**_versions(wanted), **versions}, False
        return Reloaded(changed, restart)

    async def _try_read(self) -> tuple[LoadedSettings | None, Sequence[SettingProblem]]:
        try:
            return await asyncio.to_thread(self._read), ()
        except InvalidSettings as error:
            return None, error.problems

    async def _note(
        self, actor: User | str | None, action: str, names: Sequence[str], *, target: str | None = None
    ) -> None:
        """Names, never values. What is applied stays applied if the database is unavailable."""
        entry = _entry(action, actor, names, target, self._clock())
        _log.info(action, names=list(names))
        try:
            await self._catalogue.write(lambda connection: append_audit(connection, entry))
        except AishareError as error:
            _log.warning("audit_lost", action=action, error=error.code)


_NAMES = frozenset(spec.name for spec in CATALOGUE)


def _entry(action: str, actor: User | str | None, names: Sequence[str], target: str | None, at: datetime) -> AuditEntry:
    who = actor.username if isinstance(actor, User) else actor or COMMAND_LINE
    actor_id = actor.id if isinstance(actor, User) else None
    return AuditEntry(at, action, who, actor_id=actor_id, target=target, detail=", ".join(names) or None)


def _noted_ending(action: str, actor: User | str | None, change: Change) -> Noted:
    return partial(_entry, action, actor, change.names, change.file)


def _name_of(problem: SettingProblem) -> str:
    """The variable, even if it was written as NAME_FILE."""
    return (problem.variable or "").removesuffix("_FILE")


def _differs(spec: SettingSpec, one: Settings, other: Settings) -> bool:
    return bool(getattr(one, spec.field) != getattr(other, spec.field))


def _changed(before: Settings, after: Settings, *, applies: str) -> tuple[str, ...]:
    return tuple(spec.name for spec in CATALOGUE if spec.applies == applies and _differs(spec, before, after))


def _keeping(written: LoadedSettings, running: LoadedSettings, names: Sequence[str]) -> LoadedSettings:
    """`written`, but with the current values of these variables."""
    fields = {name: name.lower() for name in names}
    kept = {field: getattr(running.settings, field) for field in fields.values()}
    origins: Mapping[str, ValueOrigin] = {**written.origins, **{name: running.origins[name] for name in names}}
    return replace(written, settings=written.settings.model_copy(update=kept), origins=MappingProxyType(dict(origins)))


def _versions(loaded: LoadedSettings) -> dict[Path, str]:
    """By file of any layer: its digest, empty if it does not exist or cannot be read."""
    return {path: _version(path) for path in loaded.places}


def _version(path: Path) -> str:
    try:
        return version_of(read_bytes(path))
    except OSError:
        return ""


def _problems_of(error: AishareError) -> tuple[SettingProblem, ...]:
    return tuple(error.problems) if isinstance(error, InvalidSettings) else (SettingProblem(error.message),)


def _problem_of(reloaded: Reloaded, nodes: Sequence[NodeState]) -> str | None:
    if reloaded.problems:
        return "; ".join(map(str, reloaded.problems))
    return next((f"{node.name}: {node.problem}" for node in nodes if node.state == "failed"), None)
