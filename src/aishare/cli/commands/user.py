"""`aishare user …`."""

import asyncio
import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aishare.catalogue.people.users import User
from aishare.cli import options
from aishare.cli.endings import WrongCommandLine
from aishare.runtime import open_people
from aishare.services.people.users import NewUser
from aishare.settings.load import LoadedSettings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Manage users.")


@app.command()
def create(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="User name for signing in.")],
    *,
    display_name: Annotated[str | None, typer.Option(help="Name shown to other users.")] = None,
    superuser: Annotated[bool, typer.Option("--superuser", help="Make the user an administrator.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Offer the user on the sign-in page in demo mode.")] = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Create a user. Asks for a password unless one is piped in; demo users do not need one."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True)
    password = _password(from_pipe=password_stdin, needed=not demo)
    new = NewUser(name, display_name=display_name, password=password, superuser=superuser, demo=demo)
    user = asyncio.run(_create(loaded, new))
    _report(user, f"Created user {user.username}.", as_json=as_json)


@app.command()
def disable(
    name: Annotated[str, typer.Argument(help="User name.")],
    *,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Disable a user; their next request is refused. Their files are kept."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    user = asyncio.run(_disable(loaded, name))
    _report(user, f"Disabled user {user.username}.", as_json=as_json)


@app.command()
def password(
    name: Annotated[str, typer.Argument(help="User name.")],
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Set a new password. The user is signed out everywhere; API tokens stay valid."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    new = _password(from_pipe=password_stdin, needed=True) or ""
    user = asyncio.run(_set_password(loaded, name, new))
    _report(user, f"Changed the password of user {user.username}.", as_json=as_json)


@app.command("list")
def list_users(
    *, as_json: options.Json = False, data_dir: options.DataDir = None, env_file: options.EnvFile = None
) -> None:
    """List users."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    found = asyncio.run(_all(loaded))
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
    if needed and not sys.stdin.isatty():
        raise WrongCommandLine("There is no terminal to enter the password.", hint="Pipe it in with --password-stdin.")
    if needed:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None


async def _create(loaded: LoadedSettings, new: NewUser) -> User:
    async with open_people(loaded) as runtime:
        return await runtime.people.users.create(new)


async def _set_password(loaded: LoadedSettings, name: str, new: str) -> User:
    async with open_people(loaded) as runtime:
        return await runtime.people.users.set_password(name, new)


async def _all(loaded: LoadedSettings) -> list[User]:
    async with open_people(loaded) as runtime:
        return await runtime.people.users.all()


async def _disable(loaded: LoadedSettings, name: str) -> User:
    async with open_people(loaded) as runtime:
        return await runtime.people.users.disable(name)
