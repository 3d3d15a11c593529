"""`aishare download`."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from aishare.cli import downloading

TOKEN_VARIABLE: Final = "AISHARE_TOKEN"  # noqa: S105 - the name of a variable

app = typer.Typer(add_completion=False)


@app.command()
def download(
    url: Annotated[str, typer.Argument(help="Address of a file, or of a link that somebody shared.")],
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File or folder to write to.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file with other content.")] = False,
    token_stdin: Annotated[
        bool, typer.Option("--token-stdin", help=f"Read the API token from a pipe, not from {TOKEN_VARIABLE}.")
    ] = False,
) -> None:
    """Download a file and verify its SHA-256. One that ended early goes on where it stopped."""
    token = sys.stdin.readline().strip() if token_stdin else os.environ.get(TOKEN_VARIABLE, "").strip()
    wanted = downloading.Download(url, target=output, token=token or None, replace=replace)
    messages = Console(stderr=True, highlight=False)
    try:
        with _bar(messages) as progress:
            path, remote = asyncio.run(wanted.run(progress))
    except KeyboardInterrupt:
        messages.print("Stopped. The same command goes on where it was.")
        raise typer.Exit(130) from None
    proof = "each file in it verified" if remote.sha256 is None else f"SHA-256 {remote.sha256} verified"
    messages.print(f"{path}: complete, {proof}.", markup=False)


@contextmanager
def _bar(console: Console) -> Iterator[downloading.Progress]:
    columns = (BarColumn(bar_width=None), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    # in a log file a moving bar is noise
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda there, size: bar.update(task, completed=there, total=size)
