"""`aishare storage verify` and `gc`: maintenance of stored files, also without a running server."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aishare.api.routes.integrity.garbage import GarbagePlanJson
from aishare.api.routes.integrity.scrubs import damage_json, scrub_json
from aishare.catalogue.integrity.scrubs import COMPLETED, RUNNING, Scrub
from aishare.catalogue.people.audit import COMMAND_LINE
from aishare.cli import options
from aishare.cli.endings import WrongCommandLine
from aishare.core.errors import BackendUnavailable
from aishare.core.logs import configure_logging
from aishare.runtime import Runtime, open_runtime
from aishare.services.integrity.scrub_steps import ScrubSteps
from aishare.services.integrity.scrubs import ScrubOptions
from aishare.services.work.step import Step
from aishare.settings.load import LoadedSettings

_POLL_SECONDS: Final = 0.5
_PATIENCE: Final = 10
"""Attempts at a storage that does not answer."""

_FOUND: Final = "Unused objects: {orphans:,} ({bytes:,} bytes). Temporary files and unfinished uploads: {leftovers:,}."
_DELETED: Final = (
    "Deleted unused objects: {deleted:,} ({bytes:,} bytes). Deleted temporary files and unfinished uploads: "
    "{leftovers:,}."
)


def verify(
    *,
    subset: Annotated[str, typer.Option("--subset", help="Share of the files to check, selected at random.")] = "100%",
    location: Annotated[
        str | None, typer.Option("--location", metavar="ID", help="Check only files in this location.")
    ] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Read files back and compare them with their SHA-256; exit status 1 if any is damaged."""
    wanted = ScrubOptions(percent=_percent(subset), location_id=location)
    scrub, damages = _run(_loaded(data_dir, env_file), lambda runtime: _verify(runtime, wanted, Console(quiet=as_json)))
    document = {**scrub_json(scrub).model_dump(mode="json"), "items": damages}
    if as_json:
        typer.echo(json.dumps(document))
    else:
        _show(Console(), scrub, damages)
    if damages or scrub.state != COMPLETED:
        raise typer.Exit(1)


def gc(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Delete what was found; without it, only show it.")] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Find unused objects older than a day; with --yes, delete them."""
    document = _run(_loaded(data_dir, env_file), lambda runtime: _collect(runtime, yes=yes))
    if as_json:
        typer.echo(json.dumps(document))
        return
    shown = Console()
    shown.print(_FOUND.format(**document["plan"]))
    for reason in [*document["plan"]["skipped"], *(document["collected"] or {"skipped": ()})["skipped"]]:
        shown.print(f"Skipped: {reason}", markup=False)
    if document["collected"] is not None:
        shown.print(_DELETED.format(**document["collected"]))
    elif document["plan"]["orphans"] or document["plan"]["leftovers"]:
        shown.print("Nothing was deleted. To delete them, add --yes.")


async def _collect(runtime: Runtime, *, yes: bool) -> dict[str, Any]:
    plan = await runtime.integrity.garbage.plan()
    collected = await runtime.integrity.garbage.collect(COMMAND_LINE, plan.id) if yes else None
    return {
        "plan": GarbagePlanJson.model_validate(plan, from_attributes=True).model_dump(mode="json"),
        "collected": None if collected is None else asdict(collected),
    }


async def _verify(runtime: Runtime, wanted: ScrubOptions, shown: Console) -> tuple[Scrub, list[dict[str, Any]]]:
    """Does the work itself unless a server has taken it; continues if that server stops."""
    scrub = await runtime.integrity.scrubs.start(COMMAND_LINE, wanted)
    steps = ScrubSteps(catalogue=runtime.catalogue, storage=runtime.content.storage, clock=runtime.clock)
    try:
        with shown.status("reading"):
            await _follow(runtime, steps, scrub.id)
    finally:
        await asyncio.shield(steps.release(scrub.id))
    found = await runtime.integrity.scrubs.damages(location_id=wanted.location_id)
    damages = [damage_json(one).model_dump(mode="json") for one in found]
    return await runtime.integrity.scrubs.get(scrub.id), damages


async def _follow(runtime: Runtime, steps: ScrubSteps, scrub_id: str) -> None:
    attempts = 0
    while (await runtime.integrity.scrubs.get(scrub_id)).state == RUNNING:
        if await steps.step(scrub_id) is not Step.LATER:
            continue
        attempts = attempts + 1 if steps.problem is not None else 0
        if attempts == _PATIENCE:
            await runtime.integrity.scrubs.cancel(COMMAND_LINE, scrub_id)
            raise BackendUnavailable(
                f"The check was stopped: {steps.problem}", hint="Run `aishare storage test` for details."
            )
        await asyncio.sleep(_POLL_SECONDS)


def _percent(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,3})\s*%?", text.strip())
    if found is None or not 1 <= int(found[1]) <= 100:  # noqa: PLR2004 - per cent
        raise WrongCommandLine("--subset must be a whole number from 1% to 100%.")
    return int(found[1])


def _loaded(data_dir: options.DataDir, env_file: options.EnvFile) -> LoadedSettings:
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    # to standard error, because standard output contains the result
    configure_logging(loaded.settings.log_level, loaded.settings.log_format)
    return loaded


def _run(loaded: LoadedSettings, work: Callable[[Runtime], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with open_runtime(loaded) as runtime:
            return await work(runtime)

    return asyncio.run(run())


def _show(shown: Console, scrub: Scrub, damages: list[dict[str, Any]]) -> None:
    found = f"Damaged: {len(damages):,}." if damages else "No damage was found."
    shown.print(f"{scrub.objects:,} objects ({scrub.bytes:,} bytes) were checked. {found}")
    if not damages:
        return
    table = Table("Owner", "File", "Location", "Damage")
    for damage in damages:
        file = damage["file"] or {"owner": "", "path": damage["key"]}
        table.add_row(escape(file["owner"]), escape(file["path"]), damage["location_id"], escape(damage["reason"]))
    shown.print(table)
