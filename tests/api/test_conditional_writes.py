"""Conditions of requests that change something (RFC 9110 §13): what does not hold changes nothing, at no door."""

import asyncio
import secrets
from urllib.parse import quote

import pytest

from tests.api.test_bad_input import assert_problem
from tests.support.expecting import uploading
from tests.support.postgres import fresh_database
from tests.support.server import serving, wait_until

OLD = "Wed, 01 Jan 2020 00:00:00 GMT"
FUTURE = "Wed, 01 Jan 2099 00:00:00 GMT"
FAILING = [
    {"If-None-Match": "*"},
    {"If-None-Match": "W/{etag}"},
    {"If-None-Match": '"other", {etag}'},
    {"If-Match": '"other"'},
    {"If-Match": "W/{etag}"},
    {"If-Match": "{etag}", "If-None-Match": "*"},
    {"If-Match": '"other"', "If-Unmodified-Since": FUTURE},
    {"If-Unmodified-Since": OLD},
]
HOLDING = [
    {"If-Match": "*"},
    {"If-Match": "{etag}"},
    {"If-Match": '"other", , {etag}'},
    {"If-None-Match": '"other"'},
    {"If-Unmodified-Since": FUTURE},
    {"If-Unmodified-Since": "yesterday"},
    {"If-Match": "{etag}", "If-Unmodified-Since": OLD},
    {"If-Modified-Since": FUTURE},
]
"""§13.2.2: If-Unmodified-Since counts only without If-Match; §13.1.3: If-Modified-Since is for GET and HEAD."""
MALFORMED = [{"If-Match": "unquoted"}, {"If-None-Match": '*, "a"'}, {"If-Match": ""}, {"If-None-Match": '"a" x'}]


@pytest.fixture
def file(ada):
    """One that every test has for itself, and its ETag."""
    answer = ada.put(f"/api/files/by-path/conditions/{secrets.token_hex(8)}.txt", content=b"before")
    assert answer.status_code == 201, answer.text
    return answer.json() | {"etag": f'"{answer.json()["sha256"]}"'}


def put_by_path(client, file, **options):
    return client.put(f"/api/files/by-path/{file['path']}", content=b"after", **options)


def put_by_id(client, file, **options):
    return client.put(f"/api/files/{file['id']}/content", content=b"after", **options)


def put_chunked(client, file, **options):
    return client.put(f"/api/files/by-path/{file['path']}", content=iter([b"af", b"ter"]), **options)


def post_form(client, file, **options):
    folder, _, name = file["path"].rpartition("/")
    return client.post("/api/files", data={"folder": folder}, files={"file": (name, b"after")}, **options)


def put_into_share(client, file, **options):
    share = client.post("/api/shares", json={"folder": "conditions", "username": "grace", "right": "write"}).json()
    return client.put(f"/api/shares/{share['id']}/by-path/{file['name']}", content=b"after", **options)


def rename(client, file, **options):
    return client.patch(f"/api/files/{file['id']}", json={"folder": "conditions/moved"}, **options)


def delete_by_id(client, file, **options):
    return client.delete(f"/api/files/{file['id']}", **options)


def delete_by_path(client, file, **options):
    return client.delete(f"/api/files/by-path/{file['path']}", **options)


WRITES = [put_by_path, put_by_id, put_chunked, post_form, put_into_share]
DOORS = [*WRITES, rename, delete_by_id, delete_by_path]


def headers_for(file, headers):
    return {name: value.replace("{etag}", file["etag"]) for name, value in headers.items()}


def assert_untouched(client, file):
    answer = client.get(f"/api/files/{file['id']}")
    assert answer.json() == {name: value for name, value in file.items() if name != "etag"}
    assert client.get(f"/api/files/{file['id']}/content").content == b"before"


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_conditions_that_do_not_hold_change_nothing(ada, file, door):
    for headers in FAILING:
        assert_problem(door(ada, file, headers=headers_for(file, headers)), 412, "precondition_failed")
    for headers in MALFORMED:
        assert_problem(door(ada, file, headers=headers), 400, "invalid_request")
    assert_untouched(ada, file)


