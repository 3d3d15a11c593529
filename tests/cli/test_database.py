"""A database that does not open: a sentence and exit status 2, in every command, and never a traceback."""

import os
import sqlite3
import subprocess

import pytest

from aishare.catalogue.database import postgres_opening
from aishare.catalogue.database.opening import open_catalogue
from aishare.core.errors import CatalogueNotOpened, InvalidSettings
from tests.support.ports import free_port
from tests.support.postgres import administration_url, fresh_database, run_sql
from tests.support.server import run_cli

COMMANDS = {
    "serve": ("serve", "--port", "0"),
    "workers": ("serve", "--port", "0", "--workers", "2"),
    "users": ("user", "list"),
    "storage": ("storage", "info"),
    "migrate": ("storage", "migrate", "--status"),
}


def refused(folder, *command):
    """What is said by a command that ends at once."""
    done = run_cli(folder, *command)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "crashed" not in done.stderr
    return done.stderr


async def not_opened(url):
    with pytest.raises((CatalogueNotOpened, InvalidSettings)) as caught:
        await open_catalogue(url)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("command", COMMANDS)
def test_tables_of_a_newer_version_are_left_alone(tmp_path, command):
    assert run_cli(tmp_path, "user", "create", "ada", "--demo").returncode == 0
    with sqlite3.connect(tmp_path / "aishare.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999_future'")
    database.close()
    told = refused(tmp_path, *COMMANDS[command])
    assert "newer version of aishare" in told
    assert "9999_future" in told


@pytest.fixture
def read_only(tmp_path):
    assert os.geteuid() == 0, "this test mounts a file system read-only: run it as root"
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True)
    assert run_cli(folder, "user", "create", "ada", "--demo").returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("command", ["serve", "users"])
def test_a_disk_that_is_read_only_is_told(read_only, command):
    told = refused(read_only, *COMMANDS[command])
    assert "aishare.db cannot be opened" in told
    assert "read-only" in told


async def test_what_is_no_database_is_told(tmp_path):
    (tmp_path / "text").write_bytes(b"no database at all" * 500)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    assert "file is not a database" in (await not_opened(f"sqlite:///{tmp_path}/text")).message
    assert "cannot be opened" in (await not_opened(f"sqlite:///{tmp_path}/folder")).message
    assert "Not a directory" in (await not_opened(f"sqlite:///{tmp_path}/file/inside/aishare.db")).message


async def test_postgresql_that_does_not_take_us_is_told():
    server = administration_url()
    cases = {
        f"postgresql://me:canary@127.0.0.1:{free_port()}/x": "cannot be reached",
        "postgresql://me:canary@nowhere.invalid/x": "cannot be reached",
        server.replace("/postgres?", "/nosuch?"): "does not have this database",
        server.replace("postgres:", "nobody:", 1): "rejected the user name or password",
        f"{server}&fancy=canary": "cannot be used with this DATABASE_URL",
        "postgresql://me:canary@host:port/x": "is not a valid database address",
    }
    for url, words in cases.items():
        error = await not_opened(url)
        assert words in error.message, url
        assert "canary" not in f"{error.message}{error.hint}"


async def test_postgresql_that_lets_us_write_nothing_is_told():
    role, server = "reader_of_the_tests", administration_url()
    async with fresh_database() as url:
        mine = url.replace("postgres:", f"{role}:", 1)
        await run_sql(server, f"CREATE ROLE {role} LOGIN")
        try:
            assert "does not allow this user to create tables" in (await not_opened(mine)).message
            await run_sql(server, f"ALTER ROLE {role} SET default_transaction_read_only = on")
            assert "read-only" in (await not_opened(mine)).message
        finally:
            await run_sql(server, f"DROP ROLE {role}")


async def test_postgresql_of_a_newer_aishare_is_told():
    async with fresh_database() as url:
        await (await open_catalogue(url)).aclose()
        await run_sql(url, "UPDATE alembic_version SET version_num = '9999_future'")
        assert "newer version of aishare" in (await not_opened(url)).message


async def test_postgresql_that_is_too_old_is_told(monkeypatch):
    """No old server is to be had here: the oldest that will do is moved instead."""
    monkeypatch.setattr(postgres_opening, "_OLDEST", 99)
    async with fresh_database() as url:
        error = await not_opened(url)
    assert "too old" in error.message
    assert "99 or newer" in error.hint


def test_postgresql_that_is_away_ends_a_command_with_2(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:canary@127.0.0.1:{free_port()}/x")
    told = refused(tmp_path, "user", "list")
    assert "PostgreSQL cannot be reached." in told
    assert "canary" not in told
