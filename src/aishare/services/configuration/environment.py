"""Editing the settings files: validated as a whole, backed up, written atomically, and applied."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Protocol

from aishare.catalogue.configuration.configuration_changes import Change
from aishare.catalogue.people.users import User
from aishare.core.clock import Clock
from aishare.core.errors import Conflict, InvalidSettings, NotFound, SettingProblem, with_advice
from aishare.core.redaction import register_secrets
from aishare.services.configuration.configuration import ConfigurationService, Rolled
from aishare.services.configuration.rollout import MAX_CHANGES
from aishare.settings.backups import Backup, Backups
from aishare.settings.candidate import LEADS_TO_FILES
from aishare.settings.catalog import CATALOGUE, SPECS, Settings
from aishare.settings.durable_file import locked, read_bytes, remove_file, replace_file, version_of
from aishare.settings.edit import unfit_problems, without_masks
from aishare.settings.edited_lines import in_backup, in_file_of_now
from aishare.settings.envdiff import DiffLine, VariableDiff, differing_names, line_diff, variable_diff
from aishare.settings.envfile import changed_bytes
from aishare.settings.load import NOTHING_REPLACED, LoadedSettings
from aishare.settings.masking import masked
from aishare.settings.secrets import secret_values
from aishare.settings.spec import SettingSpec
from aishare.storage.checks.probe import ProbeReport

_MAX_FILE_BYTES: Final = 1024 * 1024
"""A settings file has a few KiB; anything larger is certainly a mistake."""


CONFIRM_SECONDS: Final = 60
"""Long enough to open a file or two, and short for users who cannot reach their files meanwhile."""


TestStorage = Callable[[Settings], Awaitable[ProbeReport]]
"""The connection test with these settings."""


class ReadSettings(Protocol):
    """Reads all layers, with this content in place of a file's own."""

    def __call__(self, replaced: Mapping[Path, bytes] = NOTHING_REPLACED, /) -> LoadedSettings: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Variables to set, or to remove if None. `version` is the hash of the file as the editor saw it."""

    changes: Mapping[str, str | None] = field(repr=False)
    version: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class FileState:
    """A settings file, even if it does not exist."""

    path: Path
    version: str
    exists: bool
    writable: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A variable whose value would change; both values are masked if secret."""

    spec: SettingSpec
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CheckedChange:
    """What a change would do. With problems, or a failed test, it would be refused.

    `confirm_seconds`: how long it should wait for confirmation; None if no confirmation is needed.
    """

    problems: Sequence[SettingProblem] = ()
    diff: Sequence[Difference] = ()
    test: ProbeReport | None = None
    confirm_seconds: int | None = None

    @property
    def ok(self) -> bool:
        return not self.problems and (self.test is None or self.test.ok)


@dataclass(frozen=True, slots=True)
class Done:
    """`rolled` is None if there was nothing to change, or no process to apply it; `version` is that of the current
    file.
    """

    rolled: Rolled | None
    version: str
    written: bool


@dataclass(frozen=True, slots=True)
class BackupDiff:
    """From the current file to the backup. `confirm_seconds` as in Checked, for restoring it."""

    backup: Backup
    current_version: str
    lines: list[DiffLine]
    variables: list[VariableDiff]
    confirm_seconds: int | None


@dataclass(frozen=True, slots=True)
class _PlannedChange:
    path: Path
    before: bytes | None = field(repr=False)
    after: bytes = field(repr=False)
    candidate: Settings

    @property
    def names(self) -> tuple[str, ...]:
        return differing_names(self.before or b"", self.after)


