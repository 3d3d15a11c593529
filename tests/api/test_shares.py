"""Sharing with people, through the real service."""

import json
import threading
import zipfile
from io import BytesIO
from urllib.parse import quote

import httpx
import pytest

from tests.support.server import wait_until


def upload(client, path, content=b"x"):
    answer = client.put(f"/api/files/by-path/{quote(path)}", content=content)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def share(client, username="grace", right="read", **thing):
    answer = client.post("/api/shares", json={**thing, "username": username, "right": right})
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def entries(client, share_id, folder=""):
    answer = client.get(f"/api/shares/{share_id}/entries", params={"folder": folder})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_shared_folder_is_listed_read_and_downloaded_without_what_lies_above(mei, grace):
    upload(mei, "secret project/set/a/1.csv", b"1")
    file = upload(mei, "secret project/set/a/b/2.csv", b"2")
    made = share(mei, folder="secret project/set")
    assert (made["kind"], made["folder"], made["name"], made["right"]) == (
        "folder",
        "secret project/set",
        "set",
        "read",
    )
    assert (made["owner"]["username"], made["user"]["username"]) == ("mei", "grace")
    [seen] = grace.get("/api/shares/with-me").json()["items"]
    assert (seen["id"], seen["folder"], seen["name"]) == (made["id"], "set", "set")
    [folder] = entries(grace, made["id"])["folders"]
    assert folder.pop("modified_at") >= file["modified_at"]
    assert folder == {"name": "a", "path": "a", "files": 2, "bytes": 2}
    inside = entries(grace, made["id"], "a")
    assert [folder["path"] for folder in inside["folders"]] == ["a/b"]
    assert [item["path"] for item in inside["items"]] == ["a/1.csv"]
    assert grace.get(f"/api/files/{file['id']}").json()["path"] == "a/b/2.csv"
    assert grace.get(f"/api/files/{file['id']}/content").content == b"2"
    with zipfile.ZipFile(BytesIO(grace.get("/api/archives", params={"share": made["id"]}).content)) as read:
        assert read.namelist() == ["set/a/1.csv", "set/a/b/2.csv"]
    everything = "".join(
        grace.get(address).text
        for address in (
            "/api/shares/with-me",
            f"/api/files/{file['id']}",
            f"/api/shares/{made['id']}/entries?folder=a/b",
        )
    )
    assert "secret" not in everything


def test_writing_into_a_shared_folder_makes_files_of_its_owner(mei, grace):
    old = upload(mei, "team/old.txt", b"old")
    shared = share(mei, right="write", folder="team")
    used = grace.get("/api/files").json()["items"]
    new = grace.put(f"/api/shares/{shared['id']}/by-path/{quote('deep/nä me.txt')}", content=b"new")
    assert (new.status_code, new.json()["path"], new.json()["owner"]) == (201, "deep/nä me.txt", "mei")
    assert mei.get(f"/api/files/{new.json()['id']}").json()["path"] == "team/deep/nä me.txt"
    again = grace.put(f"/api/shares/{shared['id']}/by-path/old.txt", content=b"newer")
    assert (again.status_code, again.json()["id"]) == (200, old["id"])
    replaced = grace.put(f"/api/files/{old['id']}/content", content=b"newest")
    assert (replaced.status_code, replaced.json()["path"]) == (200, "old.txt")
    assert mei.get(f"/api/files/{old['id']}/content").content == b"newest"
    assert grace.get("/api/files").json()["items"] == used
    moved = grace.patch(f"/api/files/{old['id']}", json={"folder": "deep", "name": "moved.txt"})
    assert (moved.status_code, moved.json()["path"]) == (200, "deep/moved.txt")
    assert mei.get(f"/api/files/{old['id']}").json()["path"] == "team/deep/moved.txt"
    assert grace.delete(f"/api/files/{old['id']}").status_code == 204
    assert mei.get(f"/api/files/{old['id']}").status_code == 404


@pytest.mark.parametrize(
    "path", ["../out.txt", "%2e%2e/out.txt", "a/../../out.txt", "%2e%2e%2fout.txt", "", "a//b", "%ff", "a%00b"]
)
def test_nobody_writes_out_of_a_shared_folder(mei, grace, path):
    upload(mei, "box/in/x.txt")
    shared = share(mei, right="write", folder="box/in")
    answer = grace.put(f"/api/shares/{shared['id']}/by-path/{path}", content=b"x")
    assert answer.status_code in {404, 405, 422}, answer.text
    assert [file["path"] for file in mei.get("/api/files").json()["items"]] == ["box/in/x.txt"]


