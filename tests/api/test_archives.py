"""Archives through the real service, read by other programs."""

import hashlib
import io
import os
import shutil
import subprocess
import zipfile
from urllib.parse import quote

import httpx
import pytest

from tests.api.conftest import BACKENDS, serving_on

CONTENTS = {
    "set/readme.md": b"# hello",
    "set/empty.bin": b"",
    "set/train/a.csv": b"x,y\n1,2\n",
    "set/train/deep/er/b.bin": os.urandom(3_000_000),
    "set/test/c.bin": os.urandom(9_000_000),
    "settings.txt": b"not in the folder",
}
NASTY = [
    "%2e%2e",
    "CON",
    "nul.txt",
    'a:b|c<d>?*"',
    "back\\slash",
    "exe\u202egpj.scr",
    "trailing.",
    "trailing ",
    "case.txt",
    "CASE.txt",
    "e\u0301.txt",
    "\u00c9.txt",
    "🐈.jpg",
    "n" * 250 + ".bin",
    "-rf",
    "'; rm -rf ~",
]


def upload(client, path, content=b"x"):
    answer = client.put(f"/api/files/by-path/{quote(path)}", content=content)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def archive(client, **query):
    answer = client.get("/api/archives", params=query)
    assert answer.status_code == 200, answer.text
    return answer, zipfile.ZipFile(io.BytesIO(answer.content))


@pytest.fixture(scope="module", params=BACKENDS)
def stored(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp(request.param)) as server:
        yield server


@pytest.fixture(scope="module")
def mei(server):
    with server.client("admin") as admin:
        assert admin.post("/api/admin/users", json={"username": "mei", "demo": True}).status_code == 201
    with server.client("mei") as client:
        yield client


def test_a_folder_comes_as_one_zip_from_every_storage(stored):
    with stored.client("ada") as ada:
        for path, content in CONTENTS.items():
            upload(ada, path, content)
        ada.post("/api/folders", json={"path": "set/nothing in it"})
        answer, read = archive(ada, folder="set")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="set.zip"'
    assert answer.headers["accept-ranges"] == "none"
    assert read.testzip() is None
    inside = {path: content for path, content in CONTENTS.items() if path.startswith("set/")}
    assert set(read.namelist()) == {*inside, "set/nothing in it/"}
    assert {path: read.read(path) for path in inside} == inside


def test_files_come_side_by_side_with_names_of_their_own(mei):
    first, second = upload(mei, "one/same.txt", b"1"), upload(mei, "two/Same.txt", b"2")
    answer, read = archive(mei, id=[first["id"], second["id"], first["id"]])
    assert {name: read.read(name) for name in read.namelist()} == {"same.txt": b"1", "Same (2).txt": b"2"}
    assert answer.headers["content-disposition"].startswith('attachment; filename="aishare-2')


def test_nasty_names_unpack_into_the_folder_and_nowhere_else(mei, tmp_path):
    for name in NASTY:
        upload(mei, f"nasty/{name}", name.encode())
        upload(mei, f"nasty/{name}x/{name}", name.encode())
    answer, read = archive(mei, folder="nasty")
    names = read.namelist()
    assert len(names) == 2 * len(NASTY)
    assert len({name.casefold() for name in names}) == len(names)
    assert sorted(read.read(name) for name in names) == sorted(2 * [name.encode() for name in NASTY])
    for name in names:
        assert name.startswith("nasty/")
        assert not {"..", ".", ""} & set(name.split("/"))
        assert not set('<>:"\\|?*\u202e') & set(name)
        assert not any(segment.split(".")[0].lower() in {"con", "nul"} for segment in name.split("/"))
    assert shutil.which("unzip"), "the tests need unzip"
    (tmp_path / "nasty.zip").write_bytes(answer.content)
    unpacked = subprocess.run(
        ["unzip", "-q", "nasty.zip"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert unpacked.returncode == 0, unpacked.stderr
    found = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "nasty.zip"]
    assert len(found) == 2 * len(NASTY)
    assert {path.relative_to(tmp_path).parts[0] for path in found} == {"nasty"}


def test_small_files_of_several_pages_are_all_there(mei):
    count = 210  # more than a page of the walk
    for number in range(count):
        upload(mei, f"many/of/{number}.txt", b"%d" % number)
    _, read = archive(mei, folder="many")
    assert len(read.namelist()) == count
    assert sum(int(read.read(name)) for name in read.namelist()) == sum(range(count))


def test_head_tells_the_name_and_sends_nothing(mei):
    upload(mei, "heads/x.txt")
    answer = mei.head("/api/archives", params={"folder": "heads"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-disposition"] == 'attachment; filename="heads.zip"'


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("folder=", 422),
        ("folder=no/such", 404),
        ("folder=..", 422),
        ("folder=%ff", 422),
        ("id=no-such-file", 404),
        ("share=no-such-share", 404),
        ("folder=nasty&id=x", 422),
        ("other=1", 422),
        ("&".join(f"id={number}" for number in range(1001)), 422),
        ("&".join(f"id={number}" for number in range(3000)), 422),
    ],
)
def test_questions_that_can_not_be_answered(mei, query, status):
    assert mei.get(f"/api/archives?{query}").status_code == status


def test_one_file_of_a_stranger_refuses_the_whole_archive(mei, grace):
    own, other = upload(mei, "own.txt"), upload(grace, "other.txt")
    assert mei.get("/api/archives", params={"id": [own["id"], other["id"]]}).status_code == 404


def test_a_file_that_can_not_be_read_breaks_the_archive_and_is_never_left_out(server, mei):
    upload(mei, "broken/a.bin", os.urandom(2_000_000))
    content = os.urandom(1_000_000)
    upload(mei, "broken/b.bin", content)
    upload(mei, "broken/c.bin", b"behind it")
    spoil(server.data_dir, content)
    with pytest.raises(httpx.RemoteProtocolError):
        mei.get("/api/archives", params={"folder": "broken"})


def spoil(data_dir, content):
    """Flip a bit of the stored object with this content."""
    wanted = hashlib.sha256(content).digest()
    found = [
        path for path in data_dir.rglob("*") if path.is_file() and hashlib.sha256(path.read_bytes()).digest() == wanted
    ]
    assert len(found) == 1
    mode = found[0].stat().st_mode
    found[0].chmod(0o600)
    found[0].write_bytes(bytes([content[0] ^ 1]) + content[1:])
    found[0].chmod(mode)