@pytest.mark.parametrize("headers", HOLDING, ids=str)
def test_conditions_that_hold_are_no_hindrance(ada, file, headers):
    for door in (put_by_path, put_by_id, post_form, put_into_share):
        ada.put(f"/api/files/by-path/{file['path']}", content=b"before")
        answer = door(ada, file, headers=headers_for(file, headers))
        assert answer.status_code == 200, (door.__name__, answer.text)
        assert answer.headers["etag"] == ada.head(f"/api/files/{file['id']}/content").headers["etag"]
    ada.put(f"/api/files/by-path/{file['path']}", content=b"before")
    moved = rename(ada, file, headers=headers_for(file, headers))
    assert (moved.status_code, moved.headers["etag"]) == (200, file["etag"])
    assert delete_by_id(ada, file, headers=headers_for(file, headers)).status_code == 204


@pytest.mark.parametrize("door", [put_by_path, post_form, put_into_share], ids=lambda door: door.__name__)
def test_what_is_not_there_yet(ada, file, door):
    new = {**file, "path": f"conditions/new-{door.__name__}.txt", "name": f"new-{door.__name__}.txt"}
    for headers in ({"If-Match": "*"}, {"If-Match": file["etag"]}):
        assert_problem(door(ada, new, headers=headers), 412, "precondition_failed")
    assert door(ada, new, headers={"If-None-Match": "*", "If-Unmodified-Since": OLD}).status_code == 201
    assert door(ada, new, headers={"If-None-Match": "*"}).status_code == 412


def test_conditions_come_after_rights(ada, server, file):
    with server.client("alan") as stranger:
        for door in (put_by_id, rename, delete_by_id):
            assert_problem(door(stranger, file, headers={"If-Match": '"other"'}), 404, "not_found")
    gone = {**file, "id": "nothing", "path": "conditions/nothing.txt"}
    for door in (put_by_id, rename, delete_by_id, delete_by_path):
        assert_problem(door(ada, gone, headers={"If-Match": "*"}), 404, "not_found")


def test_a_lost_update_is_noticed(ada, file):
    first = put_by_path(ada, file, headers={"If-Match": file["etag"]})
    assert first.status_code == 200
    assert put_by_path(ada, file, headers={"If-Match": file["etag"]}).status_code == 412
    assert put_by_path(ada, file, headers={"If-Match": first.headers["etag"]}).status_code == 200


def test_an_upload_that_cannot_come_in_is_refused_before_its_body(ada, server, file):
    share = ada.post("/api/shares", json={"folder": "conditions", "username": "grace", "right": "write"}).json()
    link = ada.post("/api/links", json={"folder": "conditions", "kind": "request"}).json()
    for door in (
        f"/api/files/by-path/{file['path']}",
        f"/api/files/{file['id']}/content",
        f"/api/shares/{share['id']}/by-path/{file['name']}",
        f"/api/d/{link['token']}/files/{file['name']}",
    ):
        with uploading(server, ada, quote(door), [{"If-None-Match": "*"}], length=1_000_000) as (upload,):
            assert (upload.continued, upload.answer()[0]) == (False, 412), door


def test_links_take_new_files_only(ada, server, file):
    link = ada.post("/api/links", json={"folder": "conditions", "kind": "request"}).json()
    door = f"/api/d/{link['token']}/files"
    with server.client() as nobody:
        taken = nobody.put(f"{door}/{file['name']}", content=b"after", headers={"If-None-Match": "*"})
        assert_problem(taken, 412, "precondition_failed")
        for etag in ("*", file["etag"]):
            answer = nobody.put(f"{door}/{file['name']}", content=b"after", headers={"If-Match": etag})
            assert_problem(answer, 412, "precondition_failed")
        assert nobody.put(f"{door}/fresh.txt", content=b"1", headers={"If-None-Match": "*"}).status_code == 201
        beside = nobody.put(f"{door}/{file['name']}", content=b"after")
        assert beside.json()["name"].endswith(" (2).txt")
    assert ada.get(f"/api/links/{link['id']}").json()["downloads"] == 2
    assert_untouched(ada, file)


