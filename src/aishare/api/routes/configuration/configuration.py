"""Routes of the environment variables: list and reload. Administrators only."""

from itertools import groupby
from pathlib import Path
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from aishare import __version__
from aishare.api.http.deps import LiveDep, SuperuserDep
from aishare.core.errors import SettingProblem
from aishare.runtime import LiveRuntime
from aishare.services.configuration.configuration import Environment, Reloaded, Variable
from aishare.services.configuration.environment import FileState
from aishare.settings.layers import ValueOrigin

router = APIRouter(prefix="/api/environment-variables", tags=["administration"])


class VariableJson(BaseModel):
    """A variable and its running value. `pending`: the files contain a new value, applied by a reload or restart."""

    name: str
    value: str
    set: bool
    origin: str
    origin_kind: Literal["default", "file", "environment", "override", "generated"]
    origin_file: str | None
    origin_line: int | None
    secret: bool
    applies: Literal["live", "restart"]
    help: str
    valid: bool
    problem: str | None
    pending: bool
    unit: str | None
    kind: Literal["boolean", "integer", "choice", "path", "list", "text"]
    type: str
    choices: list[str]
    default: str
    default_note: str
    editable: bool
    reason: str | None


class CategoryJson(BaseModel):
    """A group of variables: `id` for programs, `name` for people."""

    id: str
    name: str
    variables: list[VariableJson]


class SettingsFileJson(BaseModel):
    """A settings file that is read if it exists; `version` is the SHA-256 of its content, empty if there is no file."""

    name: str
    version: str
    exists: bool
    writable: bool


class ProblemJson(BaseModel):
    """A problem with a variable or a line."""

    variable: str | None
    file: str | None
    line: int | None
    message: str


class EnvironmentJson(BaseModel):
    """All variables. `version` is the version of the first file, empty if there is none; `aishare` is the version of
    aishare. `changed_on_disk`: the files contain changes that a reload would apply, or can no longer be read.
    """

    aishare: str
    version: str
    app_env: str
    changed_on_disk: bool
    files: list[SettingsFileJson]
    categories: list[CategoryJson]
    problems: list[ProblemJson]


class ReloadJson(BaseModel):
    """What the reload changed. If there are `errors`, nothing was applied."""

    applied: bool
    changed: list[str]
    restart_required: list[str]
    errors: list[ProblemJson]


@router.get("")
async def list_environment_variables(live: LiveDep, _admin: SuperuserDep) -> EnvironmentJson:
    """List all variables with their value (secrets masked), origin and state."""
    return _environment_json(await live.configuration.environment(), live, await live.environment.files())


@router.post("/reload")
async def reload_environment_variables(live: LiveDep, admin: SuperuserDep) -> ReloadJson:
    """Read the files again and apply the settings that can change without a restart. If a file is not valid, nothing
    changes.
    """
    return _reload_json(await live.configuration.reload(admin.user))


def problem_json(problem: SettingProblem) -> ProblemJson:
    """The problem as the API shows it; `message` can be read alone."""
    variable = problem.needs or problem.variable
    return ProblemJson(variable=variable, file=problem.file, line=problem.line, message=str(problem))


def _environment_json(found: Environment, live: LiveRuntime, files: list[FileState]) -> EnvironmentJson:
    grouped = groupby(found.variables, key=lambda variable: (variable.spec.group, variable.spec.category))
    waits = any(variable.pending and variable.spec.applies == "live" for variable in found.variables)
    return EnvironmentJson(
        aishare=__version__,
        version=files[0].version if files else "",
        app_env=live.current.settings.app_env,
        changed_on_disk=waits or found.broken or live.configuration.changed_on_disk,
        files=[
            SettingsFileJson(name=file.path.name, version=file.version, exists=file.exists, writable=file.writable)
            for file in files
        ],
        categories=[
            CategoryJson(id=group, name=name, variables=[_variable_json(one, live) for one in found_here])
            for (group, name), found_here in grouped
        ],
        problems=[problem_json(problem) for problem in found.problems],
    )


def _variable_json(variable: Variable, live: LiveRuntime) -> VariableJson:
    spec, origin = variable.spec, variable.origin
    reason = live.environment.locked_reason(spec.name)
    return VariableJson(
        name=spec.name,
        value=variable.value,
        set=origin.kind != "default",
        origin=_origin_text(origin),
        origin_kind=origin.kind,
        origin_file=_file_name(origin.path),
        origin_line=origin.line,
        secret=spec.secret,
        applies=spec.applies,
        help=spec.help,
        valid=variable.problem is None,
        problem=variable.problem,
        pending=variable.pending,
        unit=spec.unit,
        kind=spec.kind,
        type=spec.type_text,
        choices=list(spec.choices),
        default=spec.default,
        default_note=spec.default_note,
        editable=reason is None,
        reason=reason,
    )


def _origin_text(origin: ValueOrigin) -> str:
    if origin.kind == "file" and origin.path is not None:
        return f"{origin.path.name}:{origin.line}"
    return {"override": "command line"}.get(origin.kind, origin.kind)


def _file_name(path: Path | None) -> str | None:
    return None if path is None else path.name


def _reload_json(done: Reloaded) -> ReloadJson:
    return ReloadJson(
        applied=not done.problems,
        changed=list(done.changed),
        restart_required=list(done.restart_required),
        errors=[problem_json(problem) for problem in done.problems],
    )
