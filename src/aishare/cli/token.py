"""`aishare token …`."""

import asyncio
import json
from typing import Annotated

import typer

from aishare.cli import options
from aishare.runtime import open_people
from aishare.settings.load import LoadedSettings

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def tokens() -> None:
    """API tokens."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the token is for.")],
    *,
    user: Annotated[str, typer.Option("--user", help="Whose token it is.")],
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Create an API token and print it, this once."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True)
    token_id, secret = asyncio.run(_create(loaded, name, user))
    typer.echo(json.dumps({"id": token_id, "name": name, "token": secret}) if as_json else secret)


async def _create(loaded: LoadedSettings, name: str, username: str) -> tuple[str, str]:
    async with open_people(loaded) as runtime:
        owner = await runtime.users.by_name(username)
        token, secret = await runtime.tokens.create(owner, name=name, expires_in_seconds=None, by_command=True)
        return token.id, secret
