"""Routes that edit the environment variables: validate, change, revert, restore a backup. Administrators only."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from aishare.api.http.deps import LiveDep, SuperuserDep
from aishare.api.http.known import RequestBody
from aishare.api.routes.configuration.configuration import ProblemJson, problem_json
from aishare.api.routes.configuration.storage import TestReportJson
from aishare.catalogue.configuration.configuration_changes import UNSETTLED, Change
from aishare.core.clock import utc_now
from aishare.services.configuration.environment import Difference, Done, Edit
from aishare.services.configuration.rollout import MAX_CHANGES

router = APIRouter(prefix="/api/environment-variables", tags=["administration"])

_MAX_CONFIRM_SECONDS = 3600

ConfirmSeconds = Annotated[int, Field(ge=0, le=_MAX_CONFIRM_SECONDS)] | None


class EditBody(RequestBody):
    """Variables to set; null removes one, and a masked secret is kept. `version` is the version of the file as it was
    loaded.

    Without `file`, it is the file where the variables are set, or the first one. With `confirm_seconds` the change is
    reverted after this time unless it is confirmed; `validate` says whether confirmation is needed.
    """

    changes: dict[str, str | None]
    file: str | None = None
    version: str
    confirm_seconds: ConfirmSeconds = None


class RestoreBody(RequestBody):
    """`version` is the version of the file as it was loaded, empty if there was none."""

    version: str
    confirm_seconds: ConfirmSeconds = None


class ChangeJson(BaseModel):
    """One change, with names of variables but never values. `actor` made it; `ended_by` confirmed or reverted it.

    `expired`: it was reverted automatically because nobody confirmed it in time; `seconds_left` is the time until then.
    """

    id: str
    number: int
    state: Literal["applied", "waiting", "confirmed", "reverted", "failed"]
    names: list[str]
    file: str | None
    backup_id: str | None
    actor: str
    problem: str | None
    created_at: datetime
    confirm_until: datetime | None
    seconds_left: float | None
    ended_at: datetime | None
    ended_by: str | None
    expired: bool


class ChangesJson(BaseModel):
    """Newest first."""

    items: list[ChangeJson]


class NodeJson(BaseModel):
    """The state of a change in one server process. `differs`: its own files or environment set these variables
    differently, so the change is not in effect there.
    """

    id: str
    name: str
    state: Literal["applied", "waiting", "failed", "differs"]
    problem: str | None
    differs: list[str]


class ChangedJson(BaseModel):
    """The result of a change. `change` is null if there was nothing to change; if there are `errors`, the file is
    unchanged.
    """

    change: ChangeJson | None
    applied: bool
    changed: list[str]
    restart_required: list[str]
    errors: list[ProblemJson]
    version: str
    nodes: list[NodeJson]


class DifferenceJson(BaseModel):
    """A variable whose value would change; secrets are masked."""

    name: str
    before: str
    after: str
    secret: bool
    applies: Literal["live", "restart"]


class CheckedJson(BaseModel):
    """What a change would do. `test` is the connection test, if the storage would change.

    `confirm_seconds` is what to send with the change, so that it is reverted unless someone confirms it; null if no
    confirmation is needed.
    """

    ok: bool
    problems: list[ProblemJson]
    diff: list[DifferenceJson]
    restart_required: list[str]
    test: TestReportJson | None
    confirm_seconds: int | None


class BackupJson(BaseModel):
    """A settings file as it was before a change; `version` is the SHA-256 of its bytes."""

    id: str
    file: str
    version: str
    created_at: datetime
    size: int


class BackupsJson(BaseModel):
    """Newest first."""

    items: list[BackupJson]


class DiffLineJson(BaseModel):
    """A line with its number in the current file (`before_line`) and in the backup; secrets are masked."""

    kind: Literal["same", "removed", "added"]
    before_line: int | None
    after_line: int | None
    text: str


class VariableDiffJson(BaseModel):
    """A variable that differs; a value is null if it is not set."""

    name: str
    before: str | None
    after: str | None


class BackupDiffJson(BaseModel):
    """The differences between the current file and the backup. `confirm_seconds` is what to send when restoring it."""

    id: str
    file: str
    current_version: str
    lines: list[DiffLineJson]
    variables: list[VariableDiffJson]
    confirm_seconds: int | None


@router.patch("")
async def change_environment_variables(live: LiveDep, admin: SuperuserDep, body: EditBody) -> ChangedJson:
    """Change variables in a settings file and apply them. The rest of the file is not touched. 409 if the file no
    longer has this `version`; 422 lists what is not valid, and nothing is written.
    """
    return _done_json(await live.environment.change(admin.user, _edit(body), confirm_seconds=body.confirm_seconds or 0))


@router.post("/validate")
async def validate_environment_variables(live: LiveDep, _admin: SuperuserDep, body: EditBody) -> CheckedJson:
    """Show what a change would do, and whether it would be refused. Nothing is written."""
    checked = await live.environment.check(_edit(body))
    return CheckedJson(
        ok=checked.ok,
        problems=[problem_json(problem) for problem in checked.problems],
        diff=[_difference_json(one) for one in checked.diff],
        restart_required=[one.spec.name for one in checked.diff if one.spec.applies == "restart"],
        test=None if checked.test is None else TestReportJson.model_validate(asdict(checked.test)),
        confirm_seconds=checked.confirm_seconds,
    )


@router.get("/changes")
async def list_environment_changes(
    live: LiveDep, _admin: SuperuserDep, limit: Annotated[int, Field(ge=1, le=MAX_CHANGES)] = MAX_CHANGES
) -> ChangesJson:
    """List earlier changes, newest first."""
    return ChangesJson(items=_changes_json(await live.environment.changes(limit=limit)))


@router.post("/changes/{change_id}/confirm")
async def confirm_environment_change(live: LiveDep, admin: SuperuserDep, change_id: str) -> ChangeJson:
    """Confirm a change that is waiting for confirmation."""
    return change_json(await live.environment.confirm(admin.user, change_id))


@router.post("/changes/{change_id}/revert")
async def revert_environment_change(live: LiveDep, admin: SuperuserDep, change_id: str) -> ChangeJson:
    """Revert a change: restore the earlier file and apply it."""
    return change_json(await live.environment.revert(admin.user, change_id))


@router.get("/backups")
async def list_environment_backups(live: LiveDep, _admin: SuperuserDep) -> BackupsJson:
    """List the backups of settings files, one for each change."""
    return BackupsJson(items=[BackupJson.model_validate(asdict(one)) for one in await live.environment.backups()])


@router.get("/backups/{backup_id}/diff")
async def compare_environment_backup(live: LiveDep, _admin: SuperuserDep, backup_id: str) -> BackupDiffJson:
    """Compare the current file with a backup, line by line. All secrets, known or suspected, are masked."""
    found = await live.environment.diff(backup_id)
    return BackupDiffJson(
        id=found.backup.id,
        file=found.backup.file,
        current_version=found.current_version,
        lines=[DiffLineJson.model_validate(asdict(line)) for line in found.lines],
        variables=[VariableDiffJson.model_validate(asdict(one)) for one in found.variables],
        confirm_seconds=found.confirm_seconds,
    )


@router.post("/backups/{backup_id}/restore")
async def restore_environment_backup(
    live: LiveDep, admin: SuperuserDep, backup_id: str, body: RestoreBody
) -> ChangedJson:
    """Restore a file exactly as it was and apply it; a backup that is no longer valid is refused, like any change."""
    done = await live.environment.restore(
        admin.user, backup_id, version=body.version, confirm_seconds=body.confirm_seconds or 0
    )
    return _done_json(done)


def change_json(change: Change) -> ChangeJson:
    """The change as the API shows it."""
    return ChangeJson(
        id=change.id,
        number=change.number,
        state="waiting" if change.state == "reverting" else change.state,
        names=list(change.names),
        file=change.file,
        backup_id=change.backup_id,
        actor=change.actor_name,
        problem=change.problem,
        created_at=change.created_at,
        confirm_until=change.confirm_until,
        seconds_left=_seconds_left(change),
        ended_at=None if change.state in UNSETTLED else change.ended_at,
        ended_by=change.ended_by,
        expired=change.expired,
    )


def _seconds_left(change: Change) -> float | None:
    """Calculated with the server's clock, because a browser's clock may be wrong by minutes."""
    if change.confirm_until is None or change.state not in UNSETTLED:
        return None
    left = (change.confirm_until - utc_now()).total_seconds()
    return max(0.0, left) if change.state == "waiting" else 0.0


def _changes_json(found: Iterable[Change]) -> list[ChangeJson]:
    return [change_json(one) for one in found]


def _edit(body: EditBody) -> Edit:
    return Edit(changes=body.changes, version=body.version, file=body.file)


def _difference_json(one: Difference) -> DifferenceJson:
    return DifferenceJson(
        name=one.spec.name, before=one.before, after=one.after, secret=one.spec.secret, applies=one.spec.applies
    )


def _done_json(done: Done) -> ChangedJson:
    if done.rolled is None:
        return ChangedJson(
            change=None, applied=True, changed=[], restart_required=[], errors=[], version=done.version, nodes=[]
        )
    reloaded = done.rolled.reloaded
    return ChangedJson(
        change=change_json(done.rolled.change),
        applied=not reloaded.problems,
        changed=list(reloaded.changed),
        restart_required=list(reloaded.restart_required),
        errors=[problem_json(problem) for problem in reloaded.problems],
        version=done.version,
        nodes=[NodeJson.model_validate(asdict(node)) for node in done.rolled.nodes],
    )
