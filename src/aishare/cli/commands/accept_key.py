"""`aishare config accept-key`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from aishare.cli import options
from aishare.core.clock import utc_now
from aishare.services.configuration.secret_key import accept_key, is_known_key
from aishare.settings.catalog import Settings


def accept(
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Make the change; without it, only show what would happen.")
    ] = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Use a new SECRET_KEY with the database because the old one is lost."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    if asyncio.run(_is_known(loaded.settings)):
        typer.echo("The database already uses this SECRET_KEY.")
        return
    if not yes:
        typer.echo(
            "Links with long tokens from earlier versions will stop working, earlier storages can only be opened "
            "after their settings are applied again, and servers that still have the old key will no longer "
            "start. Nothing was changed. To go ahead, add --yes."
        )
        raise typer.Exit(1)
    asyncio.run(_accept(loaded.settings))
    typer.echo("The database now uses this SECRET_KEY.")


async def _is_known(settings: Settings) -> bool:
    async with _opened(settings) as catalogue:
        return await is_known_key(catalogue, settings)


async def _accept(settings: Settings) -> None:
    async with _opened(settings) as catalogue:
        await accept_key(catalogue, settings, utc_now)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Catalogue]:
    catalogue = await open_catalogue(settings.effective_database_url.get_secret_value())
    try:
        yield catalogue
    finally:
        await catalogue.aclose()