def test_a_file_stays_in_the_folder_that_may_be_written(mei, grace):
    file = upload(mei, "outer/inner/x.txt")
    upload(mei, "outer/taken.txt")
    share(mei, folder="outer")
    share(mei, right="write", folder="outer/inner")
    assert grace.get(f"/api/files/{file['id']}").json()["path"] == "inner/x.txt"
    out = grace.patch(f"/api/files/{file['id']}", json={"folder": ""})
    assert (out.status_code, out.json()["code"]) == (403, "forbidden")
    within = grace.patch(f"/api/files/{file['id']}", json={"path": "inner/deeper/y.txt"})
    assert (within.status_code, within.json()["path"]) == (200, "inner/deeper/y.txt")


def test_a_share_follows_its_folder_and_ends_with_it(mei, grace):
    upload(mei, "home/set/x.txt")
    shared = share(mei, folder="home/set")
    mei.patch("/api/folders", json={"path": "home", "new_path": "moved/house"})
    assert [one["folder"] for one in mei.get("/api/shares").json()["items"]] == ["moved/house/set"]
    assert [item["path"] for item in entries(grace, shared["id"])["items"]] == ["x.txt"]
    mei.delete("/api/folders", params={"path": "moved"})
    assert grace.get(f"/api/shares/{shared['id']}/entries").status_code == 404
    upload(mei, "moved/house/set/x.txt")
    assert grace.get("/api/shares/with-me").json()["items"] == []


def test_a_file_that_leaves_the_folder_is_shared_no_more(mei, grace):
    file = upload(mei, "out/x.txt")
    share(mei, folder="out")
    assert grace.get(f"/api/files/{file['id']}/content").status_code == 200
    mei.patch(f"/api/files/{file['id']}", json={"folder": ""})
    assert grace.get(f"/api/files/{file['id']}/content").status_code == 404


@pytest.mark.parametrize("door", ["/api/shares/{share}/by-path/new.txt", "/api/files/{file}/content"])
def test_a_right_that_is_taken_while_the_bytes_come_stores_nothing(mei, grace, door):
    file = upload(mei, "slow/x.txt", b"before")
    shared = share(mei, right="write", folder="slow")
    began, go_on, answers = threading.Event(), threading.Event(), []

    def body():
        yield b"a" * 300_000
        began.set()
        go_on.wait(20)
        yield b"b"

    def send():
        answers.append(grace.put(door.format(share=shared["id"], file=file["id"]), content=body()))

    sender = threading.Thread(target=send)
    sender.start()
    assert began.wait(20)
    assert mei.delete(f"/api/shares/{shared['id']}").status_code == 204
    go_on.set()
    sender.join(20)
    assert answers[0].status_code == 404
    assert mei.get(f"/api/files/{file['id']}/content").content == b"before"
    assert [item["path"] for item in mei.get("/api/files").json()["items"]] == ["slow/x.txt"]


def test_a_share_that_ends_ends_the_archive_that_is_on_its_way(server, mei, grace):
    for number in range(12):
        upload(mei, f"large/{number}.bin", bytes(4_000_000))
    shared = share(mei, folder="large")
    with grace.stream("GET", "/api/archives", params={"share": shared["id"]}) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        mei.delete(f"/api/shares/{shared['id']}")
        with pytest.raises(httpx.RemoteProtocolError):
            sum(len(piece) for piece in pieces)
    wait_until(lambda: any('"stream_cut"' in line for line in server.log))


def test_who_was_given_something_may_leave_it(mei, grace):
    upload(mei, "gift/x.txt")
    shared = share(mei, folder="gift")
    assert grace.delete(f"/api/shares/{shared['id']}").status_code == 204
    assert grace.delete(f"/api/shares/{shared['id']}").status_code == 404
    assert mei.get("/api/shares").json()["items"] == []


