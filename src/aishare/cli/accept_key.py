"""`aishare config accept-key`."""

import asyncio
from typing import Annotated

import typer

from aishare.catalogue.opening import open_catalogue
from aishare.cli import options
from aishare.core.clock import utc_now
from aishare.services.secret_key import accept_key
from aishare.settings.catalog import Settings


def accept(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this, only say what it would mean.")] = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Use the database with the SECRET_KEY of these settings from now on, because the old one is lost."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True)
    if not yes:
        typer.echo(
            "Links with the long tokens of earlier versions stop working, and earlier storages open only after their "
            "settings are applied again. Servers that still have the old key no longer start. Nothing was changed; "
            "repeat with --yes."
        )
        raise typer.Exit(1)
    asyncio.run(_accept(loaded.settings))
    typer.echo("The database is used with this SECRET_KEY from now on.")


async def _accept(settings: Settings) -> None:
    catalogue = await open_catalogue(settings.effective_database_url.get_secret_value())
    try:
        await accept_key(catalogue, settings, utc_now)
    finally:
        await catalogue.aclose()
