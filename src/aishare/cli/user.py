"""`aishare user …`."""

import asyncio
import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aishare.catalogue.users import User
from aishare.cli import options
from aishare.runtime import open_runtime
from aishare.services.users import NewUser
from aishare.settings.catalog import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Users.")


@app.command()
def create(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="User name to sign in with.")],
    *,
    display_name: Annotated[str | None, typer.Option(help="Name that others see.")] = None,
    superuser: Annotated[bool, typer.Option("--superuser", help="May administer.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Offered on the login page in demo mode.")] = False,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from a pipe.")] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Create a user. The password is asked for, unless it is piped in; demo users need none."""
    settings = options.load(env_file=env_file, data_dir=data_dir).settings
    password = _password(from_pipe=password_stdin, needed=not demo)
    new = NewUser(name, display_name=display_name, password=password, superuser=superuser, demo=demo)
    user = asyncio.run(_create(settings, new))
    _report(user, f"Created user {user.username}.", as_json=as_json)


@app.command()
def disable(
    name: Annotated[str, typer.Argument(help="User name.")],
    *,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Refuse a user from the next request on. The files stay."""
    settings = options.load(env_file=env_file, data_dir=data_dir).settings
    user = asyncio.run(_disable(settings, name))
    _report(user, f"Disabled user {user.username}.", as_json=as_json)


@app.command()
def password(
    name: Annotated[str, typer.Argument(help="User name.")],
    *,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from a pipe.")] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Set a new password. Sessions of the user end; API tokens stay."""
    settings = options.load(env_file=env_file, data_dir=data_dir).settings
    new = _password(from_pipe=password_stdin, needed=True) or ""
    user = asyncio.run(_set_password(settings, name, new))
    _report(user, f"Changed the password of user {user.username}.", as_json=as_json)


@app.command("list")
def list_users(
    *, as_json: options.Json = False, data_dir: options.DataDir = None, env_file: options.EnvFile = None
) -> None:
    """All users."""
    settings = options.load(env_file=env_file, data_dir=data_dir).settings
    found = asyncio.run(_all(settings))
    if as_json:
        typer.echo(json.dumps([_shown(user) for user in found], indent=2))
    else:
        Console().print(_table(found))


def _report(user: User, sentence: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(_shown(user)) if as_json else sentence)


def _shown(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "username": user.username,
        "display_name": user.display_name,
        "superuser": user.is_superuser,
        "demo": user.is_demo,
        "disabled": user.disabled_at is not None,
        "created_at": user.created_at.isoformat(),
    }


def _table(found: list[User]) -> Table:
    table = Table("User", "Name", "Role", "State")
    for user in found:
        role = "administrator" if user.is_superuser else "user"
        state = "active" if user.disabled_at is None else "disabled"
        table.add_row(Text(user.username), Text(user.display_name), role, f"{state}, demo" if user.is_demo else state)
    return table


def _password(*, from_pipe: bool, needed: bool) -> str | None:
    if from_pipe:
        return sys.stdin.readline().rstrip("\r\n")
    if needed:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None


async def _create(settings: Settings, new: NewUser) -> User:
    async with open_runtime(settings) as runtime:
        return await runtime.users.create(new)


async def _set_password(settings: Settings, name: str, new: str) -> User:
    async with open_runtime(settings) as runtime:
        return await runtime.users.set_password(name, new)


async def _all(settings: Settings) -> list[User]:
    async with open_runtime(settings) as runtime:
        return await runtime.users.all()


async def _disable(settings: Settings, name: str) -> User:
    async with open_runtime(settings) as runtime:
        return await runtime.users.disable(name)
