"""`aishare storage …`."""

import asyncio
import json
from dataclasses import asdict
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aishare.cli import options
from aishare.cli.commands import care, migrate, takeover
from aishare.core.errors import with_advice
from aishare.runtime import open_known_trial, open_runtime
from aishare.services.configuration.doctor import Diagnosis, examine, keep_profile
from aishare.services.content.storage import StorageInfo
from aishare.settings.catalog import Settings
from aishare.settings.load import LoadedSettings
from aishare.storage.base import StorageProfile
from aishare.storage.checks.probe import ProbeReport, run_probe

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("migrate")(migrate.migrate)
app.command("verify")(care.verify)
app.command("gc")(care.gc)
app.command("take-over")(takeover.take_over)


@app.callback()
def storage() -> None:
    """Show, test, check and migrate the storage."""


@app.command()
def info(*, as_json: options.Json = False, data_dir: options.DataDir = None, env_file: options.EnvFile = None) -> None:
    """Show all locations and what they contain."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    shown = asyncio.run(_info(loaded))
    problems = [str(problem) for problem in loaded.storage_problems]
    if not problems and shown.outage is not None:
        problems = [with_advice(shown.outage.reason, shown.outage.hint)]
    if as_json:
        typer.echo(json.dumps(_document(loaded.settings, shown) | {"problems": problems}))
        return
    Console().print(_table(shown))
    for problem in problems:
        Console().print(problem, markup=False)


@app.command("test")
def check(*, as_json: options.Json = False, data_dir: options.DataDir = None, env_file: options.EnvFile = None) -> None:
    """Test the connection to the configured storage; exit status 1 if a step fails."""
    settings = options.load(env_file=env_file, data_dir=data_dir).settings
    report = asyncio.run(probe_storage(settings))
    if as_json:
        typer.echo(json.dumps(asdict(report)))
    else:
        Console().print(_steps(report))
    if not report.ok:
        raise typer.Exit(1)


@app.command()
def doctor(
    *, as_json: options.Json = False, data_dir: options.DataDir = None, env_file: options.EnvFile = None
) -> None:
    """Test the storage like `test`, and detect its features; exit status 1 if a step fails."""
    settings = options.load(env_file=env_file, data_dir=data_dir).settings
    found = asyncio.run(_examine(settings))
    if as_json:
        typer.echo(json.dumps(_diagnosis(found)))
    else:
        Console().print(_steps(found.report))
        if found.profile is not None:
            Console().print(_profile(found.profile))
        if found.problem is not None:
            Console().print(f"Its features could not be detected: {found.problem}", markup=False)
    if not found.report.ok:
        raise typer.Exit(1)


async def _examine(settings: Settings) -> Diagnosis:
    """The database is only opened if the storage works, because it may be part of the problem."""
    async with open_known_trial(settings) as backend:
        found = await examine(backend)
    if found.profile is not None:
        async with open_runtime(settings) as runtime:
            await keep_profile(runtime.catalogue, runtime.content.storage.active.row.id, found.profile)
    return found


async def probe_storage(settings: Settings, *, any_storage: bool = False) -> ProbeReport:
    """In a folder that differs from what the database knows, the test fails and nothing is written.

    Raises InvalidSettings for a folder other than the one in use, unless `any_storage` may be tested.
    """
    async with open_known_trial(settings, any_storage=any_storage) as backend:
        return await run_probe(backend)


async def _info(loaded: LoadedSettings) -> StorageInfo:
    async with open_runtime(loaded) as runtime:
        return await runtime.content.storage.info()


def _steps(report: ProbeReport) -> Table:
    marks = {True: "[green]ok[/]", False: "[red]failed[/]", None: "[dim]skipped[/]"}
    table = Table("Step", "", "ms", "Result", title="The storage works." if report.ok else "The storage does not work.")
    for step in report.steps:
        text = escape(step.message) + (f"\n[bold]{escape(step.hint)}[/]" if step.hint else "")
        table.add_row(step.name, marks[step.ok], f"{step.ms:.0f}", text)
    return table


def _diagnosis(found: Diagnosis) -> dict[str, Any]:
    profile = None if found.profile is None else asdict(found.profile)
    return {**asdict(found.report), "profile": profile, "problem": found.problem}


def _profile(profile: StorageProfile) -> Table:
    words = {True: "yes", False: "no", None: "unknown"}
    table = Table("Feature", "", title="Features of this storage")
    for name, value in asdict(profile).items():
        shown = words[value] if value is None or isinstance(value, bool) else str(value)
        table.add_row(name.replace("_", " "), escape(shown))
    return table


def _document(settings: Settings, shown: StorageInfo) -> dict[str, Any]:
    return {
        "storage_type": settings.storage_type,
        "location_id": shown.active_id,
        "status": shown.status,
        "locations": [
            {
                "id": content.location.id,
                "kind": content.location.kind,
                "label": content.location.label,
                "state": content.location.state,
                "objects": content.objects,
                "bytes": content.bytes,
            }
            for content in shown.contents
        ],
    }


def _table(shown: StorageInfo) -> Table:
    table = Table("Location", "Kind", "State", "Objects", "Bytes", title=f"Storage: {shown.status}")
    for content in shown.contents:
        location = content.location
        table.add_row(location.label, location.kind, location.state, f"{content.objects:,}", f"{content.bytes:,}")
    return table
