"""`aishare user …`."""

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console

from aishare.catalogue.users import User
from aishare.cli import options
from aishare.runtime import open_runtime
from aishare.services.users import NewUser
from aishare.settings.catalog import Settings

app = typer.Typer(no_args_is_help=True)


@app.command()
def create(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="User name to sign in with.")],
    *,
    display_name: Annotated[str | None, typer.Option(help="Name that others see.")] = None,
    superuser: Annotated[bool, typer.Option("--superuser", help="May administer.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Offered on the login page in demo mode.")] = False,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from a pipe.")] = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Create a user. The password is asked for, unless it is piped in; demo users need none."""
    settings = options.load(env_file=env_file, data_dir=data_dir).settings
    password = _password(from_pipe=password_stdin, needed=not demo)
    new = NewUser(name, display_name=display_name, password=password, superuser=superuser, demo=demo)
    user = asyncio.run(_create(settings, new))
    Console().print(f"Created user {user.username}.", markup=False)


@app.command()
def disable(
    name: Annotated[str, typer.Argument(help="User name.")],
    *,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Refuse a user from the next request on. The files stay."""
    settings = options.load(env_file=env_file, data_dir=data_dir).settings
    user = asyncio.run(_disable(settings, name))
    Console().print(f"Disabled user {user.username}.", markup=False)


def _password(*, from_pipe: bool, needed: bool) -> str | None:
    if from_pipe:
        return sys.stdin.readline().rstrip("\r\n")
    if needed:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None


async def _create(settings: Settings, new: NewUser) -> User:
    async with open_runtime(settings) as runtime:
        return await runtime.users.create(new)


async def _disable(settings: Settings, name: str) -> User:
    async with open_runtime(settings) as runtime:
        return await runtime.users.disable(name)