# --- many at once -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def on_engine(request, tmp_path_factory):
    if request.param == "sqlite":
        yield request.getfixturevalue("server")
        return
    database = fresh_database()
    with asyncio.Runner() as runner:
        url = runner.run(database.__aenter__())
        with serving(tmp_path_factory.mktemp("postgresql"), environ={"DATABASE_URL": url}) as running:
            yield running
        runner.run(database.__aexit__(None, None, None))


def at_once(server, client, path, headers):
    """Sixteen bodies that are all wanted before any of them comes: the look before the body was too early to tell."""
    with uploading(server, client, path, [headers] * 16, length=7) as uploads:
        assert all(upload.continued for upload in uploads)
        for number, upload in enumerate(uploads):
            upload.finish(b"body %02d" % number)
        return [upload.answer() for upload in uploads]


def test_of_many_that_want_to_be_first_one_is(on_engine):
    with on_engine.client("ada") as ada:
        ada.post("/api/folders", json={"path": "race"})
        link = ada.post("/api/links", json={"folder": "race", "kind": "request"}).json()
        share = ada.post("/api/shares", json={"folder": "race", "username": "grace", "right": "write"}).json()
        doors = {
            "by-path.bin": "/api/files/by-path/race/by-path.bin",
            "shared.bin": f"/api/shares/{share['id']}/by-path/shared.bin",
            "brought.bin": f"/api/d/{link['token']}/files/brought.bin",
        }
        for door in doors.values():
            answers = at_once(on_engine, ada, door, {"If-None-Match": "*"})
            assert sorted(status for status, _ in answers) == [201, *[412] * 15], door
        files = ada.get("/api/files", params={"folder": "race"}).json()["items"]
        assert sorted(file["name"] for file in files) == sorted(doors)


def test_of_many_that_replace_one_version_one_does(on_engine):
    with on_engine.client("ada") as ada:
        etag = ada.put("/api/files/by-path/version.bin", content=b"first").headers["etag"]
        answers = at_once(on_engine, ada, "/api/files/by-path/version.bin", {"If-Match": etag})
        assert sorted(status for status, _ in answers) == [200, *[412] * 15]
        winner = next(headers for status, headers in answers if status == 200)
        assert ada.get("/api/files/by-path/version.bin").headers["etag"] == winner["etag"]


def test_bytes_of_refused_uploads_go_away(on_engine):
    """The storage holds one object per file, and nothing of the fifteen others."""
    with on_engine.client("ada") as ada:
        etag = ada.put("/api/files/by-path/left-over.bin", content=b"first").headers["etag"]
        before = objects_in(on_engine)
        at_once(on_engine, ada, "/api/files/by-path/left-over.bin", {"If-None-Match": '"none"', "If-Match": etag})
        wait_until(lambda: len(objects_in(on_engine) - before) == 1)


def objects_in(server):
    return {path.name for path in (server.data_dir / "storage/objects").rglob("*") if path.is_file()}


# --- folders, shares, links -------------------------------------------------------------------------------------


def test_folders(ada):
    made = ada.post("/api/folders", json={"path": "if/folder"}, headers={"If-None-Match": "*"})
    assert made.status_code == 201
    again = ada.post("/api/folders", json={"path": "if/folder"}, headers={"If-None-Match": "*"})
    assert_problem(again, 412, "precondition_failed")
    assert_problem(ada.post("/api/folders", json={"path": "if/x"}, headers={"If-Match": "*"}), 412)
    seen = ada.get("/api/folders", params={"parent": "if/folder"}).headers["etag"]
    assert seen == made.headers["etag"]
    ada.put("/api/files/by-path/if/folder/new.txt", content=b"new")
    move = {"path": "if/folder", "new_path": "if/moved"}
    for headers in ({"If-Match": seen}, {"If-None-Match": "*"}, {"If-Unmodified-Since": OLD}):
        assert_problem(ada.patch("/api/folders", json=move, headers=headers), 412, "precondition_failed")
        assert_problem(ada.delete("/api/folders", params={"path": "if/folder"}, headers=headers), 412)
    now = ada.get("/api/folders", params={"parent": "if/folder"}).headers["etag"]
    moved = ada.patch("/api/folders", json=move, headers={"If-Match": now})
    assert moved.status_code == 200
    gone = ada.delete("/api/folders", params={"path": "if/moved"}, headers={"If-Match": moved.headers["etag"]})
    assert gone.json() == {"deleted_files": 1}
    missing = ada.delete("/api/folders", params={"path": "if/moved"}, headers={"If-Match": "*"})
    assert_problem(missing, 404, "not_found")


