"""Thumbnails through the whole service: made after an upload and at the first look, kept, guarded, explained."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.api.conftest import BACKENDS, serving_on
from tests.images.hostile_drawings import bombs
from tests.images.hostile_pixels import avifs, bmp, jpegs, pngs
from tests.support.memory import resident
from tests.support.pictures import decoded, photo
from tests.support.server import serving, wait_until

REFUSED = 404


@pytest.fixture(scope="module", params=BACKENDS)
def server(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp("aishare")) as running:
        yield running


def put(client, path, content):
    answer = client.put(f"/api/files/by-path/{path}", content=content)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def file_of(client, file):
    return client.get(f"/api/files/{file['id']}").json()


def thumbnail(client, file, **options):
    return client.get(f"/api/files/{file['id']}/thumbnail", **options)


def cached(server, content):
    return list(server.data_dir.rglob(f"{hashlib.sha256(content).hexdigest()}-*.webp"))


def looks(client):
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("aishare_thumbnail_looks_total"))


def children(pid):
    """Image workers of the process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"aishare.images.worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def test_after_an_upload_thumbnails_are_made_in_the_background(server, ada):
    content = photo("jpeg", 900, 600, seed=1, orientation=6)
    file = put(ada, "photos/one.jpg", content)
    assert file["thumbnail_url"].startswith(f"/api/files/{file['id']}/thumbnail?v=")
    wait_until(lambda: file_of(ada, file)["image"] is not None)
    image = file_of(ada, file)["image"]
    assert (image["width"], image["height"], image["format"]) == (600, 900, "jpeg")
    assert image["colour"][0] == "#"
    assert [path.name[-8:] for path in cached(server, content)] == ["300.webp"]
    listed = ada.get("/api/files", params={"folder": "photos"}).json()["items"]
    assert [item["image"] for item in listed if item["id"] == file["id"]] == [image]
    before = looks(ada)
    for size, box in ((None, (200, 300)), (300, (200, 300)), (600, (400, 600))):
        answer = thumbnail(ada, file, params={} if size is None else {"size": size})
        assert answer.headers["content-type"] == "image/webp"
        assert decoded(answer.content)[:2] == box
    assert looks(ada) == before + 1  # the large one, at its first look


def test_the_same_content_is_looked_at_once_whoever_has_it(ada, grace):
    content = photo("png", 300, 200, seed=2)
    before = looks(ada)
    first = put(ada, "same.png", content)
    wait_until(lambda: file_of(ada, first)["image"] is not None)
    second = put(grace, "other.png", content)
    assert second["image"] is not None
    assert thumbnail(ada, first).content == thumbnail(grace, second).content
    assert looks(ada) == before + 1


