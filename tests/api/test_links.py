"""Links as their owners see them: made, listed, changed, revoked, with the log of their uses."""

import os
import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.server import serving, wait_until


@pytest.fixture
def file(ada):
    return ada.put(f"/api/files/by-path/links/{time.time_ns()}.csv", content=b"a,b\n1,2\n").json()


@pytest.fixture
def folder(ada):
    name = f"folder-{time.time_ns()}"
    ada.put(f"/api/files/by-path/{name}/one.txt", content=b"one")
    return name


def make(client, file, **wish):
    answer = client.post(f"/api/files/{file['id']}/links", json=wish)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_one_request_makes_a_link_that_works(server, ada, file):
    link = make(ada, file)
    assert link["file"] == {"id": file["id"], "name": file["name"], "path": file["path"]}
    assert (link["kind"], link["state"], link["downloads"], link["version"]) == ("file", "live", 0, "latest")
    assert link["url"] == f"{server.address}/s/{link['token']}"
    assert link["download_url"] == f"{server.address}/d/{link['token']}"
    assert link["warning"] == "loopback"
    lifetime = datetime.fromisoformat(link["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < lifetime <= timedelta(days=7)
    with server.client() as nobody:
        assert nobody.get(link["download_url"]).content == b"a,b\n1,2\n"


def test_an_address_is_short(server, ada, folder, file):
    wishes = {"username": "grace", "password": "a password", "max_downloads": 1, "version": "current"}
    of_folder = [ada.post("/api/links", json={"folder": folder, "kind": kind}).json() for kind in ("folder", "request")]
    for link in (make(ada, file), make(ada, file, **wishes), *of_folder):
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", link["token"])


def test_the_same_address_is_shown_again(ada, file):
    link = make(ada, file)
    listed = ada.get("/api/links", params={"file_id": file["id"]}).json()["items"]
    assert [one["url"] for one in listed] == [link["url"]]
    assert ada.get(f"/api/links/{link['id']}").json() == listed[0]


def test_what_was_chosen_is_kept(ada, file):
    link = make(
        ada,
        file,
        expires_in=3600,
        username="grace",
        password="a password",
        max_downloads=3,
        version="current",
        note="x",
    )
    assert (link["username"], link["has_password"], link["max_downloads"]) == ("grace", True, 3)
    assert (link["version"], link["note"]) == ("current", "x")
    assert "a password" not in str(link)


@pytest.mark.parametrize(
    "wish",
    [
        {"expires_in": 0},  # without an end only where LINK_MAX_EXPIRY_DAYS is 0
        {"expires_in": 366 * 86_400},
        {"expires_in": -1},
        {"username": "nobody-of-this-name"},
        {"password": "short"},
        {"max_downloads": 0},
        {"version": "first"},
        {"note": "x" * 1001},
        {"surprise": 1},
    ],
)
def test_what_can_not_be_is_refused(ada, file, wish):
    assert ada.post(f"/api/files/{file['id']}/links", json=wish).status_code == 422


def test_only_the_owner_makes_links(server, grace, file):
    assert grace.post(f"/api/files/{file['id']}/links", json={}).status_code == 404
    with server.client("admin") as admin:
        assert admin.post(f"/api/files/{file['id']}/links", json={}).status_code == 404
    with server.client() as nobody:
        assert nobody.post(f"/api/files/{file['id']}/links", json={}).status_code == 401


def test_folders_and_requests(ada, grace, folder):
    for kind in ("folder", "request"):
        made = ada.post("/api/links", json={"folder": folder, "kind": kind})
        assert made.status_code == 201
        assert (made.json()["kind"], made.json()["folder"], made.json()["file"]) == (kind, folder, None)
    listed = ada.get("/api/links", params={"folder": folder}).json()["items"]
    assert [one["kind"] for one in listed] == ["request", "folder"]
    assert grace.post("/api/links", json={"folder": folder}).status_code == 404
    assert ada.post("/api/links", json={"folder": ""}).status_code == 422
    assert ada.post("/api/links", json={"folder": folder, "version": "current"}).status_code == 422


def test_links_come_in_pages_the_newest_first(ada, file):
    made = [make(ada, file)["id"] for _ in range(5)]
    seen, cursor = [], None
    while True:
        parameters = {"file_id": file["id"], "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = ada.get("/api/links", params=parameters).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]
    assert ada.get("/api/links", params={"cursor": "nonsense"}).status_code == 422


def test_revoked_links_stay_in_the_list(ada, file):
    first, second, third = (make(ada, file) for _ in range(3))
    assert ada.delete(f"/api/links/{first['id']}").status_code == 204
    assert ada.delete(f"/api/links/{first['id']}").status_code == 204
    ids = [first["id"], second["id"], "a" * 24]
    assert ada.post("/api/links/revoke", json={"ids": ids}).json() == {"revoked": 1}
    states = {one["id"]: one["state"] for one in ada.get("/api/links", params={"file_id": file["id"]}).json()["items"]}
    assert states == {first["id"]: "revoked", second["id"]: "revoked", third["id"]: "live"}
    live = ada.get("/api/links", params={"file_id": file["id"], "state": "live"}).json()["items"]
    assert [one["id"] for one in live] == [third["id"]]


def test_links_of_others_are_not_found(ada, grace, file):
    link = make(ada, file)
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/uses")):
        assert grace.request(method, f"/api/links/{link['id']}{path}").status_code == 404
    assert grace.patch(f"/api/links/{link['id']}", json={"note": "mine"}).status_code == 404
    assert grace.post("/api/links/revoke", json={"ids": [link["id"]]}).json() == {"revoked": 0}
    assert ada.get(f"/api/links/{link['id']}").json()["state"] == "live"


def test_the_list_shows_every_state(server, ada, file):
    links = {
        "live": make(ada, file),
        "expired": make(ada, file, expires_in=1),
        "revoked": make(ada, file),
        "used_up": make(ada, file, max_downloads=1),
        "gone": make(ada, file, version="current"),
    }
    ada.delete(f"/api/links/{links['revoked']['id']}")
    with server.client() as nobody:
        assert nobody.get(links["used_up"]["download_url"]).status_code == 200
    ada.put(f"/api/files/by-path/{file['path']}", content=b"other content")
    time.sleep(1.1)
    items = ada.get("/api/links", params={"file_id": file["id"]}).json()["items"]
    assert {one["id"]: one["state"] for one in items} == {link["id"]: state for state, link in links.items()}
    ada.delete(f"/api/files/{file['id']}")
    gone = ada.get("/api/links", params={"file_id": file["id"], "state": "gone"}).json()["items"]
    assert {one["id"] for one in gone} == {link["id"] for state, link in links.items() if state != "revoked"}
    assert [one["file"] for one in gone] == [None] * 4


def test_the_log_tells_who_fetched_how_much(server, ada, grace, file):
    link = make(ada, file, username="grace")
    assert grace.get(link["download_url"]).status_code == 200
    log = f"/api/links/{link['id']}/uses"
    wait_until(lambda: all(use["complete"] for use in ada.get(log).json()["items"]))  # written behind the last byte
    uses = ada.get(log).json()["items"]
    assert [(use["username"], use["bytes"], use["size"], use["complete"]) for use in uses] == [("grace", 8, 8, True)]
    assert uses[0]["address"] == "127.0.0.1"
    with server.client("admin") as admin:
        assert admin.get(f"/api/links/{link['id']}/uses").json()["items"] == uses


def test_password_limit_and_note_can_change(server, ada, file):
    link = make(ada, file, max_downloads=1)
    changed = ada.patch(f"/api/links/{link['id']}", json={"max_downloads": None, "note": "for all"}).json()
    assert (changed["max_downloads"], changed["note"], changed["url"]) == (None, "for all", link["url"])
    assert ada.patch(f"/api/links/{link['id']}", json={"password": "a password"}).json()["has_password"]
    with server.client() as nobody:
        assert nobody.get(link["download_url"]).status_code == 401
    assert not ada.patch(f"/api/links/{link['id']}", json={"password": None}).json()["has_password"]
    with server.client() as nobody:
        assert nobody.get(link["download_url"]).status_code == 200


def test_superusers_see_and_revoke_all_links_but_not_their_addresses(server, ada, file):
    link = make(ada, file)
    with server.client("admin") as admin:
        listed = admin.get("/api/admin/links", params={"file_id": file["id"]}).json()["items"]
        assert [(one["id"], one["owner"]) for one in listed] == [(link["id"], "ada")]
        assert link["token"] not in str(listed)
        assert admin.delete(f"/api/admin/links/{link['id']}").status_code == 204
        assert admin.delete(f"/api/admin/links/{'a' * 24}").status_code == 404
    assert ada.get("/api/admin/links").status_code == 403
    assert ada.get(f"/api/links/{link['id']}").json()["state"] == "revoked"


def test_public_url_and_expiry_come_from_the_settings(tmp_path):
    environ = {
        "PUBLIC_URL": "https://share.example.org",
        "LINK_EXPIRY_DAYS": "2",
        "LINK_MAX_EXPIRY_DAYS": "0",
    }
    with serving(tmp_path, environ=environ) as server, server.client("ada") as ada:
        file = ada.put("/api/files/by-path/a.bin", content=os.urandom(10)).json()
        link = make(ada, file)
        assert link["url"] == f"https://share.example.org/s/{link['token']}"
        assert link["warning"] is None
        lifetime = datetime.fromisoformat(link["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=1, hours=23) < lifetime <= timedelta(days=2)
        assert make(ada, file, expires_in=0)["expires_at"] is None
        assert make(ada, file, expires_in=3000 * 86_400)["expires_at"] is not None


def test_tokens_are_in_no_line_of_the_log(tmp_path):
    with serving(tmp_path, environ={"LOG_LEVEL": "debug"}) as server, server.client("ada") as ada:
        file = ada.put("/api/files/by-path/set/a.bin", content=b"x" * 300_000).json()
        links = [make(ada, file, password="the password"), ada.post("/api/links", json={"folder": "set"}).json()]
        tokens = [link["token"] for link in links]
        for token in tokens:
            for path in ("/d/{}", "/s/{}", "/api/d/{}", "/api/d/{}/entries", "/d/{}/a.bin", "/d/{}/no", "/d/{}/../x"):
                server_answer(server, path.format(token))
                server_answer(server, path.format(token[:9]))
                server_answer(server, path.format(token.replace("-", "%2D")))
        ada.post(f"/d/{tokens[0]}/unlock", json={"password": "not the password"})
        ada.post(f"/d/{tokens[0]}/unlock", json={"password": "the password"})
        database = (tmp_path / "aishare.db").read_bytes() + (tmp_path / "aishare.db-wal").read_bytes()
    log = "".join(server.log)
    assert log.count("/d/[redacted]") > 10
    for secret in (*tokens, *(token[:9] for token in tokens), "the password"):
        assert secret not in log
        assert secret.encode() not in database


def server_answer(server, path):
    with server.client() as nobody:
        answer = nobody.get(path, headers={"accept": "text/html"})
        assert answer.status_code < 500
        assert answer.headers["referrer-policy"] == "no-referrer", path


def test_links_outlive_a_change_of_the_key(tmp_path):
    first, second = "the first key of this server: long enough", "the second key of this server: long enough"
    with serving(tmp_path, environ={"SECRET_KEY": first}) as server, server.client("ada") as ada:
        file = ada.put("/api/files/by-path/a.bin", content=b"content").json()
        token = make(ada, file)["token"]
    environ = {"SECRET_KEY": second, "SECRET_KEY_PREVIOUS": first}
    with serving(tmp_path, environ=environ) as server, server.client("ada") as ada, server.client() as nobody:
        assert nobody.get(f"/d/{token}").content == b"content"
        assert [link["token"] for link in ada.get("/api/links").json()["items"]] == [token]
