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
from aishare.cli.endings import WrongCommandLine
from aishare.runtime import open_people
from aishare.services.users import NewUser
from aishare.settings.load import LoadedSettings

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
    """Refuse a user from the next request on. The files stay."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True)
    user = asyncio.run(_disable(loaded, name))
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
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True)
    new = _password(from_pipe=password_stdin, needed=True) or ""
    user = asyncio.run(_set_password(loaded, name, new))
    _report(user, f"Changed the password of user {user.username}.", as_json=as_json)


@app.command("list")
def list_users(
    *, as_json: options.Json = False, data_dir: options.DataDir = None, env_file: options.EnvFile = None
) -> None:
    """All users."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True)
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
        raise WrongCommandLine("There is no terminal to ask for the password.", hint="Pipe it in: --password-stdin.")
    if needed:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None


async def _create(loaded: LoadedSettings, new: NewUser) -> User:
    async with open_people(loaded) as runtime:
        return await runtime.users.create(new)


async def _set_password(loaded: LoadedSettings, name: str, new: str) -> User:
    async with open_people(loaded) as runtime:
        return await runtime.users.set_password(name, new)


async def _all(loaded: LoadedSettings) -> list[User]:
    async with open_people(loaded) as runtime:
        return await runtime.users.all()


async def _disable(loaded: LoadedSettings, name: str) -> User:
    async with open_people(loaded) as runtime:
        return await runtime.users.disable(name)