class EnvironmentService:
    """`commit` applies a written file; without it, files are only written, for a service that is not running. `tested`
    may return the result of a test that has just passed.
    """

    def __init__(  # noqa: PLR0913 - what it is made of
        self,
        *,
        running: Callable[[], LoadedSettings],
        read: ReadSettings,
        test: TestStorage,
        tested: TestStorage,
        commit: ConfigurationService | None,
        clock: Clock,
    ) -> None:
        self._running = running
        self._read = read
        self._test = test
        self._tested = tested
        self._commit = commit
        self._clock = clock
        self._backups = Backups(running().settings.data_dir)
        self._changing = asyncio.Lock()

    async def files(self) -> list[FileState]:
        """All settings files, in order."""
        return await asyncio.to_thread(lambda: [_state(path) for path in self._running().places])

    def locked_reason(self, name: str) -> str | None:
        """Why a variable cannot be edited, or None if it can."""
        return locked_reason(self._running(), name)

    async def check(self, edit: Edit) -> CheckedChange:
        """Everything except writing. Raises Conflict if the file is not the one that the editor saw."""
        try:
            plan = await asyncio.to_thread(self._plan, edit)
        except InvalidSettings as error:
            return CheckedChange(problems=error.problems)
        diff = _differences(self._running().settings, plan.candidate)
        test = await self._test(plan.candidate) if _leads_elsewhere(diff) else None
        return CheckedChange(diff=diff, test=test, confirm_seconds=_confirm_seconds(diff))

    async def change(self, actor: User, edit: Edit, *, confirm_seconds: int = 0) -> Done:
        """All or nothing: Conflict for an old version, InvalidSettings for settings that cannot be used."""
        async with self._changing:
            plan = await asyncio.to_thread(self._plan, edit)
            return await self._carry_out(actor, plan, confirm_seconds)

    async def changes(self, *, limit: int = MAX_CHANGES) -> Sequence[Change]:
        """Newest first."""
        return await self._commit.changes(limit=limit) if self._commit else ()

    async def confirm(self, actor: User, change_id: str) -> Change:
        """Keeps a change that is waiting for confirmation. Raises NotFound or Conflict."""
        return await self._committing().confirm(actor, change_id)

    async def revert(self, actor: User, change_id: str) -> Change:
        """Reverts a change. Raises NotFound or Conflict."""
        return await self._committing().revert(actor, change_id)

    def _committing(self) -> ConfigurationService:
        if self._commit is None:
            raise NotFound("There is no such change.")
        return self._commit

    async def backups(self) -> list[Backup]:
        """Newest first."""
        return await asyncio.to_thread(self._backups.newest)

    async def diff(self, backup_id: str) -> BackupDiff:
        """Raises NotFound."""
        return await asyncio.to_thread(self._diff, backup_id)

    async def restore(self, actor: User, backup_id: str, *, version: str, confirm_seconds: int = 0) -> Done:
        """Restores the file exactly; refused like a change if it is no longer valid."""
        async with self._changing:
            plan = await asyncio.to_thread(self._plan_restore, backup_id, version)
            return await self._carry_out(actor, plan, confirm_seconds)

    async def _carry_out(self, actor: User, plan: _PlannedChange, confirm_seconds: int) -> Done:
        if plan.before is not None and plan.before == plan.after:
            return Done(None, version_of(plan.before), written=False)
        await self._refuse_broken_storage(plan)
        backup_id = await asyncio.to_thread(self._write, plan)
        if self._commit is None:
            return Done(None, version_of(plan.after), written=True)

        async def undo() -> None:
            await asyncio.to_thread(self._undo, plan)

        rolled = await self._commit.commit(
            actor,
            names=plan.names,
            file=plan.path.name,
            backup_id=backup_id,
            undo=undo,
            confirm_seconds=confirm_seconds,
        )
        version = version_of(await asyncio.to_thread(read_bytes, plan.path))
        return Done(rolled, version, written=version == version_of(plan.after))

    async def _refuse_broken_storage(self, plan: _PlannedChange) -> None:
        if not _leads_elsewhere(_differences(self._running().settings, plan.candidate)):
            return
        report = await self._tested(plan.candidate)
        if not report.ok:
            raise InvalidSettings(storage_problems(report), steps=[asdict(step) for step in report.steps])

    def _plan(self, edit: Edit) -> _PlannedChange:
        running = self._running()
        wanted = without_masks(edit.changes, running.settings)
        problems = unfit_problems(wanted)
        locks = {name: locked_reason(running, name.removesuffix("_FILE")) for name in wanted}
        problems += [SettingProblem(reason, name) for name, reason in locks.items() if reason]
        if problems:
            raise InvalidSettings(problems)
        path = self.home(edit.file, list(wanted))
        before = read_bytes(path)
        _refuse_stale(path, before, edit.version)
        return self._plan_edit(path, before, changed_bytes(before or b"", wanted))

    def _plan_restore(self, backup_id: str, version: str) -> _PlannedChange:
        backup, data = self._backup(backup_id)
        path = self.home(backup.file, [])
        before = read_bytes(path)
        _refuse_stale(path, before, version)
        try:
            return self._considered(path, before, data)
        except InvalidSettings as error:
            raise InvalidSettings([in_backup(problem, path.name) for problem in error.problems]) from error

    def _plan_edit(self, path: Path, before: bytes | None, after: bytes) -> _PlannedChange:
        """Problems are reported at lines of the current file; lines that only the edited file has are left out."""
        try:
            return self._considered(path, before, after)
        except InvalidSettings as error:
            problems = [in_file_of_now(problem, path.name, before or b"", after) for problem in error.problems]
            raise InvalidSettings(problems) from error

    def _considered(self, path: Path, before: bytes | None, after: bytes) -> _PlannedChange:
        """Reads all layers as they would be; raises InvalidSettings."""
        if len(after) > _MAX_FILE_BYTES:
            raise InvalidSettings([SettingProblem("would be larger than 1 MiB", file=path.name)])
        candidate = self._read({path: after}).settings
        register_secrets(secret_values(candidate))
        if candidate.secret_key is None:  # stored in the data folder, and never created by reading
            candidate = candidate.model_copy(update={"secret_key": self._running().settings.secret_key})
        return _PlannedChange(path, before, after, candidate)

    def home(self, file: str | None, names: Sequence[str]) -> Path:
        """The file to change: the given one, the one where the variables are set, or the first."""
        places = self._running().places
        if file is not None:
            found = next((path for path in places if path.name == file), None)
            if found is None:
                known = ", ".join(path.name for path in places)
                raise InvalidSettings([SettingProblem(f"is not one of the settings files: {known}", place=file[:64])])
            return found
        homes = {_home(self._running(), name) for name in names}
        if len(homes) > 1:
            raise InvalidSettings([SettingProblem("is set in another file; change one file at a time", names[-1])])
        return homes.pop() if homes else places[0]

    def _write(self, plan: _PlannedChange) -> str:
        """Backup first. The version is compared again while holding the lock of all writers."""
        try:
            with locked(self._backups.lock):
                _refuse_stale(plan.path, read_bytes(plan.path), version_of(plan.before))
                keep = self._running().settings.settings_backups
                backup_id = self._backups.save(plan.path.name, plan.before or b"", at=self._clock(), keep=keep)
                replace_file(plan.path, plan.after)
        except OSError as error:
            problem = SettingProblem(f"cannot be written: {error.strerror}", file=plan.path.name)
            raise InvalidSettings([problem]) from error
        return backup_id

    def _undo(self, plan: _PlannedChange) -> None:
        """Unless someone has written since: then the file is left alone."""
        with locked(self._backups.lock):
            if read_bytes(plan.path) != plan.after:
                return
            if plan.before is None:
                remove_file(plan.path)
            else:
                replace_file(plan.path, plan.before)

    def _diff(self, backup_id: str) -> BackupDiff:
        backup, data = self._backup(backup_id)
        path = self.home(backup.file, [])
        current = read_bytes(path)
        secrets = secret_values(self._running().settings)
        lines = line_diff(current or b"", data, secrets=secrets)
        variables = variable_diff(current or b"", data)
        return BackupDiff(backup, version_of(current), lines, variables, self._seconds_to_confirm(path, current, data))

    def _seconds_to_confirm(self, path: Path, before: bytes | None, after: bytes) -> int | None:
        try:
            plan = self._considered(path, before, after)
        except InvalidSettings:  # and restoring it is refused
            return None
        return _confirm_seconds(_differences(self._running().settings, plan.candidate))

    def _backup(self, backup_id: str) -> tuple[Backup, bytes]:
        backup, data = self._backups.find(backup_id), self._backups.read(backup_id)
        if backup is None or data is None:
            raise NotFound("There is no such backup.")
        return backup, data


