"""`aishare`: the commands.

Each is imported only when it is used: a command about users does not have to load everything the server needs.
"""

import gc
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from aishare import __version__
from aishare.cli.endings import reporting_errors

_MODULES: Final = {
    "serve": "Start the server. When it is stopped, running transfers can finish.",
    "download": "Download a file and verify its SHA-256. An interrupted download is resumed.",
    "user": "Manage users.",
    "token": "Manage API tokens.",
    "storage": "Show, test, check and migrate the storage.",
    "config": "Show, change and restore settings files.",
    "ui": "Build the browser application.",
}
"""Modules in `aishare.cli.commands`, in the order of `--help`; each has an `app` with the name of its module. Their
help texts are repeated here, so that `--help` does not import all of them; a test compares the two.
"""

Command = Any
"""A command or group of Typer, which brings its own copy of Click and names no public type for it."""


class _Commands(MutableMapping[str, Command]):
    """By name; imported when used."""

    def __init__(self) -> None:
        self._commands: dict[str, Command] = dict.fromkeys(_MODULES)

    def __getitem__(self, name: str) -> Command:
        if self._commands[name] is None:
            gc.disable()  # modules are never freed: excluding them from garbage collection saves a tenth of the time
            command = self._commands[name] = typer.main.get_command(import_module(f"aishare.cli.commands.{name}").app)
            command.name = name
            gc.freeze()
            gc.enable()
        return self._commands[name]

    def __setitem__(self, name: str, command: Command) -> None:
        self._commands[name] = command

    def __delitem__(self, name: str) -> None:
        del self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._commands)

    def __len__(self) -> int:
        return len(self._commands)


class _Group(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the parameters are Click's
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Without importing the commands."""
        commands = self.commands
        self.commands = {name: TyperCommand(name, help=text) for name, text in _MODULES.items()}
        try:
            super().format_help(ctx, formatter)
        finally:
            self.commands = commands


app = typer.Typer(cls=_Group, no_args_is_help=True, pretty_exceptions_show_locals=False)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - called by Typer
    if wanted:
        typer.echo(f"aishare {__version__}")
        raise typer.Exit


@app.callback()
def aishare(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Share datasets, models and images on your own storage."""


def main() -> None:
    """Exit status 0 only if everything succeeded; 2 for an invalid command line or invalid settings."""
    with reporting_errors():
        app()
