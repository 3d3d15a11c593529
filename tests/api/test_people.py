"""Routes for a user's own account: name, password, sessions."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count

import httpx
import pytest

from tests.support.server import run_cli, serving

OLD, NEW = "correct horse battery", "staple of another kind"
_numbers = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("aishare"), environ={"LOGIN_MAX_FAILURES": "1000"}) as running:
        yield running


@pytest.fixture
def mei(server):
    """A new user with the password OLD."""
    name = f"mei{next(_numbers)}"
    made = run_cli(server.data_dir, "user", "create", name, "--password-stdin", stdin=OLD + "\n")
    assert made.returncode == 0, made.stderr
    return name


@contextmanager
def signed_in(server, username, password=OLD, **headers):
    with httpx.Client(base_url=server.address, timeout=30, headers=headers) as client:
        answer = client.post("/api/auth/login", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        yield client


def sign_in(server, username, password):
    return httpx.post(f"{server.address}/api/auth/login", json={"username": username, "password": password}).status_code


def change_password(client, current, new):
    return client.post("/api/auth/password", json={"current_password": current, "new_password": new})


def test_the_display_name_is_kept_on_one_line(server, mei):
    with signed_in(server, mei) as client:
        answer = client.patch("/api/auth/me", json={"display_name": "  Mei\n  Lin 🐈 "})
        assert (answer.status_code, answer.json()["display_name"]) == (200, "Mei Lin 🐈")
        assert client.get("/api/auth/me").json() == answer.json()


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "bell\a", "nul\0", "x" * 2000, None, 1])
def test_what_is_no_name_is_refused(server, mei, name):
    with signed_in(server, mei) as client:
        assert client.patch("/api/auth/me", json={"display_name": name}).status_code == 422
        assert client.get("/api/auth/me").json()["display_name"] == mei


def test_a_new_password_ends_other_sessions_and_keeps_this_one_and_the_tokens(server, mei):
    with signed_in(server, mei) as here, signed_in(server, mei) as elsewhere:
        token = here.post("/api/tokens", json={"name": "laptop"}).json()["token"]
        assert change_password(here, OLD, NEW).status_code == 204
        assert here.get("/api/auth/me").status_code == 200
        assert elsewhere.get("/api/auth/me").status_code == 401
        bearer = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{server.address}/api/auth/me", headers=bearer).status_code == 200
    assert sign_in(server, mei, OLD) == 401
    assert sign_in(server, mei, NEW) == 200


@pytest.mark.parametrize("new", ["short", "x" * 7, "x" * 1025, ""])
def test_a_password_that_can_not_be_is_refused_and_the_old_one_stays(server, mei, new):
    with signed_in(server, mei) as client:
        answer = change_password(client, OLD, new)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
        assert len(new) < 3 or new not in answer.text
    assert sign_in(server, mei, OLD) == 200


def test_a_wrong_current_password_is_counted_like_a_failed_sign_in(tmp_path):
    with serving(tmp_path, environ={"LOGIN_MAX_FAILURES": "3"}) as server:
        run_cli(tmp_path, "user", "create", "mei", "--password-stdin", stdin=OLD + "\n")
        with signed_in(server, "mei") as client:
            answers = [change_password(client, "wrong password", NEW) for _ in range(4)]
            assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
            assert answers[0].json()["code"] == "wrong_credentials"
            assert int(answers[3].headers["retry-after"]) > 0
            assert change_password(client, OLD, NEW).status_code == 429
            assert client.get("/api/auth/me").status_code == 200
        assert sign_in(server, "mei", OLD) == 429


def test_of_many_changes_at_once_one_wins(server, mei):
    wanted = [f"password number {number}" for number in range(4)]
    with ExitStack() as stack:
        clients = [stack.enter_context(signed_in(server, mei)) for _ in wanted]
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(change_password, clients, [OLD] * 4, wanted))
        statuses = [answer.status_code for answer in answers]
        assert statuses.count(204) == 1, statuses
        winner = statuses.index(204)
        alive = [client.get("/api/auth/me").status_code == 200 for client in clients]
    assert alive == [index == winner for index in range(4)]
    assert sign_in(server, mei, wanted[winner]) == 200


def test_a_demo_user_has_no_password_to_change(server):
    with server.client("alan") as client:
        answer = change_password(client, "", NEW)
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


def test_sessions_are_listed_and_ended(server, mei):
    with (
        signed_in(server, mei, **{"User-Agent": "desk"}) as desk,
        signed_in(server, mei, **{"User-Agent": "phone"}) as phone,
    ):
        items = desk.get("/api/auth/sessions").json()["items"]
        assert {(item["user_agent"], item["current"]) for item in items} == {("desk", True), ("phone", False)}
        expected = {"id", "current", "created_at", "last_seen_at", "expires_at", "address", "user_agent"}
        assert items[0].keys() == expected
        assert {item["address"] for item in items} == {"127.0.0.1"}
        cookie = phone.cookies["aishare_session"]
        assert cookie not in desk.get("/api/auth/sessions").text
        (other,) = (item["id"] for item in items if not item["current"])
        assert desk.delete(f"/api/auth/sessions/{other}").status_code == 204
        assert phone.get("/api/auth/me").status_code == 401
        assert desk.delete(f"/api/auth/sessions/{other}").status_code == 404


def test_ending_the_current_session_is_signing_out(server, mei):
    with signed_in(server, mei) as client:
        (session,) = client.get("/api/auth/sessions").json()["items"]
        old = {"Cookie": f"aishare_session={client.cookies['aishare_session']}"}
        answer = client.delete(f"/api/auth/sessions/{session['id']}")
        assert answer.status_code == 204
        assert "max-age=0" in answer.headers["set-cookie"].lower()
        assert httpx.get(f"{server.address}/api/auth/me", headers=old).status_code == 401


def test_sessions_of_others_are_out_of_reach(server, mei, ada):
    with signed_in(server, mei) as client:
        (session,) = client.get("/api/auth/sessions").json()["items"]
        with server.client("admin") as admin:
            for other in (ada, admin):
                assert session["id"] not in other.get("/api/auth/sessions").text
                assert other.delete(f"/api/auth/sessions/{session['id']}").status_code == 404
        assert client.get("/api/auth/me").status_code == 200


def test_with_a_token_no_session_is_the_current_one(server, ada):
    token = ada.post("/api/tokens", json={"name": "laptop"}).json()["token"]
    listed = httpx.get(f"{server.address}/api/auth/sessions", headers={"Authorization": f"Bearer {token}"}).json()
    assert listed["items"]
    assert not [item for item in listed["items"] if item["current"]]


def test_strangers_and_other_origins_are_sent_away(server, ada):
    routes = [
        ("PATCH", "/api/auth/me", {"display_name": "x"}),
        ("POST", "/api/auth/password", {"current_password": OLD, "new_password": NEW}),
        ("DELETE", "/api/auth/sessions/x", None),
    ]
    for method, path, body in routes:
        assert httpx.request(method, server.address + path, json=body).status_code == 401
        evil = ada.request(method, path, json=body, headers={"Origin": "https://evil.example"})
        assert (evil.status_code, evil.json()["code"]) == (403, "cross_origin")
    assert httpx.get(f"{server.address}/api/auth/sessions").status_code == 401
