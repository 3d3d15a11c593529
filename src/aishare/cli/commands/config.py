"""`aishare config …`: the settings files, on the command line."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from aishare.catalogue.people.audit import COMMAND_LINE
from aishare.catalogue.people.users import User
from aishare.cli import options
from aishare.cli.commands import accept_key
from aishare.cli.commands.storage import probe_storage
from aishare.cli.endings import WrongCommandLine, end_with_problems
from aishare.core.clock import utc_now
from aishare.core.errors import AishareError, InvalidSettings, NotFound, SettingProblem, with_advice
from aishare.core.logs import configure_logging
from aishare.runtime.live import open_configuration
from aishare.services.configuration.configuration import ConfigurationService
from aishare.services.configuration.environment import (
    BackupDiff,
    Done,
    Edit,
    EnvironmentService,
    FileState,
    ReadSettings,
)
from aishare.settings.catalog import CATALOGUE, SPECS, Settings
from aishare.settings.load import NOTHING_REPLACED, LoadedSettings
from aishare.settings.masking import masked
from aishare.storage.checks.probe import ProbeReport

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("accept-key")(accept_key.accept)

_REFUSED: Final = "Nothing was written because of these problems:"
_SEEN_BY_OTHERS: Final = (
    "{name} is a secret, and is visible in the process list and the shell history. Next time, pipe it in with "
    "--stdin {name}."
)
_UNHEARD: Final = "The database cannot be opened, so running servers will not apply the change: {reason}"
_SIGNS: Final = {"same": " ", "removed": "-", "added": "+"}


@app.callback()
def config() -> None:
    """Show, change and restore settings files."""
    configure_logging("warning", "auto")


@app.command("get")
def show(
    names: Annotated[list[str] | None, typer.Argument(help="Variables to show; all if none are given.")] = None,
    *,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Show variables with their values (secrets masked) and where they are set."""
    loaded = _present(env_file, data_dir)
    wanted = names or [spec.name for spec in CATALOGUE]
    if unknown := [name[:64] for name in wanted if name not in SPECS]:
        raise WrongCommandLine(
            f"Unknown variables: {', '.join(unknown)}.", hint="All variables are listed in docs/settings.md."
        )
    rows = [(name, _value(loaded, name), str(loaded.origins[name]).replace("`", "")) for name in wanted]
    if as_json:
        _print_json([{"name": name, "value": value, "origin": origin} for name, value, origin in rows])
    elif names:
        for _, value, _ in rows:
            typer.echo(value)
    else:
        _print_table(["Variable", "Value", "Set by"], rows)


