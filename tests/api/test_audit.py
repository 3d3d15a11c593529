"""The audit log over HTTP: who may read it, what it says, and as a file that no spreadsheet calculates."""

import csv
import io
import json

import pytest

from aishare.api.routes.people.audit_export import safe_cell
from tests.support.server import run_cli, serving, wait_until

AUDIT = "/api/admin/audit"
PASSWORD = "correct horse battery"
CANARY = "canary-that-is-a-secret"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aishare")
    (folder / ".env").write_text("SESSION_IDLE_HOURS=12\n")
    with serving(folder, environ={"LOGIN_MAX_FAILURES": "3"}) as running:
        yield running


def rows(admin, **wanted):
    return admin.get(AUDIT, params={"limit": 1000, **wanted}).json()["items"]


def acts(admin, **wanted):
    return {(row["actor"], row["action"], row["target"], row["detail"]) for row in rows(admin, **wanted)}


def test_only_superusers_read_it(server, ada):
    for address in (AUDIT, f"{AUDIT}/export"):
        assert ada.get(address).status_code == 403
        with server.client() as nobody:
            assert nobody.get(address).status_code == 401


def test_signing_in_failing_and_signing_out_are_noted_with_names_alone(server, admin):
    run_cli(server.data_dir, "user", "create", "mei", "--password-stdin", stdin=PASSWORD + "\n")
    with server.client() as client:
        for _ in range(3):
            client.post("/api/auth/login", json={"username": "intruder", "password": CANARY})
        client.post("/api/auth/login", json={"username": "intruder", "password": CANARY})
        signed_in = client.post("/api/auth/login", json={"username": "mei", "password": PASSWORD})
        client.patch("/api/auth/me", json={"display_name": "Mei Lin"})
        client.post("/api/auth/password", json={"current_password": PASSWORD, "new_password": CANARY})
        out = client.post("/api/auth/logout")
    assert acts(admin, actor="mei") == {
        ("mei", "sign_in", None, None),
        ("mei", "user_changed", "mei", "display_name"),
        ("mei", "password_changed", None, None),
        ("mei", "sign_out", None, None),
    }
    by_request = {row["request_id"]: row["action"] for row in rows(admin, actor="mei")}
    assert by_request[signed_in.headers["x-request-id"]] == "sign_in"
    assert by_request[out.headers["x-request-id"]] == "sign_out"
    assert {row["address"] for row in rows(admin, actor="mei")} == {"127.0.0.1"}
    failed = sorted((row["action"], row["target"] or "") for row in rows(admin, actor="intruder"))
    assert failed == [("sign_in_failed", "")] * 3 + [("sign_in_locked", "user")]
    assert ("command line", "user_created", "mei", None) in acts(admin)
    assert CANARY not in json.dumps(rows(admin))


def test_tokens_sessions_and_users_are_noted(server, admin, grace):
    token = grace.post("/api/tokens", json={"name": "laptop"}).json()
    grace.delete(f"/api/tokens/{token['id']}")
    assert {row[1:3] for row in acts(admin, actor="grace", target=token["id"])} == {
        ("token_created", "laptop"),
        ("token_revoked", "laptop"),
    }
    made = json.loads(run_cli(server.data_dir, "token", "create", "ci", "--user", "grace", "--json").stdout)
    assert ("command line", "token_created", "ci", f"of grace, id {made['id']}, all rights") in acts(admin)
    with server.client("grace") as elsewhere:
        (session,) = (item["id"] for item in elsewhere.get("/api/auth/sessions").json()["items"] if item["current"])
        grace.delete(f"/api/auth/sessions/{session}")
    assert ("grace", "session_ended", session, None) in acts(admin)
    user = admin.post("/api/admin/users", json={"username": "leaver", "password": CANARY}).json()
    admin.patch(f"/api/admin/users/{user['id']}", json={"disabled": True, "password": CANARY + "2"})
    admin.patch(f"/api/admin/users/{user['id']}", json={"disabled": False, "superuser": True})
    run_cli(server.data_dir, "user", "disable", "leaver")
    assert {row for row in acts(admin, target="leaver") if row[1] != "user_created"} == {
        ("admin", "user_changed", "leaver", "password, disabled"),
        ("admin", "user_changed", "leaver", "not disabled, superuser"),
        ("command line", "user_changed", "leaver", "disabled"),
    }
    everything = json.dumps(rows(admin))
    assert token["token"] not in everything
    assert made["token"] not in everything
    assert CANARY not in everything


