"""A command with other settings than the server works on no other storage than the one in use."""

import os
import time

import pytest

from tests.support.server import run_cli


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the storage in use is ./storage."""
    made = tmp_path_factory.mktemp("commands")
    assert run_cli(made, "user", "create", "first", "--demo").returncode == 0
    assert run_cli(made, "storage", "info").returncode == 0
    return made


@pytest.mark.parametrize(
    "command", [["info"], ["test"], ["doctor"], ["verify"], ["gc"], ["migrate", "--plan", "--to", "Local disk"]]
)
def test_it_says_so_and_stops(folder, command):
    done = run_cli(folder, "storage", *command, environ={"LOCAL_STORAGE_PATH": "./elsewhere"})
    assert done.returncode == 2, done.stdout
    said = "".join(done.stderr.split())
    assert "referstoadifferentstoragethantheoneinuse" in said
    assert "storage" in said
    assert not (folder / "elsewhere").exists()


@pytest.mark.parametrize(
    "command",
    [["info"], ["test"], ["doctor"], ["verify"], ["gc"], ["gc", "--yes"], ["migrate", "--plan", "--to", "Local disk"]],
)
def test_a_storage_that_is_used_with_another_database_is_left_alone(folder, tmp_path, command):
    assert run_cli(folder, "storage", "take-over", "--yes").returncode == 0
    there = folder / "storage/objects/ab/cd/abcdefghijklmnopqrstuvwx"
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_bytes(b"of the server")
    os.utime(there, (time.time() - 3 * 86_400,) * 2)
    assert run_cli(tmp_path, "user", "create", "ada", "--demo").returncode == 0  # makes the database
    done = run_cli(tmp_path, "storage", *command, environ={"LOCAL_STORAGE_PATH": str(folder / "storage")})
    assert (done.returncode, "belongs to another installation" in done.stderr) == (2, True), done.stdout
    assert there.read_bytes() == b"of the server"


@pytest.mark.parametrize(
    "line",
    [
        "storage verify",
        "storage gc",
        "storage gc --yes",
        "storage info",
        "storage migrate --status",
        "storage take-over --yes",
        "user list",
        "user disable ada",
        "user password ada --password-stdin",
        "token list --user ada",
        "token create x --user ada",
        "token revoke abc",
    ],
)
def test_where_no_database_is_nothing_is_found_good_and_nothing_made(tmp_path, line):
    """In a wrong folder: only what may be first makes an installation, which is serving and creating a user."""
    done = run_cli(tmp_path, *line.split(), stdin="a long password\n")
    assert (done.returncode, "there is no database at" in done.stderr) == (2, True), done.stdout
    assert not list(tmp_path.iterdir())


def test_commands_about_people_open_no_storage(tmp_path):
    done = run_cli(tmp_path, "user", "create", "ada", "--demo", environ={"STORAGE_TYPE": "s3"})
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "storage").exists()


def test_a_storage_that_is_to_be_used_next_can_be_tested(folder):
    environ = {
        "STORAGE_TYPE": "s3_compatible", "S3_COMPATIBLE_ENDPOINT": "http://127.0.0.1:9",
        "S3_COMPATIBLE_ACCESS_KEY": "key", "S3_COMPATIBLE_SECRET_KEY": "secret", "S3_COMPATIBLE_BUCKET_NAME": "bucket",
    }  # fmt: skip
    done = run_cli(folder, "storage", "test", environ=environ)
    assert (done.returncode, "connect" in done.stdout) == (1, True)
