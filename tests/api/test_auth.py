"""Signing in and out, tokens, demo users; who is refused."""

import pytest

from tests.support.server import run_cli, serving

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def mei(server):
    made = run_cli(server.data_dir, "user", "create", "Mei", "--password-stdin", stdin=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    return "mei"


def test_demo_users_come_from_the_database_at_each_load(server):
    with server.client() as client:
        before = {user["username"] for user in client.get("/api/auth/demo-users").json()}
        assert {"ada", "grace", "alan", "admin"} <= before
        made = run_cli(server.data_dir, "user", "create", "newcomer", "--demo")
        assert made.returncode == 0, made.stderr
        users = client.get("/api/auth/demo-users").json()
        assert {user["username"] for user in users} == before | {"newcomer"}
        assert users[0].keys() == {"username", "display_name", "role"}


def test_a_demo_superuser_is_hidden_from_everybody_but_this_machine(server):
    with server.client() as client:
        for headers in ({"Host": "files.example.org"}, {"X-Forwarded-For": "203.0.113.9"}):
            names = {user["username"] for user in client.get("/api/auth/demo-users", headers=headers).json()}
            assert "admin" not in names
            refused = client.post("/api/auth/demo-login", json={"username": "admin"}, headers=headers)
            assert refused.status_code == 404


def test_without_demo_mode_there_are_no_demo_users(tmp_path):
    with serving(tmp_path, demo=False) as server, server.client() as client:
        assert client.get("/api/auth/demo-users").status_code == 404
        assert client.post("/api/auth/demo-login", json={"username": "ada"}).status_code == 404


def test_ordinary_users_are_no_demo_users(server, mei):
    with server.client() as client:
        assert client.post("/api/auth/demo-login", json={"username": "Mei"}).status_code == 404


def test_password_sign_in_and_out(server, mei):
    with server.client() as client:
        answer = client.post("/api/auth/login", json={"username": mei, "password": PASSWORD})
        assert answer.json()["username"] == "Mei"
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert client.get("/api/auth/me").json()["role"] == "user"
        old = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        assert client.post("/api/auth/logout").status_code == 204
        assert client.get("/api/auth/me", headers={"Cookie": old}).status_code == 401


def test_unknown_user_and_wrong_password_get_the_same_answer(server, mei):
    with server.client() as client:
        answers = [
            client.post("/api/auth/login", json={"username": name, "password": "wrong password"})
            for name in (mei, "nobody")
        ]
    assert [answer.status_code for answer in answers] == [401, 401]
    first, second = ({k: v for k, v in answer.json().items() if k != "request_id"} for answer in answers)
    assert first == second


def test_too_many_failures_lock_the_account_even_over_a_restart(tmp_path):
    environ = {"LOGIN_MAX_FAILURES": "3", "LOGIN_LOCK_SECONDS": "60"}
    wrong = {"username": "victim", "password": "wrong password"}
    with serving(tmp_path, environ=environ) as server, server.client() as client:
        statuses = [client.post("/api/auth/login", json=wrong).status_code for _ in range(4)]
        assert statuses == [401, 401, 401, 429]
    with serving(tmp_path, environ=environ) as server, server.client() as client:
        answer = client.post("/api/auth/login", json=wrong)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 61


def test_other_origins_can_not_use_the_cookie(server, ada):
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = ada.put("/api/files/by-path/csrf.txt", content=b"x", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
    own = ada.put("/api/files/by-path/csrf.txt", content=b"x", headers={"Origin": server.address})
    assert own.status_code == 201


def test_tokens_are_told_once_and_can_be_revoked(server, ada):
    made = ada.post("/api/tokens", json={"name": "laptop", "expires_in": 3600}).json()
    bearer = {"Authorization": f"Bearer {made['token']}"}
    with server.client() as client:
        assert client.get("/api/auth/me", headers=bearer).json()["username"] == "ada"
        listed = ada.get("/api/tokens").json()["items"]
        assert made["token"] not in str(listed)
        assert ada.delete(f"/api/tokens/{made['id']}").status_code == 204
        assert client.get("/api/auth/me", headers=bearer).status_code == 401


def test_token_by_command_line(server):
    made = run_cli(server.data_dir, "token", "create", "ci", "--user", "grace")
    assert made.returncode == 0, made.stderr
    with server.client() as client:
        bearer = {"Authorization": f"Bearer {made.stdout.strip()}"}
        assert client.get("/api/auth/me", headers=bearer).json()["username"] == "grace"


def test_a_disabled_user_is_out_at_the_next_request(server):
    run_cli(server.data_dir, "user", "create", "leaver", "--demo")
    with server.client("leaver") as client:
        assert client.get("/api/auth/me").status_code == 200
        assert run_cli(server.data_dir, "user", "disable", "leaver").returncode == 0
        assert client.get("/api/auth/me").status_code == 401
