"""`aishare`: the commands, and how their errors end."""

import sys
from typing import Final

import typer
from rich.console import Console

from aishare.cli import config, serve, storage, token, ui, user
from aishare.core.errors import AishareError, InvalidSettings

_BAD_SETTINGS: Final = 2
_FAILED: Final = 1

app = typer.Typer(
    help="Share datasets, models and images on whatever storage you have.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command("serve")(serve.serve)
app.add_typer(user.app, name="user", help="Users.")
app.add_typer(token.app, name="token", help="API tokens.")
app.add_typer(storage.app, name="storage", help="Storage: what is configured, and whether it works.")
app.add_typer(config.app, name="config", help="Settings files: show, change, take back.")
app.add_typer(ui.app, name="ui", help="The browser application.")


def main() -> None:
    """Exit status 0 only when everything asked for was done; 2 for settings that are wrong."""
    errors = Console(stderr=True, highlight=False)
    try:
        app()
    except InvalidSettings as error:
        errors.print("aishare can not start with these settings:", style="bold red")
        for problem in error.problems:
            errors.print(f"  {problem}", markup=False)
        sys.exit(_BAD_SETTINGS)
    except AishareError as error:
        errors.print(error.message, style="bold red", markup=False)
        if error.hint:
            errors.print(error.hint, markup=False)
        sys.exit(_FAILED)
