"""`aishare download`."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from aishare.cli import options
from aishare.cli.commands import downloading
from aishare.cli.endings import WrongCommandLine

TOKEN_VARIABLE: Final = "AISHARE_TOKEN"  # noqa: S105 - the name of a variable
_STANDARD_OUTPUT: Final = Path("-")

app = typer.Typer(add_completion=False)


@app.command()
def download(  # noqa: PLR0913 - each is an option
    url: Annotated[str, typer.Argument(help="Address of a file or a link.")],
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File or folder to write to; `-` for standard output.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an existing file that has different content.")
    ] = False,
    token_stdin: Annotated[
        bool, typer.Option("--token-stdin", help=f"Read the API token from standard input instead of {TOKEN_VARIABLE}.")
    ] = False,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help="Read the link password from standard input, on the line after the token if both are piped in.",
        ),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Download a file and verify its SHA-256. An interrupted download is resumed."""
    token = sys.stdin.readline().strip() if token_stdin else os.environ.get(TOKEN_VARIABLE, "").strip()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if as_json and output == _STANDARD_OUTPUT:
        raise WrongCommandLine("Use either --json or -o -: both write to standard output.")
    wanted = downloading.Download(url, target=output, token=token or None, replace=replace, password=password)
    messages = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        path, remote = _run(wanted, messages)
    except KeyboardInterrupt:
        messages.print("Stopped. To resume the download, run the same command again.")
        raise typer.Exit(130) from None
    proof = "every file in it verified" if remote.sha256 is None else f"SHA-256 {remote.sha256} verified"
    messages.print(f"{path}: complete, {proof}.", markup=False)
    if as_json:
        typer.echo(json.dumps({"path": str(path), "name": remote.name, "sha256": remote.sha256}))


def _run(wanted: downloading.Download, messages: Console) -> tuple[Path, downloading.RemoteFile]:
    with _bar(messages) as progress:
        if wanted.target == _STANDARD_OUTPUT:
            return _STANDARD_OUTPUT, asyncio.run(wanted.pipe(progress))
        if wanted.target is not None and _takes_what_comes(wanted.target):
            with wanted.target.open("wb", buffering=0) as stream:
                return wanted.target, asyncio.run(wanted.pipe(progress, stream))
        return asyncio.run(wanted.run(progress))


def _takes_what_comes(target: Path) -> bool:
    """/dev/null or a named pipe, which must not be replaced by a file."""
    return target.exists() and not target.is_file() and not target.is_dir()


@contextmanager
def _bar(console: Console) -> Iterator[downloading.Progress]:
    columns = (BarColumn(bar_width=None), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    # a progress bar is only useful in a terminal
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda there, size: bar.update(task, completed=there, total=size)
