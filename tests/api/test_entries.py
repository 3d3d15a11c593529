"""The lists of folders that were given to others, by a link or a share: sorted, chosen by kind, in exact pages."""

import base64
import binascii
import io
import re
import time

import pytest
from PIL import Image

from tests.support.links import of_folder

SORTS = ["path", "name", "size", "modified_at", "-path", "-name", "-size", "-modified_at"]
FILES = {"a.csv": 30, "b.txt": 10, "c.png": 0, "d.txt": 20, "e.csv": 5}
"""Names and bytes, in the order that they come in; the picture is as large as it is."""

ABOVE = "Layoffs 2027"
"""A folder of the owner, in which the one is that was given."""


@pytest.fixture(scope="module")
def given(server):
    """The addresses that list one folder, each with the client that may."""
    picture = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(picture, "PNG")
    folder = f"{ABOVE}/given-{time.time_ns()}"
    with server.client("ada") as ada, server.client("grace") as grace, server.client() as nobody:
        for name, size in FILES.items():
            content = picture.getvalue() if name.endswith("png") else b"x" * size
            assert ada.put(f"/api/files/by-path/{folder}/{name}", content=content).status_code == 201
        for inner in ("one", "three", "two"):
            assert ada.put(f"/api/files/by-path/{folder}/{inner}/x.bin", content=b"x").status_code == 201
        share = ada.post("/api/shares", json={"folder": folder, "username": "grace", "right": "read"}).json()
        link = of_folder(ada, folder)
        yield {
            "link": (nobody, f"/api/d/{link['token']}/entries"),
            "share": (grace, f"/api/shares/{share['id']}/entries"),
        }


@pytest.fixture(params=["link", "share"])
def entries(request, given):
    client, address = given[request.param]

    def get(**query):
        return client.get(address, params=query)

    return get


def walk(entries, **query):
    """All pages: the names of the folders, and the files."""
    folders, files, cursor = [], [], {}
    while True:
        page = entries(**query, **cursor).json()
        assert len(page["folders"]) + len(page["items"]) <= query.get("limit", 100)
        assert not (files and page["folders"]), "folders come first"
        folders += [folder["name"] for folder in page["folders"]]
        files += page["items"]
        if page["next_cursor"] is None:
            return folders, files
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 2, 3, 8, 100])
def test_every_sort_comes_whole_in_pages_of_every_size(entries, sort, limit):
    folders, files = walk(entries, sort=sort, limit=limit)
    wanted = sorted(files, key=lambda file: file[sort.removeprefix("-")], reverse=sort.startswith("-"))
    assert files == wanted
    assert sorted(file["name"] for file in files) == list(FILES)
    by_name = ["one", "three", "two"]
    assert folders == (by_name[::-1] if sort in {"-name", "-path"} else by_name)


def test_without_a_sort_names_decide(entries):
    assert walk(entries) == walk(entries, sort="name")


@pytest.mark.parametrize("limit", [1, 100])
def test_files_of_one_kind_are_chosen_and_folders_stay(entries, limit):
    folders, files = walk(entries, kind="image", limit=limit)
    assert ([file["name"] for file in files], folders) == (["c.png"], ["one", "three", "two"])


def test_a_folder_says_when_it_changed(entries):
    assert all(folder["modified_at"].endswith("Z") for folder in entries().json()["folders"])


@pytest.mark.parametrize("limit", [1, 4])
def test_a_cursor_of_another_sort_is_refused(entries, limit):
    cursor = entries(sort="name", limit=limit).json()["next_cursor"]
    for other in ("-name", "size", "-modified_at"):
        answer = entries(sort=other, limit=limit, cursor=cursor)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
        assert "cursor" in answer.json()["detail"]


@pytest.mark.parametrize("query", [{"sort": "colour"}, {"sort": ""}, {"kind": "spoon"}])
def test_sorts_and_kinds_that_there_are_not_are_refused(entries, query):
    assert entries(**query).status_code == 422


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_no_cursor_holds_a_name_from_above(entries, sort, limit):
    cursor = {}
    while True:
        page = entries(sort=sort, limit=limit, **cursor).json()
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}
        told = b"\n".join(decoded(page["next_cursor"].encode()))
        assert ABOVE.split(maxsplit=1)[0].encode() not in told
        assert b"given" not in told


def decoded(text):
    """The text and, as often as possible, what is in it in base64, whichever alphabet."""
    yield text
    for part in re.findall(rb"[\w+/-]{4,}", text):
        for start in range(4):
            whole = part[start:].translate(bytes.maketrans(b"-_", b"+/"))
            try:
                inner = base64.b64decode(whole[: len(whole) // 4 * 4], validate=True)
            except binascii.Error:
                continue
            yield inner
            if start == 0:
                yield from decoded(inner)