def test_every_end_of_a_change_of_settings_is_noted(server, admin):
    file = server.data_dir / ".env"

    def change(value, seconds):
        version = admin.get("/api/environment-variables").json()["files"][0]["version"]
        body = {"changes": {"SESSION_IDLE_HOURS": value}, "version": version, "confirm_seconds": seconds}
        answer = admin.patch("/api/environment-variables", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["change"]["id"]

    changes = "/api/environment-variables/changes"
    assert admin.post(f"{changes}/{change('21', 60)}/confirm").status_code == 200
    assert admin.post(f"{changes}/{change('22', 60)}/revert").status_code == 200
    change("23", 1)
    wait_until(lambda: "=21" in file.read_text())
    wait_until(lambda: rows(admin, action="settings_expired"))
    assert [(row["actor"], row["action"], row["target"], row["detail"]) for row in rows(admin, target=".env")] == [
        ("the service", "settings_expired", ".env", "SESSION_IDLE_HOURS"),
        ("admin", "settings_changed", ".env", "SESSION_IDLE_HOURS"),
        ("admin", "settings_reverted", ".env", "SESSION_IDLE_HOURS"),
        ("admin", "settings_changed", ".env", "SESSION_IDLE_HOURS"),
        ("admin", "settings_confirmed", ".env", "SESSION_IDLE_HOURS"),
        ("admin", "settings_changed", ".env", "SESSION_IDLE_HOURS"),
    ]


def test_pages_filters_and_what_is_no_filter(admin):
    first = admin.get(AUDIT, params={"limit": 2}).json()
    second = admin.get(AUDIT, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert len({row["id"] for row in first["items"] + second["items"]}) == 4
    newest = first["items"][0]
    assert newest.keys() == {
        *("id", "at", "actor", "action", "target", "target_id", "owner", "detail", "address", "request_id")
    }
    assert newest not in rows(admin, until=newest["at"])
    assert newest in rows(admin, since=newest["at"])
    assert {row["action"] for row in rows(admin, action="sign_in")} == {"sign_in"}
    for bad in ({"cursor": "x"}, {"since": "yesterday"}, {"since": "2026-01-01T00:00:00"}, {"limit": 0}):
        answer = admin.get(AUDIT, params=bad)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), bad


FORMULA = '=HYPERLINK("http://evil.example","click")'


def test_the_file_holds_all_rows_and_no_formula(server, admin):
    with server.client() as client:
        client.post("/api/auth/login", json={"username": FORMULA, "password": "wrong password"})
    before = rows(admin)
    answer = admin.get(f"{AUDIT}/export", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="aishare-audit-')
    table = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["id"] for row in table] == [row["id"] for row in before]
    (failed,) = (row for row in table if "HYPERLINK" in row["actor"])
    assert failed["actor"] == f"'{FORMULA}"
    lines = admin.get(f"{AUDIT}/export", params={"format": "jsonl", "actor": FORMULA}).text.splitlines()
    assert [json.loads(line)["actor"] for line in lines] == [FORMULA]
    assert json.loads(lines[0]) == rows(admin, actor=FORMULA)[0]
    assert ("admin", "audit_exported", None, "csv") in acts(admin)
    assert admin.get(f"{AUDIT}/export", params={"format": "xlsx"}).status_code == 422


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a-b=c", "a-b=c"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("name;=1", "name;'=1"),
        ("line\n=1", "line\n'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("", ""),
    ],
)
def test_a_cell_is_no_formula(text, expected):
    assert safe_cell(text) == expected


def test_a_long_export_comes_in_pages_and_stops_when_the_right_is_taken_away(server, admin):
    run_cli(server.data_dir, "user", "create", "auditor", "--demo", "--superuser")
    with server.client("auditor") as auditor:
        assert auditor.get(f"{AUDIT}/export").status_code == 200
        (user,) = (one for one in admin.get("/api/admin/users").json()["items"] if one["username"] == "auditor")
        admin.patch(f"/api/admin/users/{user['id']}", json={"superuser": False})
        assert auditor.get(f"{AUDIT}/export").status_code == 403
