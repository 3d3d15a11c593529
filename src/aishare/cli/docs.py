"""Renders docs/cli.md from the commands.

`python -m aishare.cli.docs` in the project folder writes it; a test fails if it is out of date.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer

from aishare.cli.main import app

PAGE: Final = Path("docs/cli.md")

_INTRODUCTION: Final = """\
# Command line

<!-- Made by `python -m aishare.cli.docs` from the commands: edit their help there. -->

Every command reads the same [settings](settings.md) as the server. Run it in the folder of the `.env` file, or give
the file with `--env-file`. In a source checkout, use `uv run aishare` instead of `aishare`.

- Exit status: 0 if the command succeeded; 1 if it did not; 2 if the command line, the settings or what they refer to
  are not valid, so repeating the command does not help: for example, the database cannot be opened or has a newer
  version, the port is in use, or the storage belongs to another installation. `aishare download` exits with 130 when
  it is interrupted.
- `aishare --version` prints the version.
- `--json` prints a JSON document to standard output. Messages and logs go to standard error.
- Passwords are never arguments, which other users could read in the process list: aishare asks for them, or you can
  pipe them in.
"""

_EXAMPLES: Final = """\
## Examples

Create the first administrator from a script:

    printf '%s\\n' "$PASSWORD" | aishare user create YOU --superuser --password-stdin

Create an API token for a program, and check that the storage works:

    TOKEN=$(aishare token create nightly-export --user YOU)
    aishare storage test
"""

Command = Any
"""A command or group of Typer, which brings its own copy of Click and names no public type for it."""


def render() -> str:
    """The whole of docs/cli.md."""
    sections = (line for path, command in commands() for line in _section(path, command))
    return "\n".join([_INTRODUCTION, *sections, _EXAMPLES])


def commands() -> Iterator[tuple[str, Command]]:
    """Every command with its full name, in the order of `--help`."""
    yield from _commands("aishare", typer.main.get_command(app))


def _commands(path: str, command: Command) -> Iterator[tuple[str, Command]]:
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(f"{path} {name}", inner)
    if not hasattr(command, "commands"):
        yield path, command


def _section(path: str, command: Command) -> Iterator[str]:
    parameters = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    yield f"## {path}\n"
    yield f"{command.help}\n"
    yield f"    {path} {_usage(parameters)}".rstrip() + "\n"
    if parameters:
        yield "| argument or option | meaning |"
        yield "|---|---|"
        yield from (f"| {_name(parameter)} | {parameter.help or ''}{_note(parameter)} |" for parameter in parameters)
        yield ""


def _usage(parameters: list[Any]) -> str:
    arguments = [str(parameter.name).upper() for parameter in parameters if _is_argument(parameter)]
    needed = [_option(parameter) for parameter in parameters if not _is_argument(parameter) and parameter.required]
    others = ["[OPTIONS]"] if any(not _is_argument(p) and not p.required for p in parameters) else []
    return " ".join([*arguments, *needed, *others])


def _is_argument(parameter: Any) -> bool:
    return not str(parameter.opts[0]).startswith("-")


def _option(parameter: Any) -> str:
    flag = getattr(parameter, "is_flag", False)
    return str(parameter.opts[0]) if flag else f"{parameter.opts[0]} {str(parameter.name).upper()}"


def _name(parameter: Any) -> str:
    if _is_argument(parameter):
        return f"`{str(parameter.name).upper()}`"
    return "`" + "`, `".join([_option(parameter), *parameter.opts[1:], *parameter.secondary_opts]) + "`"


def _note(parameter: Any) -> str:
    return " Required." if parameter.required and not _is_argument(parameter) else ""


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{PAGE} is up to date\n")


if __name__ == "__main__":
    main()
