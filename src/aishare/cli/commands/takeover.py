"""`aishare storage take-over`."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer

from aishare.cli import options
from aishare.runtime import open_people
from aishare.settings.load import LoadedSettings
from aishare.storage.checks.marker import Owner


def take_over(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Take the storage over; without it, only show its owner.")] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Take over the configured storage from another installation, or start with a new, empty one.

    Exit status 1 if the storage does not belong to this installation.
    """
    loaded = options.load(env_file=env_file, data_dir=data_dir, existing=True)
    owner, ours = asyncio.run(_run(loaded, yes=yes))
    shown = {"ok": ours, "previous" if yes else "owner": None if owner is None else asdict(owner)}
    typer.echo(json.dumps(shown) if as_json else _sentence(owner, ours=ours, taken=yes))
    if not ours:
        raise typer.Exit(1)


async def _run(loaded: LoadedSettings, *, yes: bool) -> tuple[Owner | None, bool]:
    """The previous owner, and whether the storage belongs to this installation now."""
    async with open_people(loaded) as runtime:
        if yes:
            return await runtime.integrity.marker.take_over(None, loaded.settings), True
        return await runtime.integrity.marker.owner(loaded.settings)


def _sentence(owner: Owner | None, *, ours: bool, taken: bool) -> str:
    before = "nobody" if owner is None else f"{owner.name}, since {owner.created_at[:16]}"
    if taken:
        return f"The storage now belongs to this installation. Previous owner: {before}."
    if ours:
        return f"The storage belongs to this installation: {before}."
    return f"Owner of the storage: {before}. Nothing was changed. To take the storage over, add --yes."
