"""`aishare storage take-over`."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer

from aishare.cli import options
from aishare.runtime import open_people
from aishare.settings.load import LoadedSettings
from aishare.storage.marker import Owner


def take_over(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only say whose it is.")] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Make the configured storage ours: that of another installation, or a new, empty one where ours is expected.

    Exit status 1 if it is not ours.
    """
    loaded = options.load(env_file=env_file, data_dir=data_dir)
    owner, ours = asyncio.run(_run(loaded, yes=yes))
    shown = {"ok": ours, "previous" if yes else "owner": None if owner is None else asdict(owner)}
    typer.echo(json.dumps(shown) if as_json else _sentence(owner, ours=ours, taken=yes))
    if not ours:
        raise typer.Exit(1)


async def _run(loaded: LoadedSettings, *, yes: bool) -> tuple[Owner | None, bool]:
    """Whose it was, and whether it is ours now."""
    async with open_people(loaded) as runtime:
        if yes:
            return await runtime.marker.take_over(None, loaded.settings), True
        return await runtime.marker.owner(loaded.settings)


def _sentence(owner: Owner | None, *, ours: bool, taken: bool) -> str:
    before = "nobody" if owner is None else f"{owner.name}, since {owner.created_at[:16]}"
    if taken:
        return f"The storage is ours now. Before it belonged to: {before}."
    if ours:
        return f"The storage is ours: {before}."
    return f"The storage belongs to: {before}. Nothing was changed; --yes takes it over."
