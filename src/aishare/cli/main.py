"""`aishare`: the commands."""

import typer

from aishare.cli import config, download, serve, storage, token, ui, user
from aishare.cli.endings import reporting_errors

app = typer.Typer(
    help="Share datasets, models and images on whatever storage you have.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command("serve")(serve.serve)
app.command("download")(download.download)
app.add_typer(user.app, name="user", help="Users.")
app.add_typer(token.app, name="token", help="API tokens.")
app.add_typer(storage.app, name="storage", help="Storage: what is configured, and whether it works.")
app.add_typer(config.app, name="config", help="Settings files: show, change, take back.")
app.add_typer(ui.app, name="ui", help="The browser application.")


def main() -> None:
    """Exit status 0 only when everything asked for was done; 2 for settings that are wrong."""
    with reporting_errors():
        app()
