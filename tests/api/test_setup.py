"""First run: the link on the console makes one administrator, once."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.server import run_cli, serving, wait_until

PASSWORD = "correct horse battery"


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path, demo=False) as running:
        yield running


def link_of(server):
    wait_until(lambda: any("/setup#" in line for line in server.console))
    (line,) = (line for line in server.console if "/setup#" in line)
    found = re.fullmatch(r"\s*(http://\S+)/setup#(\S+)\n", line)
    assert found, line
    return found[1], found[2]


def set_up(server, token, username="root", password=PASSWORD, **rest):
    body = {"token": token, "username": username, "password": password, **rest}
    return httpx.post(f"{server.address}/api/auth/setup", json=body, timeout=30)


def needed(server):
    return httpx.get(f"{server.address}/api/auth/setup").json()["needed"]


def create(server, name, *options):
    made = run_cli(server.data_dir, "user", "create", name, *options, "--password-stdin", stdin=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr


def test_the_link_makes_an_administrator_who_is_signed_in(server):
    address, token = link_of(server)
    assert address == server.address
    assert len(token) >= 43  # 256 bits
    assert needed(server) is True
    answer = set_up(server, token, "Root", display_name="The Root")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["role"], answer.json()["display_name"]) == ("superuser", "The Root")
    assert "httponly" in answer.headers["set-cookie"].lower()
    cookie = {"Cookie": answer.headers["set-cookie"].split(";")[0]}
    assert httpx.get(f"{server.address}/api/auth/me", headers=cookie).json() == answer.json()
    signed_in = httpx.post(f"{server.address}/api/auth/login", json={"username": "root", "password": PASSWORD})
    assert signed_in.status_code == 200
    assert needed(server) is False
    again = set_up(server, token, "second")
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    everything = "".join(server.log) + again.text
    assert token not in everything
    assert PASSWORD not in everything
    offered = [json.loads(line) for line in server.log if '"setup_offered"' in line]
    assert len(offered) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "x" * 43}, 403),
        ({"token": ""}, 403),
        ({"token": "é"}, 403),
        ({"token": "x" * 201}, 422),
        ({"password": "short"}, 422),
        ({"username": "no spaces"}, 422),
        ({"username": ""}, 422),
        ({"display_name": "bell\a"}, 422),
    ],
)
def test_a_refused_attempt_makes_nobody_and_leaves_the_link_good(server, change, status):
    _, token = link_of(server)
    body = {"token": token, "username": "root", "password": PASSWORD, **change}
    assert httpx.post(f"{server.address}/api/auth/setup", json=body).status_code == status
    assert run_cli(server.data_dir, "user", "list", "--json").stdout.strip() == "[]"
    assert needed(server) is True
    assert set_up(server, token).status_code == 201


def test_other_origins_can_not_set_up(server):
    _, token = link_of(server)
    body = {"token": token, "username": "root", "password": PASSWORD}
    evil = httpx.post(f"{server.address}/api/auth/setup", json=body, headers={"Origin": "https://evil.example"})
    assert (evil.status_code, evil.json()["code"]) == (403, "cross_origin")


def test_of_many_at_once_one_becomes_administrator(server):
    _, token = link_of(server)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: set_up(server, token, f"root{number}"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 7
    (user,) = json.loads(run_cli(server.data_dir, "user", "list", "--json").stdout)
    assert (user["superuser"], user["username"]) == (
        True,
        next(a for a in answers if a.status_code == 201).json()["username"],
    )


def test_an_administrator_of_the_command_line_ends_the_link_and_an_ordinary_user_does_not(server):
    _, token = link_of(server)
    create(server, "mei")
    assert needed(server) is True
    assert set_up(server, token, "MEI").status_code == 409
    create(server, "boss", "--superuser")
    assert set_up(server, token).status_code == 404
    assert needed(server) is False


def test_a_restart_prints_another_link_until_there_is_somebody(tmp_path):
    with serving(tmp_path, demo=False) as server:
        _, first = link_of(server)
    with serving(tmp_path, demo=False) as server:
        _, second = link_of(server)
        assert second != first
        assert set_up(server, first).status_code == 403
        create(server, "mei")
    with serving(tmp_path, demo=False) as server:
        assert needed(server) is False
        assert set_up(server, second).status_code == 404
    assert server.console == []


def test_a_demonstration_has_no_link(tmp_path):
    with serving(tmp_path) as server:
        assert needed(server) is False
        assert set_up(server, "x" * 43).status_code == 404
    assert server.console == []


def test_the_link_leads_to_where_browsers_find_the_service(tmp_path):
    with serving(tmp_path, demo=False, environ={"PUBLIC_URL": "https://files.example.org"}) as server:
        wait_until(lambda: any("https://files.example.org/setup#" in line for line in server.console))
