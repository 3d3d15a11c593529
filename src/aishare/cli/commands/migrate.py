"""`aishare storage migrate`: controls migrations through the database. A running server does the work; without one, the
command does.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aishare.api.routes.moving.migrations import migration_json
from aishare.catalogue.moving.migrations import UNFINISHED, WORKING
from aishare.catalogue.people.audit import COMMAND_LINE
from aishare.cli import options
from aishare.cli.commands import migration_words
from aishare.cli.endings import WrongCommandLine
from aishare.core.errors import NotFound
from aishare.core.logs import configure_logging
from aishare.runtime import Runtime, open_runtime
from aishare.services.moving.migration_steps import MigrationSteps
from aishare.services.moving.migrations import DEFAULT_CONCURRENCY, MigrationOptions, MigrationView
from aishare.services.work.step import Step
from aishare.settings.catalog import Settings

_POLL_SECONDS: Final = 0.5
_SERVER_SECONDS: Final = 3.0
"""A running server picks up a migration within this time; if none does, the command does the work itself."""


class Verify(str, Enum):  # noqa: UP042 - typer shows values of this kind
    """How a copy is verified."""

    READ = "read"
    CHECKSUM = "checksum"


def migrate(  # noqa: PLR0913 - each is an option
    *,
    to: Annotated[
        str | None, typer.Option("--to", help="Id or label of the location to move to, which must be the active one.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--from", help="Id or label of the location to move from; required if several contain files."),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only count the files and estimate the time.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Start the migration and show its progress.")] = False,
    pause: Annotated[str | None, typer.Option(metavar="ID", help="Pause a migration.")] = None,
    resume: Annotated[str | None, typer.Option(metavar="ID", help="Resume a migration.")] = None,
    cancel: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Cancel a migration; files that were moved stay in the new location."),
    ] = None,
    rollback: Annotated[str | None, typer.Option(metavar="ID", help="Move all files of a migration back.")] = None,
    retry: Annotated[str | None, typer.Option(metavar="ID", help="Retry the files that could not be moved.")] = None,
    status: Annotated[bool, typer.Option("--status", help="List migrations.")] = False,
    verify: Annotated[
        Verify, typer.Option(help="Verify copies by reading them back, or by the storage's checksum.")
    ] = Verify.READ,
    concurrency: Annotated[
        int, typer.Option(min=1, max=32, help="Number of files to move at a time.")
    ] = DEFAULT_CONCURRENCY,
    rate: Annotated[int | None, typer.Option(min=1, help="Maximum bytes per second.")] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Move all files from one location to the active one; they stay available."""
    acts = {"pause": pause, "resume": resume, "cancel": cancel, "rollback": rollback, "retry": retry}
    chosen = [(act, migration_id) for act, migration_id in acts.items() if migration_id is not None]
    if len(chosen) + plan + yes + status != 1:
        raise WrongCommandLine("Use one of --plan, --yes, --status, --pause, --resume, --cancel, --rollback, --retry.")
    settings = options.load(env_file=env_file, data_dir=data_dir, existing=True).settings
    configure_logging(settings.log_level, settings.log_format)  # to standard error
    wanted = MigrationOptions(concurrency=concurrency, bytes_per_second=rate, verify=verify.value)
    shown = Console(quiet=as_json)

    async def run(runtime: Runtime) -> Any:
        if status:
            return [_document(view) for view in await runtime.moving.migrations.all()]
        if chosen:
            return await _act(runtime, *chosen[0], shown)
        ends = await _ends(runtime, source, to)
        if plan:
            planned = await runtime.moving.migrations.plan(COMMAND_LINE, *ends)
            return {"id": planned.id, "source": ends[0], "target": ends[1], **planned.plan}
        started = await runtime.moving.migrations.start(COMMAND_LINE, *ends, wanted)
        return await _follow(runtime, started.migration.id, shown)

    result, labels = asyncio.run(_with_runtime(settings, run))
    if as_json:
        typer.echo(json.dumps(result, default=str))
    else:
        _show(result, labels)
    if isinstance(result, dict) and _is_unfinished(result):
        raise typer.Exit(1)


