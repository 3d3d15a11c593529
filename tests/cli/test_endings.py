"""How commands end: 0, 1 or 2, and what they say then."""

import json
import os
import socket

import pytest

from aishare import __version__
from aishare.cli.endings import reporting_errors
from aishare.cli.main import app
from tests.support.server import run_cli, serving

FIRST = ("user", "create", "first", "--demo")
"""The command that a new installation may begin with."""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """A command in this process: (status, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        with pytest.raises(SystemExit) as ended, reporting_errors():
            app([*arguments])
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, " ".join(told.err.split())

    return command


def test_the_version_is_told(run):
    assert run("--version") == (0, f"aishare {__version__}\n", "")


@pytest.mark.parametrize(
    "line",
    [
        "nosuch",
        "storage nosuch",
        "storage migrate",
        "storage migrate --plan --yes",
        "storage migrate --yes",
        "storage verify --subset 500%",
        "storage verify --subset 0",
        "storage verify --subset half",
        "storage migrate --status --concurrency 99",
        "token create x",
        "user create",
        "user create ada",
        "user password ada",
        "config set",
        "config set LOG_LEVEL",
        "config set NOSUCH=1",
        "config get NOSUCH",
        "config set LOG_LEVEL=loud",
        "serve --port 70000",
        "serve --workers 0",
        "serve --env-file nosuch",
        "serve --host 192.0.2.1",
        "download",
        "download notaurl",
        "user list --env-file nosuch",
    ],
)
def test_a_wrong_command_line_ends_with_2(run, line):
    status, _, told = run(*line.split())
    assert status == 2, told
    assert told


@pytest.mark.parametrize(
    "line", ["user disable nobody", "token create x --user nobody", "config diff", "storage verify --location nosuch"]
)
def test_what_was_not_done_ends_with_1(run, line):
    assert run(*FIRST)[0] == 0  # makes the database
    status, _, told = run(*line.split())
    assert status == 1, told
    assert told


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_in_use_is_one_sentence(tmp_path, workers):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_cli(tmp_path, "serve", "--port", str(port), "--workers", workers)
    assert done.returncode == 2
    assert f"127.0.0.1, port {port}: Address already in use; another program is using this port" in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert not (tmp_path / "aishare.db").exists()


def test_two_services_do_not_share_a_port(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with serving(tmp_path / "one") as server:
        port = server.address.rpartition(":")[2]
        done = run_cli(tmp_path / "two", "serve", "--port", port)
    assert done.returncode == 2
    assert "another program is using this port" in done.stderr


def test_a_refused_change_says_where_it_stands_and_that_nothing_was_written(tmp_path, run):
    before = "LOG_LEVEL=info\nPORT=8123\nSESSION_MAX_DAYS=30\nSESSION_IDLE_HOURS=48\n"
    (tmp_path / ".env").write_text(before)
    for line, place in {
        "FOO=1": "command line: FOO",
        "MAX_IMAGE_SIZE_MB=many": "command line: MAX_IMAGE_SIZE_MB",
        "LOG_LEVEL=loud": "command line: LOG_LEVEL",
        "LOG_LEVEL= SESSION_MAX_DAYS=1": "`.env` line 4: SESSION_IDLE_HOURS",
    }.items():
        status, out, told = run("config", "set", *line.split())
        assert status == 2
        assert place in told
        assert "Nothing was written" in told
        assert "start" not in told
        assert out == ""
    assert (tmp_path / ".env").read_text() == before


def test_a_secret_on_the_command_line_is_taken_with_a_word_about_it(tmp_path, run):
    status, out, told = run("config", "set", "AWS_ACCESS_KEY_ID=an-id", "AWS_SECRET_ACCESS_KEY=canary")
    assert status == 0
    assert "--stdin AWS_SECRET_ACCESS_KEY" in told
    assert "canary" not in out + told
    assert run("config", "set", "LOG_LEVEL=info")[2] == ""


def test_a_change_that_no_server_hears_of_says_so(run, monkeypatch):
    assert run("user", "create", "ada", "--demo")[0] == 0
    assert run("config", "set", "LOG_LEVEL=debug")[2] == ""
    monkeypatch.setenv("SECRET_KEY", "another-key-for-this-test-0123456789abcdef")
    status, told, warned = run("config", "set", "LOG_LEVEL=info")
    assert (status, "Changed" in told) == (0, True)
    assert "running servers will not apply the change" in warned
    assert "SECRET_KEY: is not the key" in warned


def test_a_key_that_counts_already_needs_no_word(run, monkeypatch):
    assert run("user", "create", "ada", "--demo")[0] == 0
    status, told, _ = run("config", "accept-key")
    assert (status, "already uses this SECRET_KEY" in told) == (0, True)
    monkeypatch.setenv("SECRET_KEY", "another-key-for-this-test-0123456789abcdef")
    assert run("config", "accept-key")[0] == 1
    assert run("config", "accept-key", "--yes")[0] == 0
    assert run("config", "accept-key", "--yes")[0] == 0


def test_users_are_made_for_programs_too(tmp_path, run):
    status, out, _ = run("user", "create", "ada", "--demo", "--json")
    assert status == 0
    made = json.loads(out)
    assert (made["username"], made["demo"], made["disabled"]) == ("ada", True, False)
    assert json.loads(run("user", "disable", "ada", "--json")[1])["disabled"] is True


def test_migrations_are_told_in_words(tmp_path, run, monkeypatch):
    assert run(*FIRST)[0] == 0
    assert run("storage", "migrate", "--status")[1] == "There are no migrations yet.\n"
    assert json.loads(run("storage", "migrate", "--status", "--json")[1]) == []
    environ = {**os.environ, "LOCAL_STORAGE_PATH": str(tmp_path / "one"), "DATA_DIR": str(tmp_path)}
    with serving(tmp_path, environ=environ):
        pass  # leaves the files of the demo
    with serving(tmp_path, environ={**environ, "LOCAL_STORAGE_PATH": str(tmp_path / "two")}):
        pass  # makes the other storage the active one
    monkeypatch.setenv("LOCAL_STORAGE_PATH", str(tmp_path / "two"))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    active = json.loads(run("storage", "info", "--json")[1])["location_id"]
    status, planned, told = run("storage", "migrate", "--plan", "--to", active)
    assert status == 0, told
    assert "Nothing was moved. To start the migration, add --yes." in planned
    assert active in planned
    status, moved, told = run("storage", "migrate", "--yes", "--to", active)
    assert status == 0, told
    assert "completed:" in moved
    listed = run("storage", "migrate", "--status")[1]
    assert "completed:" in listed
    assert "{" not in planned + moved + listed