@app.command("set")
def change(  # noqa: PLR0913 - each is an option
    assignments: Annotated[
        list[str] | None, typer.Argument(help="NAME=VALUE to set a variable, NAME= to remove it.")
    ] = None,
    *,
    stdin: Annotated[
        str | None, typer.Option("--stdin", help="Variable whose value is read from standard input.")
    ] = None,
    file: Annotated[str | None, typer.Option("--file", help="Settings file to change, such as .env.local.")] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Back up a settings file and change variables in it.

    Use --stdin for secrets, so that they do not appear in the process list.
    """
    changes = _changes(assignments or [], stdin)
    for name in (name for name, value in changes.items() if value and name != stdin and _is_secret(name)):
        typer.echo(_SEEN_BY_OTHERS.format(name=name), err=True)
    loaded = _present(env_file, data_dir)
    try:
        done = asyncio.run(_change(env_file, data_dir, changes, file))
        _report(done, sorted(changes), as_json=as_json)
    except InvalidSettings as error:
        end_with_problems(_REFUSED, [_placed(problem, changes, loaded) for problem in error.problems])


@app.command()
def diff(
    backup: Annotated[str | None, typer.Argument(help="Id of the backup; by default, the newest.")] = None,
    *,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Show what restoring a backup would change (secrets masked)."""
    found = asyncio.run(_diff(_service(env_file, data_dir), backup))
    if as_json:
        _print_json({"id": found.backup.id, "file": found.backup.file, "lines": [asdict(line) for line in found.lines]})
        return
    for line in found.lines:
        typer.echo(f"{_SIGNS[line.kind]} {line.text}")


@app.command()
def backups(
    *, as_json: options.Json = False, data_dir: options.DataDir = None, env_file: options.EnvFile = None
) -> None:
    """List the backups of settings files."""
    found = asyncio.run(_service(env_file, data_dir).backups())
    if as_json:
        _print_json([{**asdict(one), "created_at": one.created_at.isoformat()} for one in found])
    else:
        rows = [(one.id, one.file, f"{one.created_at:%Y-%m-%d %H:%M:%S}", str(one.size)) for one in found]
        _print_table(["Backup", "File", "Created", "Bytes"], rows)


@app.command()
def rollback(
    backup: Annotated[str, typer.Argument(help="Id of the backup, from `aishare config backups`.")],
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Make the change; without it, only show what would change.")
    ] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Restore a settings file from a backup."""
    service = _service(env_file, data_dir)
    found = asyncio.run(_diff(service, backup))
    if not yes:
        for line in found.lines:
            typer.echo(f"{_SIGNS[line.kind]} {line.text}")
        typer.echo("Nothing was changed. To go ahead, add --yes.", err=True)
        raise typer.Exit(1)
    try:
        done = asyncio.run(_restore(env_file, data_dir, found))
        _report(done, [one.name for one in found.variables], as_json=as_json)
    except InvalidSettings as error:
        end_with_problems(_REFUSED, error.problems)


def _console_user() -> User:
    """Anyone who can write the file is allowed; there are no further checks."""
    return User(
        id="",
        username=COMMAND_LINE,
        display_name="",
        is_superuser=True,
        is_demo=False,
        disabled_at=None,
        created_at=utc_now(),
    )


def _service(
    env_file: Path | None, data_dir: Path | None, commit: ConfigurationService | None = None
) -> EnvironmentService:
    read = _reader(env_file, data_dir)
    loaded = commit.running if commit else _present(env_file, data_dir)
    return EnvironmentService(
        running=lambda: loaded, read=read, test=_probe, tested=_probe, commit=commit, clock=utc_now
    )


async def _probe(candidate: Settings) -> ProbeReport:
    return await probe_storage(candidate, any_storage=True)


def _present(env_file: Path | None, data_dir: Path | None) -> LoadedSettings:
    """The current settings. An invalid storage is accepted, because the change may correct it."""
    return options.load(env_file=env_file, data_dir=data_dir, without_storage=True)


def _reader(env_file: Path | None, data_dir: Path | None) -> ReadSettings:
    def read(replaced: Mapping[Path, bytes] = NOTHING_REPLACED, /) -> LoadedSettings:
        return options.load(env_file=env_file, data_dir=data_dir, replaced=replaced)

    return read


@asynccontextmanager
async def _committing(env_file: Path | None, data_dir: Path | None) -> AsyncIterator[EnvironmentService]:
    """Changes reach every server process through the database. Without one, perhaps because its own setting is wrong,
    the file is written and read at the next start.
    """
    read, loaded = _reader(env_file, data_dir), _present(env_file, data_dir)
    async with AsyncExitStack() as stack:
        try:
            configuration = await stack.enter_async_context(open_configuration(loaded, read=read))
        except AishareError as error:
            typer.echo(_UNHEARD.format(reason=_reason(error)), err=True)
            yield _service(env_file, data_dir)
            return
        yield _service(env_file, data_dir, configuration)


def _reason(error: AishareError) -> str:
    if isinstance(error, InvalidSettings):
        return f"{error.problems[0]}."
    return with_advice(error.message, error.hint)


def _is_secret(name: str) -> bool:
    return name in SPECS and SPECS[name].secret


def _placed(problem: SettingProblem, given: Mapping[str, str | None], loaded: LoadedSettings) -> SettingProblem:
    """Reports a problem at a place that the user can find: the new line is not in the file yet."""
    name = problem.variable or ""
    if name in given:
        return SettingProblem(problem.text, name, "command line")
    origin = loaded.origins.get(name.removesuffix("_FILE"))
    return problem if origin is None else origin.problem(problem.text, problem.variable)


def _changes(assignments: Sequence[str], stdin: str | None) -> dict[str, str | None]:
    changes: dict[str, str | None] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals:
            raise WrongCommandLine(f"{name[:64]!r} is not an assignment; write NAME=VALUE.")
        changes[name] = value or None
    if stdin is not None:
        changes[stdin] = sys.stdin.read().removesuffix("\n").removesuffix("\r")
    if not changes:
        raise WrongCommandLine("Give at least one variable, as NAME=VALUE.")
    return changes


async def _change(
    env_file: Path | None, data_dir: Path | None, changes: Mapping[str, str | None], file: str | None
) -> Done:
    async with _committing(env_file, data_dir) as service:
        version = _file(await service.files(), service.home(file, list(changes))).version
        return await service.change(_console_user(), Edit(changes=changes, version=version, file=file))


async def _restore(env_file: Path | None, data_dir: Path | None, found: BackupDiff) -> Done:
    async with _committing(env_file, data_dir) as service:
        return await service.restore(_console_user(), found.backup.id, version=found.current_version)


def _file(files: Sequence[FileState], path: Path) -> FileState:
    return next(one for one in files if one.path == path)


async def _diff(service: EnvironmentService, backup: str | None) -> BackupDiff:
    if backup is None:
        found = await service.backups()
        if not found:
            raise NotFound("There are no backups yet.")
        backup = found[0].id
    return await service.diff(backup)


def _value(loaded: LoadedSettings, name: str) -> str:
    return masked(SPECS[name], getattr(loaded.settings, SPECS[name].field))


def _report(done: Done, names: Sequence[str], *, as_json: bool) -> None:
    """Raises InvalidSettings if a server process refused; the file is then unchanged."""
    if done.rolled is not None and done.rolled.reloaded.problems:
        raise InvalidSettings(list(done.rolled.reloaded.problems))
    nodes = done.rolled.nodes if done.rolled else ()
    if as_json:
        document = {"version": done.version, "names": names, "written": done.written}
        _print_json({**document, "nodes": [asdict(node) for node in nodes]})
    elif not done.written:
        typer.echo("Nothing to change.")
    else:
        typer.echo(f"Changed: {', '.join(names)}.")
        for node in nodes:
            typer.echo(f"  {node.name}: {node.state}" + (f" ({node.problem})" if node.problem else ""))


def _print_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False))


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    Console().print(table, markup=False)
