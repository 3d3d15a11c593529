"""A file by its path is the same file as by its id; lists find one path, or a whole subtree."""

import hashlib
import itertools

import pytest

from tests.api.conftest import BACKENDS, serving_on
from tests.api.test_bad_input import assert_problem

CONTENT = bytes(range(256)) * 300
PATH = "by path/tränen %41.bin"
URL = "/api/files/by-path/by%20path/tr%C3%A4nen%20%2541.bin"


@pytest.fixture(scope="module", params=BACKENDS)
def server(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp("by-path")) as running:
        yield running


@pytest.fixture
def file(ada):
    return ada.put(URL, content=CONTENT).json()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Range": "bytes=5-9"}, 206),
        ({"Range": "bytes=0-1,70000-"}, 206),
        ({"Range": "bytes=76800-"}, 416),
        ({"If-None-Match": f'"{hashlib.sha256(CONTENT).hexdigest()}"'}, 304),
        ({"If-Match": '"other"'}, 412),
    ],
    ids=str,
)
def test_by_path_is_as_by_id(ada, file, headers, status):
    for method, query in itertools.product(("GET", "HEAD"), ("", "?download=1", "?download=0")):
        by_path = ada.request(method, URL + query, headers=headers)
        by_id = ada.request(method, f"/api/files/{file['id']}/content{query}", headers=headers)
        assert by_path.status_code == by_id.status_code
        assert method == "HEAD" or by_path.status_code == status
        same = [name for name in by_id.headers if name not in {"date", "x-request-id", "content-type"}]
        if "multipart" not in by_id.headers.get("content-type", ""):
            assert [by_path.headers[name] for name in same] == [by_id.headers[name] for name in same]
            assert status >= 400 or by_path.content == by_id.content
    assert file["path"] == PATH


def test_by_path_in_a_shared_folder(ada, grace, file):
    share = ada.post("/api/shares", json={"folder": "by path", "username": "grace", "right": "read"}).json()
    door = f"/api/shares/{share['id']}/by-path"
    whole = grace.get(f"{door}/tr%C3%A4nen%20%2541.bin")
    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert whole.headers["etag"] == ada.get(URL).headers["etag"]
    assert grace.get(f"{door}/tr%C3%A4nen%20%2541.bin", headers={"Range": "bytes=1-2"}).content == CONTENT[1:3]
    assert grace.head(f"{door}/tr%C3%A4nen%20%2541.bin").headers["content-length"] == str(file["size"])
    assert_problem(grace.get(f"{door}/nothing.bin"), 404, "not_found")
    ada.delete(f"/api/shares/{share['id']}")
    assert_problem(grace.get(f"{door}/tr%C3%A4nen%20%2541.bin"), 404, "not_found")


def test_delete_by_path(ada, grace, file):
    assert_problem(grace.delete(URL), 404, "not_found")
    gone = ada.delete(URL)
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (ada.get(URL), ada.delete(URL), ada.get(f"/api/files/{file['id']}")):
        assert_problem(answer, 404, "not_found")
    assert_problem(ada.get("/api/files/by-path/by%20path"), 404, "not_found")
    assert_problem(ada.delete("/api/files/by-path/a//b"), 422, "invalid_path")


def test_one_path_exactly(ada):
    for path in ("exact/a.txt", "exact/a.txt.bak", "exact/A.txt", "exact/b/exact/a.txt"):
        ada.put(f"/api/files/by-path/{path}", content=b"x")

    def found(**query):
        answer = ada.get("/api/files", params=query)
        assert answer.status_code == 200, answer.text
        return [item["path"] for item in answer.json()["items"]]

    assert found(path="exact/a.txt") == ["exact/a.txt"]
    assert found(path="exact") == found(path="exact/nothing") == found(path="exact/a.txt", folder="other") == []
    assert found(path="exact/a.txt", folder="exact", kind="text", q="A.T") == ["exact/a.txt"]
    assert_problem(ada.get("/api/files", params={"path": "/exact/a.txt"}), 422, "invalid_path")


def test_a_whole_subtree_in_pages(grace):
    inside = [f"tree/{top}{deep}{number}.txt" for top in ("", "a/", "b%/") for deep in ("", "x/y/") for number in "12"]
    for path in [*inside, "tree.txt", "tree2/1.txt", "Tree/1.txt", "other/tree/1.txt"]:
        grace.put("/api/files/by-path/" + path.replace("%", "%25"), content=path.encode())

    def walk(**query):
        seen, cursor = [], None
        while cursor or not seen:
            answer = grace.get("/api/files", params={**query, "limit": 5, **({"cursor": cursor} if cursor else {})})
            page = answer.json()
            seen += [item["path"] for item in page["items"]]
            cursor = page["next_cursor"]
            assert cursor is not None or answer.status_code == 200
            if cursor is None:
                return seen
        return seen

    for sort in ("path", "-path", "name", "size", "-modified_at"):
        assert sorted(walk(folder="tree", recursive="true", sort=sort)) == sorted(inside), sort
    assert walk(folder="tree", recursive="true") == sorted(inside)
    assert walk(folder="tree/", recursive="1", q="X/Y") == sorted(path for path in inside if "x/y" in path)
    assert walk(folder="tree", recursive="false") == ["tree/1.txt", "tree/2.txt"] == walk(folder="tree")
    everything = walk(folder="", recursive="true")
    assert set(inside) < set(everything)
    assert everything == walk()
    assert_problem(grace.get("/api/files", params={"folder": "tree", "recursive": "maybe"}), 422, "invalid_input")


@pytest.mark.parametrize("name", ["content", "thumbnail", "preview", "links"])
def test_a_file_may_be_called_as_a_part_of_an_address(ada, name):
    door = f"/api/files/by-path/{name}"
    assert ada.put(door, content=b"bytes").json()["path"] == name
    assert ada.get(door).content == b"bytes"
    assert ada.delete(door).status_code == 204
