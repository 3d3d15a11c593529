"""Damage on the local disk: what is wrong is given out at no door; what was mended is delivered again."""

import os
import zipfile
from contextlib import contextmanager
from io import BytesIO

import httpx
import pytest

from tests.support.pictures import photo
from tests.support.server import serving, wait_until

CHUNK = 8 * 2**20
CORRUPT = (502, "object_corrupt")
DAMAGES = "/api/admin/damages"


@pytest.fixture
def visitor(server):
    with server.client() as client:
        yield client


def put(client, path, content):
    answer = client.put(f"/api/files/by-path/{path}", content=content)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def stored_at(folder, content):
    """The file below a storage that holds this content."""
    found = [path for path in (folder / "objects").rglob("*") if path.is_file() and path.stat().st_size == len(content)]
    return next(path for path in found if path.read_bytes() == content)


def flip(path, at):
    """One bit, in place; size and mtime stay."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def content_of(file):
    return f"/api/files/{file['id']}/content"


def said(answer):
    return answer.status_code, answer.json()["code"]


def until_it_breaks_off(client, path):
    """What came of a download that is not whole."""
    pieces: list[bytes] = []
    with client.stream("GET", path) as answer, pytest.raises(httpx.RemoteProtocolError):
        pieces.extend(answer.iter_raw())
    return b"".join(pieces)


def damaged_ids(admin):
    return {one["file"]["id"] for one in admin.get(DAMAGES).json()["items"]}


def scrubbed(admin):
    path = f"/api/admin/scrubs/{admin.post('/api/admin/scrubs', json={}).json()['id']}"
    wait_until(lambda: admin.get(path).json()["state"] == "completed", seconds=60)
    return admin.get(path).json()


def sent_bytes(client):
    lines = client.get("/metrics").text.splitlines()
    counted = [line for line in lines if line.startswith("aishare_storage_bytes_total") and 'direction="out"' in line]
    return sum(float(line.rsplit(" ", 1)[1]) for line in counted)


@pytest.mark.parametrize("size", [1, 5000, 400_000, CHUNK + 5])
def test_a_flipped_bit_is_refused_recorded_and_forgotten_when_it_is_mended(server, ada, admin, size):
    content = os.urandom(size)
    file = put(ada, f"flipped-{size}.bin", content)
    place = stored_at(server.data_dir / "storage", content)
    assert ada.get(content_of(file)).content == content
    flip(place, 0)
    assert said(ada.get(content_of(file))) == CORRUPT
    assert file["id"] in damaged_ids(admin)
    assert said(ada.get(content_of(file))) == CORRUPT
    assert ada.head(content_of(file)).status_code == 502
    assert said(ada.get(content_of(file), headers={"range": "bytes=0-0"})) == CORRUPT
    etag = f'"{file["sha256"]}"'
    assert ada.get(content_of(file), headers={"if-none-match": etag}).status_code == 304
    flip(place, 0)
    assert ada.get(content_of(file)).content == content
    wait_until(lambda: file["id"] not in damaged_ids(admin))
    assert ada.head(content_of(file)).status_code == 200


def test_what_a_check_found_is_refused_at_once_and_delivered_after_a_good_check_or_a_new_upload(server, ada, admin):
    first, second = os.urandom(300_000), os.urandom(300_001)
    files = [put(ada, "checked-1.bin", first), put(ada, "checked-2.bin", second)]
    places = [stored_at(server.data_dir / "storage", content) for content in (first, second)]
    for place in places:
        flip(place, 299_000)
    assert scrubbed(admin)["damages"] >= 2
    for file in files:
        assert ada.head(content_of(file)).status_code == 502
        assert said(ada.get(content_of(file), headers={"range": "bytes=0-9"})) == CORRUPT
    flip(places[0], 299_000)
    scrubbed(admin)
    assert files[0]["id"] not in damaged_ids(admin)
    assert ada.get(content_of(files[0])).content == first
    put(ada, "checked-2.bin", second)
    assert files[1]["id"] not in damaged_ids(admin)
    assert ada.get(content_of(files[1])).content == second


def test_only_whole_proven_chunks_of_a_large_file_leave_it(server, ada):
    content = os.urandom(3 * CHUNK + 9)
    file = put(ada, "large.bin", content)
    flip(stored_at(server.data_dir / "storage", content), CHUNK + 7)
    good = ada.get(content_of(file), headers={"range": f"bytes=5-{CHUNK - 1}"})
    assert good.content == content[5:CHUNK]
    several = ada.get(content_of(file), headers={"range": f"bytes=0-9,{2 * CHUNK}-{2 * CHUNK + 9}"})
    assert content[2 * CHUNK : 2 * CHUNK + 10] in several.content
    got = until_it_breaks_off(ada, content_of(file))
    assert got == content[: len(got)]
    assert 0 < len(got) <= CHUNK
    assert said(ada.get(content_of(file))) == CORRUPT


def test_files_that_were_put_back_from_a_backup_are_delivered_and_proven_once(server, ada):
    content = os.urandom(CHUNK + 100_000)
    file = put(ada, "restored.bin", content)
    place = stored_at(server.data_dir / "storage", content)
    place.unlink()
    place.write_bytes(content)
    part = ada.get(content_of(file), headers={"range": f"bytes={CHUNK - 5}-{CHUNK + 4}"})
    assert part.content == content[CHUNK - 5 : CHUNK + 5]
    for _ in range(3):
        assert ada.get(content_of(file)).content == content


def doors_of(visitor, ada, grace, file, name):
    """Where the bytes of a file in the folder `doors` come out."""
    link = ada.post(f"/api/files/{file['id']}/links", json={}).json()["token"]
    folder = ada.post("/api/links", json={"folder": "doors"}).json()["token"]
    ada.post("/api/shares", json={"folder": "doors", "username": "grace"})
    return {
        "content": (ada, content_of(file), {}),
        "download": (ada, f"{content_of(file)}?download=1", {}),
        "range": (ada, content_of(file), {"range": "bytes=1-5"}),
        "ranges": (ada, content_of(file), {"range": "bytes=1-5,9-12"}),
        "share": (grace, content_of(file), {}),
        "link": (visitor, f"/d/{link}", {}),
        "link range": (visitor, f"/d/{link}", {"range": "bytes=1-5"}),
        "folder link": (visitor, f"/d/{folder}/{name}", {}),
        "archive": (ada, "/api/archives?folder=doors", {}),
        "preview": (ada, f"/api/files/{file['id']}/preview", {}),
        "link preview": (visitor, f"/api/d/{link}/preview", {}),
        "thumbnail": (ada, f"/api/files/{file['id']}/thumbnail?size=600", {}),
        "link thumbnail": (visitor, f"/d/{link}/thumbnail?size=600", {}),
    }


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("kind", ["text", "picture"])
def test_no_door_gives_out_what_is_wrong(server, ada, grace, admin, visitor, kind, known):
    """Nothing lies elsewhere: each refuses, or breaks off before a wrong byte."""
    name = f"{kind}-{known}.{'csv' if kind == 'text' else 'jpg'}"
    content = (
        photo("jpeg", 700, 500, seed=11 + known) if kind == "picture" else b"a,b\n" + os.urandom(3000).hex().encode()
    )
    file = put(ada, f"doors/{name}", content)
    others = {"text": ("thumbnail", "link thumbnail"), "picture": ("preview", "link preview")}[kind]
    if kind == "picture":
        wait_until(lambda: ada.get(f"/api/files/{file['id']}/thumbnail").status_code == 200)
    doors = doors_of(visitor, ada, grace, file, name)
    place = stored_at(server.data_dir / "storage", content)
    flip(place, 2000)
    if known:
        scrubbed(admin)
    for door, (client, path, headers) in doors.items():
        if door in others:
            continue
        try:
            answer = client.get(path, headers=headers)
        except httpx.RemoteProtocolError:
            assert door == "archive"
            continue
        assert said(answer) == CORRUPT, door
        if not known:
            flip(place, 2000)
            flip(place, 2000)  # touched again, so that the next door has to find out by itself
    ada.delete(f"/api/files/{file['id']}")


def test_a_pipe_in_place_of_a_file_stops_nothing(server, ada):
    """To open one waits for its other end, and would do so for all who are served."""
    content = photo("jpeg", 640, 480, seed=12)
    file = put(ada, "pipe.jpg", content)
    place = stored_at(server.data_dir / "storage", content)
    place.unlink()
    os.mkfifo(place)
    for path in (content_of(file), f"/api/files/{file['id']}/thumbnail?size=600"):
        assert said(ada.get(path)) == (502, "object_not_found")
    place.unlink()
    place.write_bytes(content)
    assert ada.get(content_of(file)).content == content
    ada.delete(f"/api/files/{file['id']}")


@contextmanager
def moved(tmp_path):
    """A service that has moved all files from one folder to another, a moment ago."""
    old, new = tmp_path / "old", tmp_path / "new"
    with serving(tmp_path, environ={"LOCAL_STORAGE_PATH": str(old)}) as server, server.client("ada") as ada:
        contents = {name: os.urandom(size) for name, size in (("small", 5000), ("large", 2 * CHUNK + 3))}
        files = {name: put(ada, f"both/{name}.bin", content) for name, content in contents.items()}
    with (
        serving(tmp_path, environ={"LOCAL_STORAGE_PATH": str(new)}) as server,
        server.client("ada") as ada,
        server.client("admin") as admin,
    ):
        places = admin.get("/api/admin/storage-service/info").json()
        source = next(one["id"] for one in places["locations"] if one["id"] != places["location_id"])
        started = admin.post("/api/admin/migrations", json={"source": source, "target": places["location_id"]})
        path = f"/api/admin/migrations/{started.json()['id']}"
        wait_until(lambda: admin.get(path).json()["state"] == "completed", seconds=60)
        yield ada, admin, new, {name: (files[name], contents[name]) for name in files}


def test_a_good_copy_elsewhere_takes_the_place_of_a_damaged_one(tmp_path):
    with moved(tmp_path) as (ada, admin, new, files):
        link = ada.post("/api/links", json={"folder": "both"}).json()["token"]
        for name, (file, content) in files.items():
            flip(stored_at(new, content), len(content) - 1)
            for _ in range(2):  # found out, then known
                assert ada.get(content_of(file)).content == content
                assert ada.get(f"/d/{link}/{name}.bin").content == content
                assert ada.get(content_of(file), headers={"range": "bytes=-7"}).content == content[-7:]
                assert ada.head(content_of(file)).status_code == 200
            assert file["id"] in damaged_ids(admin)
        scrubbed(admin)
        with zipfile.ZipFile(BytesIO(ada.get("/api/archives?folder=both").content)) as archive:
            found = {name.removesuffix(".bin").split("/")[-1]: archive.read(name) for name in archive.namelist()}
        assert found == {name: content for name, (_, content) in files.items()}


def test_bytes_that_the_kernel_sends_are_counted(server, ada):
    small, large = os.urandom(5000), os.urandom(3 * 2**20)
    files = [put(ada, "counted-small.bin", small), put(ada, "counted-large.bin", large)]
    before = sent_bytes(ada)
    for file in files:
        ada.get(content_of(file))
    assert sent_bytes(ada) - before == len(small) + len(large)
    ada.get(content_of(files[1]), headers={"range": "bytes=0-999999"})
    assert sent_bytes(ada) - before == len(small) + len(large) + 1_000_000
