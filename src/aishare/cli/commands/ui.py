"""`aishare ui …`."""

import typer
from rich.console import Console

from aishare.api.http.web import WEB_ROOT
from aishare.api.http.web_source import SourceCheckout
from aishare.core.errors import AishareError

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def ui() -> None:
    """Build the browser application."""


@app.command()
def build() -> None:
    """Build the browser application of a source checkout, if its sources have changed."""
    checkout = SourceCheckout.around(WEB_ROOT)
    if checkout is None:
        raise AishareError(
            "This is an installed aishare, not a source checkout; its browser application is already built."
        )
    built = checkout.build()
    Console().print("Built the browser application." if built else "The browser application is up to date.")