def storage_problems(report: ProbeReport) -> list[SettingProblem]:
    """Each failed step as a problem of the settings."""
    return [
        SettingProblem(with_advice(f"the connection test failed ({step.name}): {step.message}", step.hint))
        for step in report.steps
        if step.ok is False
    ]


def locked_reason(running: LoadedSettings, name: str) -> str | None:
    """Why a variable cannot be edited in a file, or None if it can."""
    origin = running.origins.get(name)
    if origin is None or origin.kind not in ("environment", "override"):
        return None
    where = "the process environment" if origin.kind == "environment" else "the command line"
    return f"is set by {where}, which overrides the file"


def _state(path: Path) -> FileState:
    data = read_bytes(path)
    writable = os.access(path if data is not None else path.parent, os.W_OK)
    return FileState(path, version_of(data), data is not None, writable)


def _refuse_stale(path: Path, data: bytes | None, version: str) -> None:
    if version_of(data) != version:
        raise Conflict(f"{path.name} has changed since it was loaded; reload it and repeat the change")


def _home(running: LoadedSettings, name: str) -> Path:
    origin = running.origins.get(name.removesuffix("_FILE") if name not in SPECS else name)
    return origin.path if origin and origin.kind == "file" and origin.path else running.places[0]


def _differences(before: Settings, after: Settings) -> list[Difference]:
    return [
        Difference(spec, masked(spec, getattr(before, spec.field)), masked(spec, getattr(after, spec.field)))
        for spec in CATALOGUE
        if getattr(before, spec.field) != getattr(after, spec.field)
    ]


def _leads_elsewhere(diff: Sequence[Difference]) -> bool:
    return any(one.spec.name in LEADS_TO_FILES for one in diff)


def _confirm_seconds(diff: Sequence[Difference]) -> int | None:
    return CONFIRM_SECONDS if _leads_elsewhere(diff) else None