def test_shares(ada, file):
    wanted = {"file_id": file["id"], "username": "grace"}
    made = ada.post("/api/shares", json=wanted, headers={"If-None-Match": "*"})
    assert made.status_code == 201
    seen, url = made.headers["etag"], f"/api/shares/{made.json()['id']}"
    assert_problem(ada.post("/api/shares", json=wanted, headers={"If-None-Match": "*"}), 412)
    changed = ada.patch(url, json={"right": "write"}, headers={"If-Match": seen})
    assert (changed.status_code, changed.headers["etag"] == seen) == (200, False)
    for answer in (
        ada.patch(url, json={"right": "read"}, headers={"If-Match": seen}),
        ada.post("/api/shares", json=wanted, headers={"If-Match": seen}),
        ada.delete(url, headers={"If-Match": seen}),
    ):
        assert_problem(answer, 412, "precondition_failed")
    assert ada.get("/api/shares", params={"file_id": file["id"]}).json()["items"][0]["right"] == "write"
    assert ada.delete(url, headers={"If-Match": changed.headers["etag"]}).status_code == 204


def test_links(ada, file, server):
    url = f"/api/files/{file['id']}/links"
    assert_problem(ada.post(url, json={}, headers={"If-Match": "*"}), 412, "precondition_failed")
    made = ada.post(url, json={"note": "first"}, headers={"If-None-Match": "*"})
    assert made.status_code == 201
    url = f"/api/links/{made.json()['id']}"
    seen = ada.get(url).headers["etag"]
    assert seen == made.headers["etag"]
    with server.client() as nobody:
        assert nobody.get(f"/d/{made.json()['token']}").status_code == 200
    changed = ada.patch(url, json={"note": "second"}, headers={"If-Match": seen})
    assert (changed.status_code, changed.json()["note"]) == (200, "second")
    assert_problem(ada.patch(url, json={"note": "third"}, headers={"If-Match": seen}), 412, "precondition_failed")
    assert_problem(ada.delete(url, headers={"If-Match": seen}), 412, "precondition_failed")
    with server.client("admin") as admin:
        by_admin = admin.delete(f"/api/admin/links/{made.json()['id']}", headers={"If-None-Match": "*"})
        assert_problem(by_admin, 412, "precondition_failed")
    assert (ada.get(url).json()["note"], ada.get(url).json()["state"]) == ("second", "live")
    assert ada.delete(url, headers={"If-Match": changed.headers["etag"]}).status_code == 204


def test_what_has_no_etag_has_none_that_fits(ada, file):
    token = ada.post("/api/tokens", json={"name": "kept"}, headers={"If-None-Match": "*"})
    assert token.status_code == 201
    link = ada.post(f"/api/files/{file['id']}/links", json={}).json()
    url = f"/api/tokens/{token.json()['id']}"
    for answer in (
        ada.delete(url, headers={"If-Match": '"other"'}),
        ada.delete(url, headers={"If-None-Match": "*"}),
        ada.post("/api/tokens", json={"name": "never"}, headers={"If-Match": '"other"'}),
        ada.patch("/api/auth/me", json={"display_name": "Never"}, headers={"If-Match": '"other"'}),
        ada.post("/api/links/revoke", json={"ids": [link["id"]]}, headers={"If-Match": '"other"'}),
    ):
        assert_problem(answer, 412, "precondition_failed")
    assert [one["name"] for one in ada.get("/api/tokens").json()["items"]] == ["kept"]
    assert ada.get(f"/api/links/{link['id']}").json()["state"] == "live"
    assert ada.get("/api/auth/me", headers={"If-Match": '"other"'}).status_code == 200
    assert ada.delete(url, headers={"If-Match": "*"}).status_code == 204
