"""What a command does not need it does not wait for."""

import json
import subprocess
import sys

import pytest
import typer

from aishare.cli.main import _MODULES, app

_SERVING = {"fastapi", "uvicorn"}
_ON_DEMAND = {"aiobotocore", "alembic", "sqlalchemy.orm", "psycopg", "dbos", "croniter"}


def loaded_by(statement: str) -> set[str]:
    script = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("command", ["user", "token", "download", "ui"])
def test_a_command_loads_nothing_of_serving(command):
    script = f"from aishare.cli.main import app\nimport typer\ntyper.main.get_command(app).commands['{command}']"
    loaded = loaded_by(script)
    assert f"aishare.cli.commands.{command}" in loaded
    assert not loaded & (_SERVING | _ON_DEMAND)


def test_a_service_on_a_local_disk_starts_without_what_others_need(tmp_path):
    script = f"""
import asyncio, pathlib
import aishare.cli.commands.serve
from aishare.catalogue.database.opening import open_catalogue
async def opened():
    await (await open_catalogue("sqlite:///{tmp_path}/catalogue.sqlite")).aclose()
asyncio.run(opened())
"""
    assert loaded_by(script) >= {"fastapi", "alembic"}  # the tables are made
    assert not loaded_by(script) & _ON_DEMAND  # and now they are there


def test_the_help_loads_no_command_and_says_what_each_says_of_itself():
    loaded = loaded_by(
        "import sys\nfrom aishare.cli.main import app\ntry: app(['--help'])\nexcept SystemExit: pass\n"
        "sys.stdout = sys.__stdout__\nprint('\\x00')"
    )
    assert not {name for name in loaded if name.startswith(("aishare.api", "aishare.services", "aishare.catalogue"))}
    commands = typer.main.get_command(app).commands
    assert {name: commands[name].help.splitlines()[0] for name in commands} == dict(_MODULES)


def test_the_help_names_every_command():
    done = subprocess.run([sys.executable, "-m", "aishare", "--help"], capture_output=True, text=True, check=True)
    for name in ("serve", "download", "user", "token", "storage", "config", "ui"):
        assert f" {name} " in done.stdout
