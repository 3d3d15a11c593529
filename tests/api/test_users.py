"""Administration of users through the real service."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

USERS = "/api/admin/users"
PASSWORD = "correct horse battery"
_numbers = count(1)


@pytest.fixture
def bea(admin):
    """A user of this test alone."""
    name = f"bea{next(_numbers)}"
    answer = admin.post(USERS, json={"username": name, "password": PASSWORD, "display_name": "Bea"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def sign_in(client, name, password=PASSWORD):
    return client.post("/api/auth/login", json={"username": name, "password": password})


def listed(admin, user_id):
    return next(user for user in admin.get(USERS).json()["items"] if user["id"] == user_id)


def test_a_user_is_made_signs_in_and_is_counted(server, admin, bea):
    assert (bea["role"], bea["superuser"], bea["demo"], bea["disabled"]) == ("user", False, False, False)
    assert (bea["files"], bea["bytes"], bea["last_seen_at"], bea["has_password"]) == (0, 0, None, True)
    with server.client() as client:
        assert sign_in(client, bea["username"]).status_code == 200
        client.put("/api/files/by-path/x.bin", content=bytes(123)).raise_for_status()
    now = listed(admin, bea["id"])
    assert (now["files"], now["bytes"]) == (1, 123)
    assert now["last_seen_at"] is not None
    assert "password_hash" not in now


def test_disabling_ends_everything_at_once_and_enabling_brings_it_back(server, admin, bea):
    with server.client() as client:
        sign_in(client, bea["username"])
        token = client.post("/api/tokens", json={"name": "t"}).json()["token"]
        changed = admin.patch(f"{USERS}/{bea['id']}", json={"disabled": True}).json()
        assert changed["disabled"] is True
        assert client.get("/api/auth/me").status_code == 401
        bearer = {"authorization": f"Bearer {token}"}
        with server.client() as program:
            assert program.get("/api/files", headers=bearer).status_code == 401
        assert sign_in(client, bea["username"]).status_code == 401
        admin.patch(f"{USERS}/{bea['id']}", json={"disabled": False}).raise_for_status()
        assert sign_in(client, bea["username"]).status_code == 200


def test_a_new_password_ends_the_sessions_and_is_the_one_that_fits(server, admin, bea):
    with server.client() as client:
        sign_in(client, bea["username"])
        admin.patch(f"{USERS}/{bea['id']}", json={"password": "another long one"}).raise_for_status()
        assert client.get("/api/auth/me").status_code == 401
        assert sign_in(client, bea["username"]).status_code == 401
        assert sign_in(client, bea["username"], "another long one").status_code == 200


def test_roles_count_from_the_next_request(server, admin, bea):
    with server.client() as client:
        sign_in(client, bea["username"])
        assert client.get(USERS).status_code == 403
        admin.patch(f"{USERS}/{bea['id']}", json={"superuser": True}).raise_for_status()
        assert client.get(USERS).status_code == 200
        admin.patch(f"{USERS}/{bea['id']}", json={"superuser": False}).raise_for_status()
        assert client.get(USERS).status_code == 403


def test_the_demo_flag_puts_a_user_on_the_login_page(server, admin, bea):
    offered = lambda: [user["username"] for user in admin.get("/api/auth/demo-users").json()]  # noqa: E731
    assert bea["username"] not in offered()
    admin.patch(f"{USERS}/{bea['id']}", json={"demo": True}).raise_for_status()
    assert bea["username"] in offered()
    admin.patch(f"{USERS}/{bea['id']}", json={"demo": False}).raise_for_status()
    assert bea["username"] not in offered()


@pytest.mark.parametrize("change", [{"disabled": True}, {"superuser": False}])
def test_nobody_takes_the_key_from_under_their_own_feet(admin, change):
    me = admin.get("/api/auth/me").json()
    answer = admin.patch(f"{USERS}/{me['id']}", json=change)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert admin.get(USERS).status_code == 200


def test_two_administrators_who_demote_each_other_leave_one(server, admin, bea):
    """Decided in one transaction: at the end somebody can still administer."""
    me = admin.get("/api/auth/me").json()
    admin.patch(f"{USERS}/{bea['id']}", json={"superuser": True}).raise_for_status()
    with server.client() as other, ThreadPoolExecutor(2) as threads:
        sign_in(other, bea["username"])
        demote = {"superuser": False}
        first = threads.submit(admin.patch, f"{USERS}/{bea['id']}", json=demote)
        second = threads.submit(other.patch, f"{USERS}/{me['id']}", json=demote)
        statuses = sorted([first.result().status_code, second.result().status_code])
        assert statuses[0] == 200
        assert statuses[1] in {403, 409}
        left = admin if admin.get(USERS).status_code == 200 else other
        left.patch(f"{USERS}/{me['id']}", json={"superuser": True})
        assert left.get(USERS).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "ADA"}, 409),
        ({"username": ""}, 422),
        ({"username": "a b"}, 422),
        ({"username": "../x"}, 422),
        ({"username": "x" * 65}, 422),
        ({"username": "short", "password": "1234567"}, 422),
        ({"username": "ctrl", "display_name": "a\x00b"}, 422),
        ({"username": "more", "admin": True}, 422),
        ({}, 422),
    ],
)
def test_users_that_can_not_be_made(admin, body, status):
    before = len(admin.get(USERS).json()["items"])
    answer = admin.post(USERS, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(admin.get(USERS).json()["items"]) == before


@pytest.mark.parametrize(
    ("user_id", "body", "status"),
    [("nobody", {"disabled": True}, 404), ("nobody", {"disabled": "perhaps"}, 422), ("nobody", {"role": "x"}, 422)],
)
def test_changes_that_can_not_be_made(admin, user_id, body, status):
    assert admin.patch(f"{USERS}/{user_id}", json=body).status_code == status


@pytest.mark.parametrize(("method", "path"), [("GET", USERS), ("POST", USERS), ("PATCH", f"{USERS}/x")])
def test_only_superusers_may(server, ada, method, path):
    with server.client() as nobody:
        assert nobody.request(method, path, json={}).status_code == 401
    assert ada.request(method, path, json={}).status_code in {403, 422}
    assert ada.request(method, path, json={"username": "zed"} if method == "POST" else {}).status_code == 403
