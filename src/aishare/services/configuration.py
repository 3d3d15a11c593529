"""The environment: which variable is set where and to what, and reading it again while the service runs."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import structlog

from aishare.catalogue.audit import AuditEntry, append_audit
from aishare.catalogue.session import Catalogue
from aishare.catalogue.users import User
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, InvalidSettings, SettingProblem
from aishare.settings.catalog import CATALOGUE, Settings
from aishare.settings.layers import Origin
from aishare.settings.load import LoadedSettings
from aishare.settings.masking import masked
from aishare.settings.spec import SettingSpec

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable as it runs. `pending`: the files say something else by now. `value` is masked if secret."""

    spec: SettingSpec
    value: str
    origin: Origin
    pending: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A file that was read, and the SHA-256 of its bytes."""

    path: Path
    version: str


@dataclass(frozen=True, slots=True)
class Environment:
    """All variables in the order of the catalogue; `problems` of the files that belong to no variable."""

    files: tuple[SettingsFile, ...]
    variables: tuple[Variable, ...]
    problems: tuple[SettingProblem, ...]


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload did: names only. With `problems` nothing changed."""

    changed: tuple[str, ...] = ()
    restart_required: tuple[str, ...] = ()
    problems: tuple[SettingProblem, ...] = ()


class ConfigurationService:
    """`read` reads all layers again, `apply` makes settings the running ones or raises; both raise InvalidSettings."""

    def __init__(
        self,
        *,
        running: LoadedSettings,
        read: Callable[[], LoadedSettings],
        apply: Callable[[Settings], Awaitable[None]],
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._running = running
        self._read = read
        self._apply = apply
        self._catalogue = catalogue
        self._clock = clock
        self._reloading = asyncio.Lock()

    @property
    def running(self) -> LoadedSettings:
        """What runs, and where each value came from."""
        return self._running

    @property
    def base_dir(self) -> Path:
        """Where relative paths in settings start."""
        return self._running.base_dir

    async def environment(self) -> Environment:
        """What runs, and where the files differ from it."""
        running = self._running
        written, problems = await self._try_read()
        about = {_name_of(problem): problem.text for problem in reversed(problems)}
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
        files = await asyncio.to_thread(_files, (written or running).files)
        return Environment(files, variables, tuple(problem for problem in problems if _name_of(problem) not in _NAMES))

    async def reload(self, actor: User) -> Reloaded:
        """Read everything again and apply what can change while running; a problem anywhere changes nothing."""
        async with self._reloading:
            written, problems = await self._try_read()
            if written is None:
                return Reloaded(problems=tuple(problems))
            restart = _changed(self._running.settings, written.settings, applies="restart")
            wanted = _keeping(written, self._running, restart)
            changed = _changed(self._running.settings, wanted.settings, applies="live")
            try:
                await self._apply(wanted.settings)
            except InvalidSettings as error:
                return Reloaded(problems=tuple(error.problems))
            self._running = wanted
        await self._note(actor, changed)
        return Reloaded(changed, restart)

    async def _try_read(self) -> tuple[LoadedSettings | None, Sequence[SettingProblem]]:
        try:
            return await asyncio.to_thread(self._read), ()
        except InvalidSettings as error:
            return None, error.problems

    async def _note(self, actor: User, changed: tuple[str, ...]) -> None:
        """Names, never values. What is applied stays applied if the database is away."""
        entry = AuditEntry(
            self._clock(), "settings_reloaded", actor.username, actor_id=actor.id, detail=", ".join(changed) or None
        )
        _log.info("settings_reloaded", changed=list(changed))
        try:
            await self._catalogue.write(lambda connection: append_audit(connection, entry))
        except AishareError as error:
            _log.warning("audit_lost", action="settings_reloaded", error=error.code)


_NAMES = frozenset(spec.name for spec in CATALOGUE)


def _name_of(problem: SettingProblem) -> str:
    """The variable, also where it was written as NAME_FILE."""
    return (problem.variable or "").removesuffix("_FILE")


def _differs(spec: SettingSpec, one: Settings, other: Settings) -> bool:
    return bool(getattr(one, spec.field) != getattr(other, spec.field))


def _changed(before: Settings, after: Settings, *, applies: str) -> tuple[str, ...]:
    return tuple(spec.name for spec in CATALOGUE if spec.applies == applies and _differs(spec, before, after))


def _keeping(written: LoadedSettings, running: LoadedSettings, names: Sequence[str]) -> LoadedSettings:
    """`written`, but these variables as they run."""
    fields = {name: name.lower() for name in names}
    kept = {field: getattr(running.settings, field) for field in fields.values()}
    origins: Mapping[str, Origin] = {**written.origins, **{name: running.origins[name] for name in names}}
    return replace(written, settings=written.settings.model_copy(update=kept), origins=MappingProxyType(dict(origins)))


def _files(paths: Sequence[Path]) -> tuple[SettingsFile, ...]:
    found = []
    for path in paths:
        try:
            found.append(SettingsFile(path, hashlib.sha256(path.read_bytes()).hexdigest()))
        except OSError:
            continue  # gone since it was read; the next look tells
    return tuple(found)