async def _with_runtime(settings: Settings, run: Callable[[Runtime], Awaitable[Any]]) -> tuple[Any, dict[str, str]]:
    """The result of `run`, and the labels of the locations."""
    async with open_runtime(settings) as runtime:
        contents = (await runtime.content.storage.info()).contents
        return await run(runtime), {one.location.id: f"{one.location.label} ({one.location.id})" for one in contents}


async def _act(runtime: Runtime, act: str, migration_id: str, shown: Console) -> Any:
    view = await runtime.moving.migrations.act(COMMAND_LINE, migration_id, act)
    return await _follow(runtime, migration_id, shown) if view.migration.state in WORKING else _document(view)


async def _ends(runtime: Runtime, source: str | None, target: str | None) -> tuple[str, str]:
    """Ids of the named locations. Without --from, the only other location that contains files."""
    contents = (await runtime.content.storage.info()).contents
    active = runtime.content.storage.active.row.id
    if target is None:
        raise WrongCommandLine("Give the id or label of the active location with --to.")
    names = {name: one.location.id for one in contents for name in (one.location.label, one.location.id)}
    if source is None:
        others = [one.location.id for one in contents if one.objects and one.location.id != active]
        if not others:
            raise NotFound("No other location contains files, so there is nothing to move.")
        if len(others) > 1:
            raise WrongCommandLine(f"{len(others)} other locations contain files; choose one with --from.")
        return others[0], _known(names, target)
    return _known(names, source), _known(names, target)


def _known(names: dict[str, str], name: str) -> str:
    if name not in names:
        raise NotFound(f"There is no location {name!r}.", hint="Run `aishare storage info` to list them.")
    return names[name]


async def _follow(runtime: Runtime, migration_id: str, shown: Console) -> Any:
    """Shows progress until the end. Does the work itself as soon as it is clear that no server does."""
    worker = asyncio.create_task(_work(runtime, migration_id))
    try:
        with _bar(shown) as bar:
            task = bar.add_task("moving", note="")
            while True:
                view = await runtime.moving.migrations.get(migration_id)
                document = migration_json(view)
                note = document.error or f"{view.failures:,} failures"
                total, done = document.objects_total, document.objects_done
                if document.rollback is not None:
                    total, done = document.rollback.objects, document.rollback.objects_back
                bar.update(task, total=total, completed=done, note=note)
                if view.migration.state not in WORKING:
                    return _document(view)
                await asyncio.sleep(_POLL_SECONDS)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def _work(runtime: Runtime, migration_id: str) -> None:
    steps = MigrationSteps(catalogue=runtime.catalogue, storage=runtime.content.storage, clock=runtime.clock)
    await asyncio.sleep(_SERVER_SECONDS)
    try:
        while True:
            free = migration_id in await steps.waiting()
            while free and await steps.step(migration_id) is Step.AGAIN:
                pass
            await asyncio.sleep(_POLL_SECONDS)
    finally:
        await asyncio.shield(steps.release(migration_id))


def _bar(shown: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    return Progress(*columns, console=shown)


def _document(view: MigrationView) -> dict[str, Any]:
    document: dict[str, Any] = migration_json(view).model_dump(mode="json")
    return {**document, "manifest": None if view.migration.manifest is None else dict(view.migration.manifest)}


def _is_unfinished(document: dict[str, Any]) -> bool:
    """Something could not be moved, or the work is not finished; a plan is never unfinished."""
    return bool(document.get("failures")) or document.get("state") in UNFINISHED[:1]


def _show(result: Any, labels: dict[str, str]) -> None:
    if isinstance(result, list):
        lines = migration_words.of_migrations(result, labels)
    elif "state" in result:
        lines = migration_words.of_migration(result, labels)
    else:
        lines = migration_words.of_plan(result, labels)
    for line in lines:
        typer.echo(line)