def test_sharing_the_same_again_changes_the_right(mei, grace):
    file = upload(mei, "same.txt")
    first = mei.post("/api/shares", json={"file_id": file["id"], "username": "GRACE"})
    again = mei.post("/api/shares", json={"file_id": file["id"], "username": "grace", "right": "write"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["id"], again.json()["right"]) == (again.json()["id"], "write")
    less = mei.patch(f"/api/shares/{again.json()['id']}", json={"right": "read"})
    assert less.json()["right"] == "read"
    assert grace.put(f"/api/files/{file['id']}/content", content=b"no").status_code == 403


def test_shares_of_one_thing_are_listed(mei, grace):
    file = upload(mei, "things/x.txt")
    share(mei, "grace", folder="things")
    share(mei, "alan", folder="things")
    share(mei, "ada", file_id=file["id"])

    def users(**query):
        return [one["user"]["username"] for one in mei.get("/api/shares", params=query).json()["items"]]

    assert (users(folder="things"), users(file_id=file["id"])) == (["alan", "grace"], ["ada"])
    assert users() == ["ada", "alan", "grace"]
    assert [one["kind"] for one in mei.get("/api/shares").json()["items"]] == ["file", "folder", "folder"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "grace"}, 422),
        ({"username": "grace", "folder": "x", "file_id": "y"}, 422),
        ({"username": "grace", "folder": ""}, 422),
        ({"username": "grace", "folder": "/"}, 422),
        ({"username": "grace", "folder": "a/../b"}, 422),
        ({"username": "grace", "folder": "no such folder"}, 404),
        ({"username": "grace", "file_id": "no such file"}, 404),
        ({"username": "grace", "folder": "x", "right": "own"}, 422),
        ({"username": "nobody", "folder": "mine"}, 422),
        ({"username": "mei", "folder": "mine"}, 422),
        ({"username": "grace", "folder": "mine", "more": 1}, 422),
        ({"username": "gr\x00ce", "folder": "mine"}, 422),
        ({"username": "\ud800", "folder": "mine"}, 400),
    ],
)
def test_shares_that_can_not_be(mei, body, status):
    upload(mei, "mine/x.txt")
    answer = mei.post("/api/shares", content=json.dumps(body), headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text


def test_entries_come_in_pages(mei, grace):
    for name in ("d1/x", "d2/x", "d3/x", "1", "2", "3", "4"):
        upload(mei, f"paged/{name}")
    shared = share(mei, folder="paged")
    found, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = grace.get(f"/api/shares/{shared['id']}/entries", params=query).json()
        found += [item["path"] for item in (*page["folders"], *page["items"])]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ["d1", "d2", "d3", "1", "2", "3", "4"]
    for wrong in ("x", "d.!", "f.e30="):
        assert grace.get(f"/api/shares/{shared['id']}/entries", params={"cursor": wrong}).status_code == 422


def test_people_are_found_and_disabled_ones_are_not(mei, server):
    def names(text):
        return [person["username"] for person in mei.get("/api/users/search", params={"q": text}).json()["items"]]

    assert names("GRA") == ["grace"]
    assert names("image researcher") == ["grace"]
    assert names("mei") == []
    with server.client("admin") as admin:
        made = admin.post("/api/admin/users", json={"username": "gone"}).json()
        assert names("gone") == ["gone"]
        admin.patch(f"/api/admin/users/{made['id']}", json={"disabled": True})
    assert names("gone") == []
    upload(mei, "mine/x.txt")
    assert mei.post("/api/shares", json={"folder": "mine", "username": "gone"}).status_code == 422


def test_what_is_in_the_way_is_named_without_the_folders_above(mei, grace):
    upload(mei, "secret project/board/pub/f0.txt")
    moved = upload(mei, "secret project/board/pub/other.txt")
    shared = share(mei, right="write", folder="secret project/board/pub")
    inside = f"/api/shares/{shared['id']}"
    for answer in (
        grace.put(f"{inside}/by-path/f0.txt/x", content=b"x"),
        grace.put(f"{inside}/by-path/f0.txt/deep/x", content=b"x"),
        grace.post(f"{inside}/folders", json={"path": "f0.txt/y"}),
        grace.patch(f"/api/files/{moved['id']}", json={"path": "f0.txt/z"}),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (409, "f0.txt is a file, not a folder.")
        assert "secret" not in answer.text
        assert "board" not in answer.text
