"""Many paths looked up at once, through the real service: what the pages ask before they upload."""

from urllib.parse import quote

import pytest


def put(client, path, content=b"x"):
    answer = client.put(f"/api/files/by-path/{quote(path)}", content=content)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def look_up(client, *paths, **share):
    answer = client.post("/api/paths/look-up", json={"paths": paths, **share})
    assert answer.status_code == 200, answer.text
    return {item.pop("path"): item for item in answer.json()["items"]}


def share(client, folder, right):
    answer = client.post("/api/shares", json={"folder": folder, "username": "grace", "right": right})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_files_and_folders_are_found_and_nothing_else(mei):
    file = put(mei, "set/a.csv", b"abc")
    found = look_up(mei, "set", "set/a.csv", "set/A.CSV", "set/b.csv", "a.csv")
    assert found.keys() == {"set", "set/a.csv"}
    assert found["set"]["kind"] == "folder"
    assert found["set"]["sha256"] is None
    seen = found["set/a.csv"]
    assert (seen["kind"], seen["size"], seen["sha256"]) == ("file", 3, file["sha256"])
    version = {"If-Match": f'"{seen["sha256"]}"'}
    assert mei.put("/api/files/by-path/set/a.csv", content=b"new", headers=version).status_code == 200
    assert mei.put("/api/files/by-path/set/a.csv", content=b"newer", headers=version).status_code == 412


def test_names_are_compared_as_they_are_stored(mei):
    put(mei, "caf\u00e9.txt")
    assert look_up(mei, "cafe\u0301.txt").keys() == {"caf\u00e9.txt"}


@pytest.mark.parametrize("path", ["", "/a", "a//b", "../a", "a" * 256, "bell \a"])
def test_a_path_that_no_file_can_have_is_not_there(mei, path):
    put(mei, "here.txt")
    answer = mei.post("/api/paths/look-up", json={"paths": ["here.txt"]})
    body = answer.request.content.replace(b'"here.txt"', b'"here.txt", ' + _json(path))
    answer = mei.post("/api/paths/look-up", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
    assert [item["path"] for item in answer.json()["items"]] == ["here.txt"]


def _json(text):
    return b'"' + b"".join(b"\\u%04x" % ord(letter) for letter in text) + b'"'


def test_a_thousand_paths_go_in_one_request_and_more_are_refused(mei):
    put(mei, "many/7.txt")
    paths = [f"many/{number}.txt" for number in range(1000)]
    assert look_up(mei, *paths).keys() == {"many/7.txt"}
    assert mei.post("/api/paths/look-up", json={"paths": [*paths, "one more"]}).status_code == 422


def test_in_a_share_paths_begin_below_its_folder(mei, grace):
    put(mei, "secret/team/plan.txt")
    put(mei, "secret/other.txt")
    share_id = share(mei, "secret/team", "read")
    assert look_up(grace, "plan.txt", "other.txt", "team", share_id=share_id).keys() == {"plan.txt"}
    assert look_up(grace, "secret/team/plan.txt") == {}
    assert grace.post("/api/paths/look-up", json={"paths": ["x"], "share_id": "none"}).status_code == 404


def test_a_token_for_a_folder_sees_what_lies_in_it(server, mei):
    put(mei, "in/a.txt")
    put(mei, "out.txt")
    made = mei.post("/api/tokens", json={"name": "t", "scopes": ["read"], "folder": "in"}).json()
    with server.client() as client:
        client.headers["Authorization"] = f"Bearer {made['token']}"
        assert look_up(client, "in/a.txt", "out.txt").keys() == {"in/a.txt"}


def test_a_folder_is_made_in_a_folder_that_is_shared_for_writing(mei, grace):
    put(mei, "team/plan.txt")
    share_id = share(mei, "team", "write")
    made = grace.post(f"/api/shares/{share_id}/folders", json={"path": "new/empty"})
    assert made.status_code == 201, made.text
    assert (made.json()["path"], made.json()["files"]) == ("new/empty", 0)
    assert look_up(mei, "team/new/empty")["team/new/empty"]["kind"] == "folder"
    for taken in ("new/empty", "plan.txt"):
        assert grace.post(f"/api/shares/{share_id}/folders", json={"path": taken}).status_code == 409
    assert grace.post(f"/api/shares/{share_id}/folders", json={"path": "../out"}).status_code == 422
