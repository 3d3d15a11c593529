"""`aishare token`."""

import json

import httpx
import pytest

from tests.support.server import run_cli, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("tokens")) as running:
        yield running


@pytest.fixture
def token(server):
    def run(*arguments):
        return run_cli(server.data_dir, "token", *arguments)

    return run


def made(token, *arguments):
    done = token("create", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ask(server, secret, method="GET", path="/api/files", **sent):
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.request(method, f"{server.address}{path}", headers=headers, timeout=30, **sent)


def test_a_token_is_made_for_what_it_is_for(server, token):
    wish = ("--scope", "read", "--scope", "write", "--folder", "/lab/ci/", "--expires", "30d")
    told = made(token, "job", "--user", "ada", *wish)
    assert (told["scopes"], told["folder"], told["user"]) == (["read", "write"], "lab/ci", "ada")
    assert told["expires_at"] > told["created_at"]
    listed = [one for one in json.loads(token("list", "--user", "ada", "--json").stdout) if one["id"] == told["id"]]
    assert listed == [{name: value for name, value in told.items() if name != "token"}]
    assert told["token"] not in token("list").stdout
    assert ask(server, told["token"], "PUT", "/api/files/by-path/lab/ci/a", content=b"a").status_code == 201
    assert ask(server, told["token"], "PUT", "/api/files/by-path/lab/a", content=b"a").status_code == 403


def test_without_scopes_a_token_does_what_its_owner_may(server, token):
    done = token("create", "plain", "--user", "admin")
    assert ask(server, done.stdout.strip(), path="/api/admin/jobs").status_code == 200
    reader = token("create", "reader", "--user", "admin", "--scope", "read").stdout.strip()
    assert ask(server, reader, path="/api/admin/jobs").json()["code"] == "missing_scope"


def test_tokens_of_all_are_listed_for_people(token):
    told = made(token, "shown", "--user", "grace", "--scope", "read", "--folder", "lab")
    shown = token("list").stdout
    assert told["id"] in shown  # whole, on a line of 80 characters too: `revoke` takes it
    for part in ("shown", "grace", "read", "lab", "never"):
        assert part in shown


def test_a_revoked_token_is_refused_from_the_next_request_on(server, token):
    told = made(token, "doomed", "--user", "ada")
    assert ask(server, told["token"]).status_code == 200
    done = token("revoke", "doomed", "--user", "ada")
    assert (done.returncode, done.stdout.strip()) == (0, "Revoked token doomed of ada.")
    assert ask(server, told["token"]).status_code == 401
    again = token("revoke", told["id"])
    assert again.returncode == 1
    assert "no such token" in again.stderr


def test_a_name_that_several_have_revokes_none(server, token):
    twins = [made(token, "twin", "--user", user) for user in ("ada", "grace")]
    refused = token("revoke", "twin")
    assert refused.returncode == 1
    for twin in twins:
        assert twin["id"] in refused.stderr
        assert ask(server, twin["token"]).status_code == 200
    assert json.loads(token("revoke", twins[0]["id"], "--json").stdout)["user"] == "ada"
    assert [ask(server, twin["token"]).status_code for twin in twins] == [401, 200]


@pytest.mark.parametrize(
    "options",
    [
        ("--scope", "delete"),
        ("--expires", "soon"),
        ("--expires", "0d"),
        ("--expires", "11y"),
        ("--folder", ""),
        ("--folder", "lab", "--scope", "admin"),
    ],
)
def test_a_wish_that_cannot_be_met_makes_no_token(token, options):
    refused = token("create", "refused", "--user", "alan", *options)
    assert refused.returncode == 2, refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""
    assert json.loads(token("list", "--user", "alan", "--json").stdout) == []
