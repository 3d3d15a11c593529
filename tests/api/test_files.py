"""Files in and out, through the real service."""

import hashlib
import os

import pytest

from aishare.core.sizes import CHUNK_SIZE
from tests.api.conftest import BACKENDS, serving_on


@pytest.fixture(scope="module", params=BACKENDS)
def server(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp("aishare")) as running:
        yield running


def upload(client, path, content):
    answer = client.put(f"/api/files/by-path/{path}", content=content)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


@pytest.mark.parametrize("size", [0, 1, 65_537, CHUNK_SIZE, CHUNK_SIZE + 1])
def test_a_file_comes_back_byte_for_byte(ada, size):
    content = os.urandom(size)
    file = upload(ada, f"sizes/{size}.bin", content)
    assert file["size"] == size
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    answer = ada.get(f"/api/files/{file['id']}/content")
    assert answer.content == content
    assert answer.headers["etag"] == f'"{file["sha256"]}"'
    assert int(answer.headers["content-length"]) == size


def test_file_json_has_the_fields_of_the_contract(ada):
    file = upload(ada, "fields/notes.md", b"# Notes\n")
    expected = {"id", "path", "name", "size", "media_type", "sha256", "owner", "location"}
    assert expected | {"created_at", "modified_at", "thumbnail_url"} <= file.keys()
    assert (file["path"], file["name"], file["owner"]) == ("fields/notes.md", "notes.md", "ada")
    assert file["media_type"] == "text/markdown"


def test_put_says_whether_the_file_is_new_and_replaces_it_whole(ada):
    first = ada.put("/api/files/by-path/twice.txt", content=b"one")
    second = ada.put("/api/files/by-path/twice.txt", content=b"two!")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert ada.get(f"/api/files/{second.json()['id']}/content").content == b"two!"


def test_chunked_upload_without_a_length(ada):
    answer = ada.put("/api/files/by-path/chunked.bin", content=iter([b"a" * 100_000, b"b" * 100_000]))
    assert answer.json()["size"] == 200_000


def test_form_upload(ada):
    answer = ada.post("/api/files", data={"folder": "forms"}, files={"file": ("träin.csv", b"a,b\n1,2\n")})
    assert answer.status_code == 201, answer.text
    assert answer.json()["path"] == "forms/träin.csv"
    assert ada.get(f"/api/files/{answer.json()['id']}/content").content == b"a,b\n1,2\n"


def test_rename_move_and_conflict(ada):
    file = upload(ada, "move/a.txt", b"a")
    upload(ada, "move/b.txt", b"b")
    moved = ada.patch(f"/api/files/{file['id']}", json={"folder": "elsewhere", "name": "c.txt"})
    assert moved.json()["path"] == "elsewhere/c.txt"
    taken = ada.patch(f"/api/files/{file['id']}", json={"path": "move/b.txt"})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")


def test_pages_give_each_file_once_in_every_order(grace):
    names = [f"pages/{number:03}.txt" for number in range(25)]
    for name in names:
        upload(grace, name, name.encode() * (hash(name) % 5 + 1))
    for sort in ("path", "-path", "name", "size", "-size", "modified_at", "-modified_at"):
        seen, cursor = [], None
        while True:
            query = {"folder": "pages", "sort": sort, "limit": 7, **({"cursor": cursor} if cursor else {})}
            page = grace.get("/api/files", params=query).json()
            seen += [item["path"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert sorted(seen) == names, sort
        if sort in {"path", "name"}:
            assert seen == names


def test_search_is_literal_and_ignores_case(ada):
    upload(ada, "search/100%_Report.txt", b"x")
    found = ada.get("/api/files", params={"q": "%_REPORT"}).json()["items"]
    assert [item["path"] for item in found] == ["search/100%_Report.txt"]
    assert ada.get("/api/files", params={"q": "1%t"}).json()["items"] == []


def test_filter_by_kind(ada):
    kinds = {item["kind"] for item in ada.get("/api/files", params={"kind": "image"}).json()["items"]}
    assert kinds == {"image"}


def test_strangers_see_nothing_of_a_file(ada, grace, server):
    file = upload(ada, "private.txt", b"secret")
    url = f"/api/files/{file['id']}"
    with server.client() as nobody:
        for client, status in ((grace, 404), (nobody, 401)):
            answers = [
                client.get(url),
                client.get(f"{url}/content"),
                client.head(f"{url}/content"),
                client.patch(url, json={"name": "x"}),
                client.delete(url),
            ]
            assert {answer.status_code for answer in answers} == {status}
    assert ada.get(f"{url}/content").content == b"secret"
