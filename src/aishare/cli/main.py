"""`aishare`: the commands.

Each is imported when it is called for: a command about users need not wait for all that serving needs.
"""

import gc
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from aishare.cli.endings import reporting_errors

_MODULES: Final = ("serve", "download", "user", "token", "storage", "config", "ui")
"""In `aishare.cli`, in the order of `--help`; each with an `app`, which bears the name of its module."""

Command = Any
"""A command or group of Typer, which brings its own copy of Click and names no public type for it."""


class _Commands(MutableMapping[str, Command]):
    """By name, imported when one is asked for."""

    def __init__(self) -> None:
        self._commands: dict[str, Command] = dict.fromkeys(_MODULES)

    def __getitem__(self, name: str) -> Command:
        if self._commands[name] is None:
            gc.disable()  # what modules make stays: to look through it for garbage takes a tenth of the time
            command = self._commands[name] = typer.main.get_command(import_module(f"aishare.cli.{name}").app)
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


app = typer.Typer(cls=_Group, no_args_is_help=True, pretty_exceptions_show_locals=False)


@app.callback()
def aishare() -> None:
    """Share datasets, models and images on whatever storage you have."""


def main() -> None:
    """Exit status 0 only when everything asked for was done; 2 for settings that are wrong."""
    with reporting_errors():
        app()
