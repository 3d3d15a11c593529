"""`aishare serve`."""

import json
import os
import sys
from dataclasses import asdict
from typing import Annotated, NoReturn

import typer

from aishare.cli import options
from aishare.cli.serving.serving import prepare_logging, serve_alone
from aishare.settings.load import LoadedSettings

app = typer.Typer(add_completion=False)


@app.command()
def serve(  # noqa: PLR0913 - each is an option
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Add demo users and sample files (DEMO_MODE).")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on (HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (PORT).")] = None,
    workers: Annotated[int | None, typer.Option(help="Number of server processes (WORKERS).")] = None,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Start the server. When it is stopped, running transfers can finish."""
    given = options.ServeOptions(
        demo=demo,
        host=host,
        port=port,
        workers=workers,
        data_dir=None if data_dir is None else str(data_dir),
        env_file=None if env_file is None else str(env_file),
    )
    loaded = given.start()
    if loaded.settings.workers > 1:
        _become_parent(given)
    _serve(loaded, given)


def _serve(loaded: LoadedSettings, given: options.ServeOptions) -> None:
    prepare_logging(loaded)
    serve_alone(loaded, given.load)


def _become_parent(given: options.ServeOptions) -> NoReturn:
    """The same process runs another program: one that only supervises needs a third of the memory."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-P", "-m", "aishare.cli.serving.workers", json.dumps(asdict(given))]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is needed
