"""`aishare user`."""

import json

import pytest

from tests.support.server import run_cli, serving

OLD, NEW = "correct horse battery", "staple of another kind"


def create(data_dir, name, *options):
    made = run_cli(data_dir, "user", "create", name, *options, "--password-stdin", stdin=OLD + "\n")
    assert made.returncode == 0, made.stderr


def test_users_are_listed_for_people_and_for_programs(tmp_path):
    create(tmp_path, "mei", "--display-name", "[red]Mei[/red]")
    create(tmp_path, "boss", "--superuser")
    create(tmp_path, "guest", "--demo")
    assert run_cli(tmp_path, "user", "disable", "mei").returncode == 0
    listed = json.loads(run_cli(tmp_path, "user", "list", "--json").stdout)
    assert [(user["username"], user["superuser"], user["demo"], user["disabled"]) for user in listed] == [
        ("boss", True, False, False),
        ("guest", False, True, False),
        ("mei", False, False, True),
    ]
    shown = run_cli(tmp_path, "user", "list")
    assert shown.returncode == 0
    for part in ("boss", "administrator", "guest", "demo", "[red]Mei[/red]", "disabled"):
        assert part in shown.stdout
    assert "argon2" not in shown.stdout + json.dumps(listed)


def test_a_new_password_ends_the_sessions_of_the_user(tmp_path):
    with serving(tmp_path) as server, server.client() as client:
        create(tmp_path, "mei")
        assert client.post("/api/auth/login", json={"username": "mei", "password": OLD}).status_code == 200
        changed = run_cli(tmp_path, "user", "password", "MEI", "--password-stdin", stdin=NEW + "\n")
        assert changed.returncode == 0, changed.stderr
        assert NEW not in changed.stdout + changed.stderr
        assert client.get("/api/auth/me").status_code == 401
        assert client.post("/api/auth/login", json={"username": "mei", "password": OLD}).status_code == 401
        assert client.post("/api/auth/login", json={"username": "mei", "password": NEW}).status_code == 200


@pytest.mark.parametrize(
    ("name", "password", "said"), [("nobody", NEW, "nobody"), ("mei", "short", "8"), ("mei", "", "8")]
)
def test_a_refused_password_is_explained(tmp_path, name, password, said):
    create(tmp_path, "mei")
    refused = run_cli(tmp_path, "user", "password", name, "--password-stdin", stdin=password + "\n")
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
