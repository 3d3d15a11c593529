"""`aishare token …`."""

import asyncio
import json
import re
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from aishare.catalogue.people.tokens import ApiToken
from aishare.cli import options
from aishare.core.errors import InvalidInput, NotFound, with_advice
from aishare.core.paths import parse_named_folder
from aishare.core.tokens import TOKEN_SCOPES, TokenScope, ordered_scopes
from aishare.runtime import Runtime, open_people
from aishare.services.people.sessions import TokenWish
from aishare.settings.load import LoadedSettings

app = typer.Typer(no_args_is_help=True, add_completion=False)

_SECONDS: Final = {"m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
_LONGEST_DAYS: Final = 3660

Owned = tuple[str, ApiToken]
"""A token with the name of its owner."""


@app.callback()
def tokens() -> None:
    """Manage API tokens."""


def parse_lifetime(text: str) -> int:
    """In seconds."""
    found = re.fullmatch(r"([1-9][0-9]{0,9})([mhdwy])", text)
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 0 < seconds <= _LONGEST_DAYS * 86_400:
        raise typer.BadParameter("Use a number followed by m, h, d, w or y, such as 30d; at most ten years.")
    return seconds


def _scope(text: str) -> TokenScope:
    known = ordered_scopes([text])
    if not known:
        raise typer.BadParameter(f"Unknown scope {text!r}. Use one of {', '.join(TOKEN_SCOPES)}.")
    return known[0]


@app.command()
def create(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="Name of the token, such as the program that uses it.")],
    *,
    user: Annotated[str, typer.Option("--user", help="Owner of the token.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            help="read, write or admin; can be repeated. By default, the token can do everything the user can.",
        ),
    ] = None,
    folder: Annotated[str | None, typer.Option("--folder", help="Limit the token to this folder.")] = None,
    expires: Annotated[
        str | None,
        typer.Option(
            "--expires", help="Time until the token expires, such as 12h, 30d or 1y. By default, it does not expire."
        ),
    ] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Create an API token and print it. It is shown only once."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    try:
        wish = TokenWish(
            name=name,
            expires_in_seconds=None if expires is None else parse_lifetime(expires),
            scopes=[_scope(one) for one in scope] if scope else None,
            folder=None if folder is None else parse_named_folder(folder),
        )
        token, secret = asyncio.run(_create(loaded, user, wish))
    except InvalidInput as error:
        raise typer.BadParameter(with_advice(error.message, error.hint)) from error
    typer.echo(json.dumps({**_shown(user, token), "token": secret}) if as_json else secret)


@app.command("list")
def list_tokens(
    *,
    user: Annotated[str | None, typer.Option("--user", help="Only tokens of this user.")] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """List API tokens, without their secrets."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    found = asyncio.run(_list(loaded, user))
    if as_json:
        typer.echo(json.dumps([_shown(owner, token) for owner, token in found], indent=2))
    else:
        Console().print(_table(found))


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Id of the token, or its name if that is unique.")],
    *,
    user: Annotated[str | None, typer.Option("--user", help="Owner of the token.")] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Revoke an API token; the next request with it is refused."""
    loaded = options.load(env_file=env_file, data_dir=data_dir, without_storage=True, existing=True)
    owner, revoked = asyncio.run(_revoke(loaded, token, user))
    if as_json:
        typer.echo(json.dumps(_shown(owner, revoked)))
    else:
        Console().print(f"Revoked token {revoked.name} of {owner}.", markup=False)


def _shown(owner: str, token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "user": owner,
        "scopes": token.scopes,
        "folder": token.folder,
        "created_at": token.created_at.isoformat(),
        "expires_at": None if token.expires_at is None else token.expires_at.isoformat(),
        "last_used_at": None if token.last_used_at is None else token.last_used_at.isoformat(),
    }


def _table(found: list[Owned]) -> Table:
    table = Table(Column("Id", overflow="fold", min_width=24), "Name", "User", "Permissions", "Folder", "Expires")
    for owner, token in found:
        may = "everything" if token.scopes is None else ", ".join(token.scopes)
        ends = "never" if token.expires_at is None else f"{token.expires_at:%Y-%m-%d %H:%M}"
        table.add_row(token.id, Text(token.name), Text(owner), may, Text(token.folder or ""), ends)
    return table


async def _create(loaded: LoadedSettings, username: str, wish: TokenWish) -> tuple[ApiToken, str]:
    async with open_people(loaded) as runtime:
        return await runtime.people.tokens.create(await runtime.people.users.by_name(username), wish, by_command=True)


async def _list(loaded: LoadedSettings, username: str | None) -> list[Owned]:
    async with open_people(loaded) as runtime:
        return await _owned(runtime, username)


async def _revoke(loaded: LoadedSettings, wanted: str, username: str | None) -> Owned:
    async with open_people(loaded) as runtime:
        owner, token = _one(await _owned(runtime, username), wanted)
        user = await runtime.people.users.by_name(owner)
        if not await runtime.people.tokens.revoke(user, token.id, by_command=True):
            raise NotFound("There is no such token.")
        return owner, token


async def _owned(runtime: Runtime, username: str | None) -> list[Owned]:
    if username is None:
        return await runtime.people.tokens.by_owner()
    user = await runtime.people.users.by_name(username)
    return [(user.username, token) for token in await runtime.people.tokens.tokens_of(user)]


def _one(owned: list[Owned], wanted: str) -> Owned:
    """An id is checked first; names do not look like ids."""
    found = [one for one in owned if one[1].id == wanted] or [one for one in owned if one[1].name == wanted]
    if not found:
        raise NotFound("There is no such token.", hint="Run `aishare token list` to list all tokens.")
    if len(found) > 1:
        ids = ", ".join(token.id for _, token in found)
        raise NotFound(f"Several tokens have this name: {ids}.", hint="Use the id instead.")
    return found[0]
