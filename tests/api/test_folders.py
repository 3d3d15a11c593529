"""Folders through the real service."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

HOSTILE = ["100%", "a_c", "a?b#c", "&=+", "%2e%2e", "O'Brien", "<b>", "🐈 x", "\\", "a" * 255]


def upload(client, path, content=b"x"):
    return client.put(f"/api/files/by-path/{quote(path)}", content=content)


def fill(client, *paths):
    for path in paths:
        assert upload(client, path).status_code == 201


def folders(client, parent="", **query):
    answer = client.get("/api/folders", params={"parent": parent, **query})
    assert answer.status_code == 200, answer.text
    return [folder["path"] for folder in answer.json()["items"]]


def files(client, **query):
    return [file["path"] for file in client.get("/api/files", params=query).json()["items"]]


def test_a_folder_has_the_fields_of_the_contract(mei):
    fill(mei, "data/cats/1", "data/2")
    (folder,) = mei.get("/api/folders").json()["items"]
    assert {"path", "name", "files", "bytes", "modified_at"} <= folder.keys()
    assert (folder["path"], folder["name"], folder["files"], folder["bytes"]) == ("data", "data", 2, 2)
    assert folders(mei, "data") == folders(mei, "/data/") == ["data/cats"]


def test_folders_come_in_pages(mei):
    fill(mei, *(f"f{number}/x" for number in range(7)))
    seen, cursor = [], None
    while True:
        page = mei.get("/api/folders", params={"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        seen += [folder["name"] for folder in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [f"f{number}" for number in range(7)]


@pytest.mark.parametrize("limit", [1, 2, 3])
@pytest.mark.parametrize("parent", ["", "top"])
def test_found_folders_of_the_same_name_come_in_whole_pages(mei, parent, limit):
    wanted = [f"top/{number}/same" for number in range(4)]
    fill(mei, *(f"{path}/x" for path in wanted))
    found, cursor = [], {}
    while True:
        page = mei.get("/api/folders", params={"q": "same", "parent": parent, "limit": limit, **cursor}).json()
        found += [folder["path"] for folder in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == wanted


def test_an_empty_folder_can_be_made_filled_emptied_and_deleted(mei):
    made = mei.post("/api/folders", json={"path": "new/inner"})
    assert (made.status_code, made.json()["path"], made.json()["files"]) == (201, "new/inner", 0)
    file = upload(mei, "new/inner/file").json()
    assert mei.delete(f"/api/files/{file['id']}").status_code == 204
    assert folders(mei, "new") == ["new/inner"]
    assert mei.delete("/api/folders", params={"path": "new"}).json() == {"deleted_files": 0}
    assert folders(mei) == []


def test_a_moved_folder_is_found_under_its_new_path_with_the_same_bytes(mei):
    file = upload(mei, "old/deep/file.csv", b"a,b\n").json()
    moved = mei.patch("/api/folders", json={"path": "old", "new_path": "new/place"})
    assert (moved.status_code, moved.json()["path"], moved.json()["files"]) == (200, "new/place", 1)
    assert mei.get(f"/api/files/{file['id']}").json()["path"] == "new/place/deep/file.csv"
    assert mei.get(f"/api/files/{file['id']}/content").content == b"a,b\n"
    assert (
        files(mei, folder="new/place/deep", kind="dataset") == files(mei, q="PLACE/deep") == ["new/place/deep/file.csv"]
    )
    assert files(mei, q="old") == []


def test_a_deleted_folder_is_gone_with_its_files(mei):
    fill(mei, "a/1", "a/b/2", "ab/3")
    file_id = mei.get("/api/files", params={"q": "a/b/2"}).json()["items"][0]["id"]
    assert mei.delete("/api/folders", params={"path": "a"}).json() == {"deleted_files": 2}
    assert mei.get(f"/api/files/{file_id}/content").status_code == 404
    assert (folders(mei), files(mei)) == (["ab"], ["ab/3"])


@pytest.mark.parametrize(
    ("method", "body", "status", "code"),
    [
        ("POST", {"path": "a"}, 409, "conflict"),
        ("POST", {"path": "a/file"}, 409, "conflict"),
        ("POST", {"path": "a/file/x"}, 409, "conflict"),
        ("POST", {"path": ""}, 422, "invalid_path"),
        ("POST", {"path": "///"}, 422, "invalid_path"),
        ("POST", {"path": "a/../b"}, 422, "invalid_path"),
        ("POST", {"path": "a//b"}, 422, "invalid_path"),
        ("POST", {"path": "nul\0"}, 422, "invalid_input"),
        ("POST", {"path": "x" * 256}, 422, "invalid_path"),
        ("POST", {"path": 1}, 422, "invalid_input"),
        ("POST", {}, 422, "invalid_input"),
        ("PATCH", {"path": "a", "new_path": "taken"}, 409, "conflict"),
        ("PATCH", {"path": "a", "new_path": "file"}, 409, "conflict"),
        ("PATCH", {"path": "a", "new_path": "file/x"}, 409, "conflict"),
        ("PATCH", {"path": "a", "new_path": "a/b/x"}, 422, "invalid_input"),
        ("PATCH", {"path": "a", "new_path": ""}, 422, "invalid_path"),
        ("PATCH", {"path": "", "new_path": "x"}, 422, "invalid_path"),
        ("PATCH", {"path": "a", "new_path": "\ud800"}, 400, "invalid_request"),
        ("PATCH", {"path": "nothing", "new_path": "x"}, 404, "not_found"),
        ("PATCH", {"path": "file", "new_path": "x"}, 404, "not_found"),
        ("PATCH", {"path": "a"}, 422, "invalid_input"),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(mei, method, body, status, code):
    fill(mei, "a/file", "a/b/c", "taken/x", "file")
    before = (files(mei), folders(mei), folders(mei, "a"))
    answer = mei.request(method, "/api/folders", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (files(mei), folders(mei), folders(mei, "a")) == before


@pytest.mark.parametrize(
    ("query", "status"), [({"path": "nothing"}, 404), ({"path": "file"}, 404), ({"path": ""}, 422), ({}, 422)]
)
def test_what_is_no_folder_can_not_be_deleted(mei, query, status):
    fill(mei, "file")
    assert mei.delete("/api/folders", params=query).status_code == status
    assert files(mei) == ["file"]


@pytest.mark.parametrize("query", [{"parent": "nothing"}, {"parent": "file"}])
def test_the_list_of_what_is_no_folder_is_not_found(mei, query):
    fill(mei, "file")
    assert mei.get("/api/folders", params=query).status_code == 404


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"limit": 0}, {"limit": 1001}, {"parent": "a//b"}])
def test_a_list_that_makes_no_sense_is_refused(mei, query):
    assert mei.get("/api/folders", params=query).status_code == 422


@pytest.mark.parametrize("path", ["a", "a/b", "a/file/x"])
def test_a_file_never_takes_the_place_of_a_folder(mei, path):
    fill(mei, "a/b/c", "a/file")
    refused = upload(mei, path)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    other = upload(mei, "other").json()
    assert mei.patch(f"/api/files/{other['id']}", json={"path": path}).status_code == 409
    form = mei.post("/api/files", data={"folder": path.rpartition("/")[0]}, files={"file": (path.split("/")[-1], b"x")})
    assert form.status_code == 409
    assert files(mei) == ["a/b/c", "a/file", "other"]


def test_hostile_names(mei):
    for name in HOSTILE:
        fill(mei, f"{name}/f", f"{name}x/f" if len(name) < 255 else f"{name[:-1]}/f")
    for name in HOSTILE:
        assert mei.patch("/api/folders", json={"path": name, "new_path": f"to/{name}"}).json()["files"] == 1
        assert files(mei, folder=f"to/{name}") == [f"to/{name}/f"]
    assert sorted(folders(mei, "to")) == sorted(f"to/{name}" for name in HOSTILE)
    for name in HOSTILE:
        assert mei.delete("/api/folders", params={"path": f"to/{name}"}).json() == {"deleted_files": 1}
    assert len(files(mei)) == len(HOSTILE)


def test_everybody_has_folders_of_their_own(server, mei, ada):
    fill(mei, "private/mine")
    with server.client("admin") as admin:
        for client in (ada, admin):
            assert "private" not in folders(client)
            assert client.get("/api/folders", params={"parent": "private"}).status_code == 404
            assert client.patch("/api/folders", json={"path": "private", "new_path": "x"}).status_code == 404
            assert client.delete("/api/folders", params={"path": "private"}).status_code == 404
    assert files(mei) == ["private/mine"]
    assert ada.post("/api/folders", json={"path": "private"}).status_code == 201
    assert ada.delete("/api/folders", params={"path": "private"}).status_code == 200


def test_strangers_and_other_origins_are_sent_away(server, ada):
    body = {"path": "x", "new_path": "y"}
    with server.client() as client:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            assert client.request(method, "/api/folders", params={"path": "x"}, json=body).status_code == 401
    evil = {"Origin": "https://evil.example"}
    for method in ("POST", "PATCH", "DELETE"):
        answer = ada.request(method, "/api/folders", params={"path": "x"}, json=body, headers=evil)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")


def test_uploads_into_a_folder_that_moves_lose_nothing(mei):
    fill(mei, "a/first")
    with ThreadPoolExecutor(8) as threads:
        uploads = [threads.submit(upload, mei, f"a/{number}") for number in range(24)]
        move = {"path": "a", "new_path": "b"}
        moves = [threads.submit(mei.patch, "/api/folders", json=move) for _ in range(2)]
        assert [done.result().status_code for done in uploads] == [201] * 24
        statuses = sorted(done.result().status_code for done in moves)
    assert statuses[0] == 200
    assert statuses[1] in {404, 409}
    assert len(files(mei)) == 25
    sums = {folder["path"]: folder["files"] for folder in mei.get("/api/folders").json()["items"]}
    assert sums == {name: len(files(mei, folder=name)) for name in sums}