def test_headers_let_browsers_keep_what_can_not_change(ada):
    file = put(ada, "kept.png", photo("png", 400, 300, seed=3))
    forever = ada.get(file["thumbnail_url"])
    assert forever.headers["cache-control"] == "private, max-age=31536000, immutable"
    wait_until(lambda: file_of(ada, file)["image"] is not None)
    answer = thumbnail(ada, file)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "repr-digest" not in answer.headers
    again = thumbnail(ada, file, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = ada.head(f"/api/files/{file['id']}/thumbnail")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(answer.content))
    part = thumbnail(ada, file, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")
    put(ada, "kept.png", photo("png", 400, 300, seed=4))
    assert ada.get(file["thumbnail_url"]).headers["cache-control"] == "private, no-cache"


def test_the_guard_is_that_of_the_file(server, ada, grace):
    file = put(ada, "mine.png", photo("png", 400, 300, seed=5))
    assert thumbnail(ada, file).status_code == 200
    refused = thumbnail(grace, file)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    with server.client() as nobody:
        assert thumbnail(nobody, file).status_code == 401
    assert ada.post(f"/api/files/{file['id']}/thumbnail").status_code == 405


@pytest.mark.parametrize("size", ["301", "0", "-1", "99999999999", "x", "300.5"])
def test_there_are_two_sizes_only(ada, size):
    file = put(ada, "sized.png", photo("png", 400, 300, seed=6))
    answer = thumbnail(ada, file, params={"size": size})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_what_is_no_image_has_no_thumbnail(ada):
    file = put(ada, "notes.txt", b"hello")
    assert (file["thumbnail_url"], file["thumbnail_problem"], file["image"]) == (None, None, None)
    answer = thumbnail(ada, file)
    assert (answer.status_code, answer.json()["code"]) == (REFUSED, "no_thumbnail")
    assert "not an image" in answer.json()["detail"]


def test_a_damaged_image_says_so_is_tried_once_and_stays_downloadable(ada):
    content = photo("jpeg", 900, 600, seed=7)[:9000]
    before = looks(ada)
    file = put(ada, "half.jpg", content)
    answer = thumbnail(ada, file)
    assert (answer.status_code, answer.json()["code"]) == (REFUSED, "no_thumbnail")
    assert "damaged" in answer.json()["detail"]
    wait_until(lambda: file_of(ada, file)["thumbnail_problem"] is not None)
    known = file_of(ada, file)
    assert (known["thumbnail_url"], known["image"]) == (None, None)
    assert thumbnail(ada, file).json()["detail"] == known["thumbnail_problem"]
    assert looks(ada) == before + 1
    assert ada.get(f"/api/files/{file['id']}/content").content == content


def test_many_who_look_first_wait_for_one_look(server, ada):
    content = photo("jpeg", 3000, 2000, seed=8)
    before = looks(ada)
    file = put(ada, "crowd.jpg", content)
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: thumbnail(ada, file), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert looks(ada) <= before + 2  # that of the upload, and one more if it had not begun


def test_a_deleted_cache_is_made_again(server, ada):
    content = photo("png", 500, 300, seed=9)
    file = put(ada, "again.png", content)
    wait_until(lambda: len(cached(server, content)) == 1)
    first = thumbnail(ada, file)
    for path in cached(server, content):
        path.unlink()
    second = thumbnail(ada, file)
    assert second.status_code == 200
    assert second.content == first.content


def test_settings_count_at_once(tmp_path):
    environment = tmp_path / ".env"
    environment.write_text("IMAGE_CACHE_MB=1\n")
    with serving(tmp_path) as server, server.client("admin") as client:
        file = put(client, "a.png", photo("png", 700, 500, seed=10))
        large = put(client, "noise.bmp", bmp(900, 800, data=os.urandom(900 * 800 * 3)))
        assert thumbnail(client, large).status_code == 200

        def set_to(text):
            environment.write_text(text)
            assert client.post("/api/environment-variables/reload").json()["applied"] is True

        set_to("IMAGE_THUMBNAIL_SIZE=64\nMAX_IMAGE_SIZE_MB=1\nSUPPORTED_IMAGE_TYPES=png,bmp\n")
        assert decoded(thumbnail(client, file).content)[:2] == (64, 46)
        assert thumbnail(client, file, params={"size": 300}).status_code == 422
        assert decoded(thumbnail(client, file, params={"size": 128}).content)[0] == 128
        assert "larger than 1 MiB" in thumbnail(client, large).json()["detail"]
        assert "larger than 1 MiB" in file_of(client, large)["thumbnail_problem"]
        set_to("SUPPORTED_IMAGE_TYPES=jpg\n")
        assert thumbnail(client, file).json()["code"] == "no_thumbnail"
        assert file_of(client, file)["thumbnail_url"] is None
        set_to("ENABLE_IMAGE_PROCESSING=false\n")
        assert "turned off" in thumbnail(client, file).json()["detail"]
        assert (file_of(client, file)["thumbnail_url"], file_of(client, file)["thumbnail_problem"]) == (None, None)
        set_to("")
        assert thumbnail(client, file).status_code == 200


def test_the_cache_is_not_taken_for_files_by_what_counts_or_collects(tmp_path):
    with serving(tmp_path) as server, server.client("admin") as client:
        content = photo("png", 700, 500, seed=11)
        put(client, "a.png", content)
        wait_until(lambda: len(cached(server, content)) == 1)
        assert all((tmp_path / "storage" / "images") in path.parents for path in cached(server, content))
        long_ago = time.time() - 7 * 24 * 3600
        for path in [*cached(server, content), *list(cached(server, content)[0].parents)[:2]]:
            os.utime(path, (long_ago, long_ago))
        plan = client.post("/api/admin/garbage/plan").json()
        assert (plan["orphans"], plan["leftovers"], plan["skipped"]) == (0, 0, [])
        assert client.post("/api/admin/garbage", json={"plan_id": plan["id"]}).json()["deleted"] == 0
        assert len(cached(server, content)) == 1


def test_hostile_images_never_touch_the_service(tmp_path):
    drawings, pixels = bombs(), pngs() | jpegs() | avifs()
    corpus = {name: drawings[name] for name in ("svg-100-million-uses", "svg-blur-of-a-million", "svg-filters")}
    names = ("png-64-megapixels-of-8-bytes", "png-text-200-mib", "jpeg-81-megapixels-400-scans", "jpeg-truncated")
    corpus |= {name: pixels[name] for name in (*names, "avif-52-megapixels-in-2-kib", "png-2-billion-wide")}
    environ = {"SUPPORTED_IMAGE_TYPES": "jpg,png,svg,avif"}
    with serving(tmp_path, environ=environ) as server, server.client("ada") as client:
        thumbnail(client, put(client, "warm.png", photo("png", 300, 200, seed=12)))
        before = resident(server.process.pid)
        files = {name: put(client, name, content) for name, content in corpus.items()}
        slowest = late = 0.0
        with ThreadPoolExecutor(4) as threads:
            answers = {name: threads.submit(thumbnail, client, file) for name, file in files.items()}
            while not all(answer.done() for answer in answers.values()):
                began = time.monotonic()
                assert client.get("/api/health/live").status_code == 200
                answered = time.monotonic()
                slowest = max(slowest, answered - began)
                time.sleep(0.05)
                late = max(late, time.monotonic() - answered - 0.05)
        grown = resident(server.process.pid) - before
        print(f"health answered within {slowest:.2f} s, memory grew by {grown >> 20} MiB")
        for name, answer in answers.items():
            print(
                name,
                answer.result().status_code,
                answer.result().text[:200] if answer.result().status_code > 299 else "",
            )
            assert answer.result().status_code in (200, REFUSED), name
            assert client.get(f"/api/files/{files[name]['id']}/content").content == corpus[name]
        assert server.process.poll() is None
        assert slowest < 5 + 5 * late  # a decoder on the event loop holds it for longer, and this thread is not held
        assert grown < 40 * 1024 * 1024


def test_children_end_with_the_service_also_when_it_is_killed(tmp_path):
    with serving(tmp_path) as server, server.client("ada") as client:
        assert thumbnail(client, put(client, "a.png", photo("png", 300, 200, seed=13))).status_code == 200
        pids = children(server.process.pid)
        assert pids
        server.kill()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    with serving(tmp_path) as server, server.client("ada") as client:
        file = client.get("/api/files").json()["items"][0]
        assert thumbnail(client, file).status_code == 200
        assert children(server.process.pid) == []  # out of the cache
        assert thumbnail(client, put(client, "b.png", photo("png", 300, 200, seed=14))).status_code == 200
        pids = children(server.process.pid)
        server.process.terminate()
        server.process.wait(30)
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_several_processes_share_the_cache(tmp_path):
    with serving(tmp_path, environ={"WORKERS": "2"}) as server, server.client("ada") as client:
        files = [put(client, f"{seed}.png", photo("png", 300, 200, seed=seed)) for seed in range(20, 24)]

        def look(number):
            with server.client("ada") as one:  # a connection of its own, which may come to either process
                return thumbnail(one, files[number % len(files)])

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(look, range(32)))
        assert {answer.status_code for answer in answers} == {200}
        assert all(decoded(answer.content)[:2] == (300, 200) for answer in answers[:4])
