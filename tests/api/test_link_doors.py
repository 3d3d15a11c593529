"""The doors of links: who has the token gets what the link says, as long as it says so, and nothing else."""

import io
import os
import random
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest
from PIL import Image

from tests.api.conftest import BACKENDS, serving_on
from tests.support.link_tokens import wrong_tokens
from tests.support.links import code, downloads, of_file, of_folder, uses
from tests.support.server import serving, wait_until

CONTENT = os.urandom(3_000_000)
PASSWORD = "the password of the link"


@pytest.fixture(scope="module", params=BACKENDS)
def server(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp("links")) as running:
        yield running


@pytest.fixture
def folder(ada):
    """With a file in it, one deeper, and one beside it that is nobody's business."""
    name = f"set-{time.time_ns()}"
    ada.put(f"/api/files/by-path/{name}/data.bin", content=CONTENT)
    ada.put(f"/api/files/by-path/{name}/deep/Größe%20%22x%22.html", content=b"<script>alert(1)</script>")
    ada.put(f"/api/files/by-path/{name}-beside.txt", content=b"not yours")
    return name


@pytest.fixture
def file(ada, folder):
    return ada.get("/api/files", params={"folder": folder}).json()["items"][0]


# --- what comes through -----------------------------------------------------------------------------------------


def test_a_file_comes_as_through_the_front_door(ada, nobody, file):
    door = f"/d/{of_file(ada, file)['token']}"
    whole = nobody.get(door)
    assert (whole.status_code, whole.content) == (200, CONTENT)
    own = ada.get(f"/api/files/{file['id']}/content")
    same = ("etag", "last-modified", "content-type", "repr-digest", "content-security-policy", "cache-control")
    assert [whole.headers[name] for name in same] == [own.headers[name] for name in same]
    assert whole.headers["referrer-policy"] == "no-referrer"
    head = nobody.head(door)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(CONTENT)), b"")
    part = nobody.get(door, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, CONTENT[100:200])
    assert nobody.get(door, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    assert nobody.get(door, headers={"if-match": '"other"'}).status_code == 412
    assert nobody.get(door, headers={"range": f"bytes={len(CONTENT)}-"}).status_code == 416
    assert nobody.get(door, params={"download": "1"}).headers["content-disposition"].startswith("attachment")
    assert nobody.post(door).status_code == 405
    assert nobody.get(f"{door}/data.bin").status_code == 404


def test_a_folder_is_listed_fetched_and_packed(ada, nobody, folder):
    link = of_folder(ada, folder)
    page = nobody.get(f"/api/d/{link['token']}/entries").json()
    assert [(one["name"], one["path"]) for one in page["folders"]] == [("deep", "deep")]
    assert [(one["path"], one["size"]) for one in page["items"]] == [("data.bin", len(CONTENT))]
    assert nobody.get(page["items"][0]["download_url"]).content == CONTENT
    deep = nobody.get(f"/api/d/{link['token']}/entries", params={"folder": "deep"}).json()["items"][0]
    script = nobody.get(deep["download_url"])
    assert script.content == b"<script>alert(1)</script>"
    assert script.headers["content-disposition"].startswith("attachment")
    packed = zipfile.ZipFile(io.BytesIO(nobody.get(f"/d/{link['token']}").content))
    assert packed.testzip() is None
    assert {name.rpartition("/")[2] for name in packed.namelist() if not name.endswith("/")} >= {"data.bin"}
    wait_until(lambda: [use["complete"] for use in uses(ada, link)] == [True] * 3)


OUTSIDE = (
    "../{}-beside.txt",
    "..%2F{}-beside.txt",
    "deep/../../{}-beside.txt",
    "%2e%2e/{}-beside.txt",
    "/{}",
    "deep",
    "nothing",
    "data.bin/x",
    "%00",
    "%ff",
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_folder_ends_at_its_edge(server, ada, folder, path):
    link = of_folder(ada, folder)
    with httpx.Client(base_url=server.address) as client:
        url = httpx.URL(f"{server.address}/d/{link['token']}/x").copy_with(
            raw_path=f"/d/{link['token']}/{path.format(folder)}".encode()
        )
        answer = client.send(client.build_request("GET", url))
    assert answer.status_code == 404
    assert b"not yours" not in answer.content
    with server.client() as nobody:
        listing = nobody.get(f"/api/d/{link['token']}/entries", params={"folder": f"../{folder}"})
        assert listing.status_code in {404, 422}


@pytest.mark.parametrize(
    "address",
    [
        "/d/{}/nope",
        "/d/{}/a//b",
        "/d/{}/thumbnail?path=nope",
        "/d/{}/thumbnail?path=../a",
        "/api/d/{}/preview?path=nope",
    ],
)
def test_what_is_missing_in_a_link_that_works_is_no_missing_link(ada, nobody, folder, address):
    answer = nobody.get(address.format(of_folder(ada, folder)["token"]))
    assert (answer.status_code, code(answer)) == (404, "not_found")
    assert code(nobody.get(address.format("a" * 43))) == "link_not_found"
    locked = of_folder(ada, folder, password=PASSWORD)
    assert code(nobody.get(address.format(locked["token"]))) == "link_password_required"


def test_a_request_takes_files_and_shows_none(ada, nobody, folder):
    link = of_folder(ada, folder, kind="request", max_downloads=3)
    door = f"/api/d/{link['token']}"
    for number in (1, 2):
        brought = nobody.put(f"{door}/files/data.bin", content=b"mine")
        assert brought.status_code == 201, brought.text
        assert brought.json()["name"] == f"data ({number + 1}).bin"
    assert nobody.put(f"{door}/files/a%2Fb", content=b"x").status_code == 422
    for path in (f"/d/{link['token']}", f"/d/{link['token']}/data.bin", f"{door}/entries"):
        assert code(nobody.get(path)) == "link_not_found"
    assert nobody.get(door).json()["download_url"] is None
    items = ada.get("/api/files", params={"folder": folder}).json()["items"]
    assert [(item["name"], item["owner"]) for item in items if item["size"] == 4] == [
        ("data (2).bin", "ada"),
        ("data (3).bin", "ada"),
    ]
    assert ada.get(f"/api/files/{next(i['id'] for i in items if i['name'] == 'data.bin')}/content").content == CONTENT
    assert [(use["path"], use["bytes"], use["complete"]) for use in uses(ada, link)] == [
        ("data (3).bin", 4, True),
        ("data (2).bin", 4, True),
    ]
    assert nobody.put(f"{door}/files/last.bin", content=b"x").status_code == 201
    assert code(nobody.put(f"{door}/files/more.bin", content=b"x")) == "link_used_up"


def test_many_who_bring_the_same_name_lose_nothing(server, ada, folder):
    link = of_folder(ada, folder, kind="request", max_downloads=12)

    def bring(number):
        with server.client() as client:
            return client.put(f"/api/d/{link['token']}/files/same.txt", content=b"%d" % number).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(bring, range(16)))
    assert sorted(statuses) == [201] * 12 + [410] * 4
    items = ada.get("/api/files", params={"folder": folder, "q": "same"}).json()["items"]
    assert len({item["path"] for item in items}) == 12


def test_pictures_and_texts_are_shown_through_the_same_door(ada, nobody, folder):
    picture = Image.linear_gradient("L").convert("RGB").resize((900, 600))
    picture.save(packed := io.BytesIO(), "PNG")
    file = ada.put(f"/api/files/by-path/{folder}/a%20picture.png", content=packed.getvalue()).json()
    text = ada.put(f"/api/files/by-path/{folder}/notes.txt", content=b"a note").json()
    shared = of_folder(ada, folder)
    items = {item["name"]: item for item in nobody.get(f"/api/d/{shared['token']}/entries").json()["items"]}
    told = nobody.get(f"/api/d/{of_file(ada, file)['token']}").json()
    for address in (told["thumbnail_url"], items["a picture.png"]["thumbnail_url"]):
        shown = nobody.get(address)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
        assert shown.headers["cache-control"] == "private, no-cache"
        assert nobody.get(address, headers={"if-none-match": shown.headers["etag"]}).status_code == 304
    assert nobody.get(items["notes.txt"]["preview_url"]).json()["text"] == "a note"
    assert (items["notes.txt"]["thumbnail_url"], items["data.bin"]["thumbnail_url"]) == (None, None)
    assert downloads(ada, shared) == 0
    for limited, door in (
        (of_file(ada, file, max_downloads=1), "/d/{}/thumbnail?size=300"),
        (of_file(ada, text, max_downloads=1), "/api/d/{}/preview"),
    ):
        told = nobody.get(f"/api/d/{limited['token']}").json()
        assert (told["thumbnail_url"], told["preview_url"], told["image"]) == (None, None, None)
        assert b"a note" not in nobody.get(door.format(limited["token"])).content
    # what is known of the image is known once its thumbnail was made, which is done by now
    drawn = nobody.get(f"/api/d/{shared['token']}/entries").json()["items"]
    assert {item["name"]: item["image"] for item in drawn}["a picture.png"]["width"] == 900
    limited = of_folder(ada, folder, max_downloads=1)
    listed = nobody.get(f"/api/d/{limited['token']}/entries").json()["items"]
    assert {item["image"] for item in listed} == {None}
    ada.delete(f"/api/links/{shared['id']}")
    for address in (items["a picture.png"]["thumbnail_url"], items["notes.txt"]["preview_url"]):
        assert code(nobody.get(address)) == "link_revoked"


# --- who is let in ----------------------------------------------------------------------------------------------


def test_nothing_is_told_before_the_password(ada, nobody, folder, file):
    link = of_file(ada, file, password=PASSWORD, note="a note")
    page, door = f"/api/d/{link['token']}", f"/d/{link['token']}"
    told = nobody.get(page).json()
    assert (told["needs_password"], told["unlocked"], told["owner"]) == (True, False, told["owner"])
    assert [told[name] for name in ("name", "size", "media_type", "note", "download_url")] == [None] * 5
    for method, headers in (
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"range": "bytes=0-9"}),
        ("GET", {"if-none-match": "*"}),
    ):
        answer = nobody.request(method, door, headers=headers)
        assert answer.status_code == 401
        assert "data.bin" not in answer.text + str(answer.headers)
    assert code(nobody.get(door)) == "link_password_required"
    wrong = nobody.post(f"{door}/unlock", json={"password": "not it at all"})
    assert (wrong.status_code, code(wrong)) == (401, "wrong_credentials")
    right = nobody.post(f"{door}/unlock", json={"password": PASSWORD})
    assert right.status_code == 204
    for cookie in right.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert f"d/{link['token']}; " in cookie
    assert nobody.get(page).json()["name"] == "data.bin"
    assert nobody.get(door).content == CONTENT


def test_a_cookie_of_one_link_opens_no_other(ada, nobody, file):
    first, second = (of_file(ada, file, password=PASSWORD) for _ in range(2))
    unlocked = nobody.post(f"/d/{first['token']}/unlock", json={"password": PASSWORD})
    cookie = unlocked.headers.get_list("set-cookie")[0].partition(";")[0]
    assert nobody.get(f"/d/{first['token']}").status_code == 200
    assert nobody.get(f"/d/{second['token']}", headers={"cookie": cookie}).status_code == 401


def test_a_changed_password_locks_out_who_had_the_old_one(ada, nobody, folder, file):
    links = [of_file(ada, file, password=PASSWORD), of_folder(ada, folder, password=PASSWORD)]
    for link in links:
        assert nobody.post(f"/d/{link['token']}/unlock", json={"password": PASSWORD}).status_code == 204
        assert nobody.get(f"/d/{link['token']}").status_code == 200
        ada.patch(f"/api/links/{link['id']}", json={"password": "another password"})
        everything_answers(nobody, link, 401, "link_password_required")
        assert nobody.get(f"/api/d/{link['token']}").json()["name"] is None


def test_guessing_is_throttled(tmp_path):
    limited = serving(tmp_path, environ={"LOGIN_MAX_FAILURES": "3"})
    with limited as server, server.client("ada") as ada, server.client() as nobody:
        file = ada.put("/api/files/by-path/a.txt", content=b"a").json()
        unlock = f"/d/{of_file(ada, file, password=PASSWORD)['token']}/unlock"
        for number in range(3):
            assert nobody.post(unlock, json={"password": f"guess number {number}"}).status_code == 401
        refused = nobody.post(unlock, json={"password": PASSWORD})
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0


def test_a_link_for_a_user_is_for_that_user(server, ada, grace, nobody, folder):
    link = of_folder(ada, folder, username="grace")
    token = link["token"]
    told = nobody.get(f"/api/d/{token}").json()
    assert (told["needs_sign_in"], told["name"], told["download_url"]) == (True, None, None)
    for path in doors(link):
        assert code(nobody.get(path)) == "not_authenticated"
        assert ada.get(path).status_code == 403
        assert code(ada.get(path)) == "link_other_user"
        assert grace.get(path).status_code == 200
    with server.client("admin") as admin:
        assert code(admin.get(f"/d/{token}/data.bin")) == "link_other_user"
    assert code(ada.get(f"/api/d/{token}")) == "link_other_user"
    assert {use["username"] for use in uses(ada, link)} == {"grace"}


# --- when it is over --------------------------------------------------------------------------------------------


def doors(link):
    token = link["token"]
    if link["kind"] == "file":
        return [f"/d/{token}"]
    return [f"/d/{token}", f"/d/{token}/data.bin", f"/api/d/{token}/entries"]


def everything_answers(client, link, status, expected):
    """Every door: GET, HEAD, ranges, conditions, thumbnail, archive, listing, upload."""
    token = link["token"]
    paths = [
        *doors(link),
        f"/api/d/{token}/preview",
        f"/d/{token}/thumbnail?size=300",
        f"/d/{token}/thumbnail?size=300&path=data.bin",
    ]
    if status != 401:
        paths.append(f"/api/d/{token}")
    for path in paths:
        for headers in ({}, {"range": "bytes=0-9"}, {"range": "bytes=10-"}, {"if-none-match": "*"}, {"if-range": "x"}):
            answer = client.get(path, headers=headers)
            assert (answer.status_code, code(answer)) == (status, expected), (path, headers)
        assert client.head(path).status_code == status, path


def revoke(ada, link):
    return ada.delete(f"/api/links/{link['id']}")


def delete(ada, link):
    if link["kind"] == "file":
        return ada.delete(f"/api/files/{link['file']['id']}")
    return ada.delete("/api/folders", params={"path": link["folder"]})


ENDS = {"link_revoked": revoke, "link_gone": delete}


@pytest.mark.parametrize("kind", ["file", "folder"])
@pytest.mark.parametrize("expected", ENDS)
def test_the_next_request_is_refused_at_every_door(ada, nobody, folder, file, kind, expected):
    link = of_file(ada, file) if kind == "file" else of_folder(ada, folder)
    for path in doors(link):
        assert nobody.get(path, headers={"range": "bytes=0-9"}).status_code in {200, 206}
    assert ENDS[expected](ada, link).status_code in {200, 204}
    everything_answers(nobody, link, 410, expected)


def test_a_new_folder_of_the_same_name_is_another_one(ada, nobody, folder):
    links = [of_folder(ada, folder), of_folder(ada, folder, kind="request")]
    ada.delete("/api/folders", params={"path": folder})
    ada.put(f"/api/files/by-path/{folder}/data.bin", content=b"somebody else's business")
    everything_answers(nobody, links[0], 410, "link_gone")
    assert code(nobody.put(f"/api/d/{links[1]['token']}/files/x", content=b"x")) == "link_gone"


def test_a_link_follows_its_folder(ada, nobody, folder):
    link = of_folder(ada, folder)
    moved = ada.patch("/api/folders", json={"path": folder, "new_path": f"moved/{folder}"})
    assert moved.status_code == 200
    assert nobody.get(f"/d/{link['token']}/data.bin").content == CONTENT
    assert ada.get(f"/api/links/{link['id']}").json()["folder"] == f"moved/{folder}"


def test_a_file_that_left_the_folder_is_not_in_it(ada, nobody, folder, file):
    link = of_folder(ada, folder)
    assert nobody.get(f"/d/{link['token']}/data.bin").status_code == 200
    ada.patch(f"/api/files/{file['id']}", json={"folder": "elsewhere"})
    assert nobody.get(f"/d/{link['token']}/data.bin").status_code == 404


def test_a_disabled_owner_has_no_links(server, ada, nobody, folder, file):
    links = [of_file(ada, file), of_folder(ada, folder)]
    request = of_folder(ada, folder, kind="request")
    with server.client("admin") as admin:
        user = next(one for one in admin.get("/api/admin/users").json()["items"] if one["username"] == "ada")
        try:
            admin.patch(f"/api/admin/users/{user['id']}", json={"disabled": True})
            for link in links:
                everything_answers(nobody, link, 410, "link_gone")
            assert code(nobody.put(f"/api/d/{request['token']}/files/x", content=b"x")) == "link_gone"
        finally:
            admin.patch(f"/api/admin/users/{user['id']}", json={"disabled": False})
    assert nobody.get(f"/d/{links[0]['token']}").status_code == 200


def test_a_disabled_user_is_not_let_in_any_more(server, ada, grace, file):
    link = of_file(ada, file, username="grace")
    assert grace.get(f"/d/{link['token']}").status_code == 200
    with server.client("admin") as admin:
        user = next(one for one in admin.get("/api/admin/users").json()["items"] if one["username"] == "grace")
        try:
            admin.patch(f"/api/admin/users/{user['id']}", json={"disabled": True})
            everything_answers(grace, link, 401, "not_authenticated")
        finally:
            admin.patch(f"/api/admin/users/{user['id']}", json={"disabled": False})


def test_a_version_link_is_gone_with_its_content(ada, nobody, file):
    current, latest = of_file(ada, file, version="current"), of_file(ada, file)
    ada.put(f"/api/files/by-path/{file['path']}", content=b"other content")
    everything_answers(nobody, current, 410, "link_gone")
    assert nobody.get(f"/d/{latest['token']}").content == b"other content"
    ada.put(f"/api/files/by-path/{file['path']}", content=CONTENT)
    assert nobody.get(f"/d/{current['token']}").content == CONTENT


# --- how often --------------------------------------------------------------------------------------------------


def test_of_fifty_at_once_one_gets_the_last_download(server, ada, file):
    link = of_file(ada, file, max_downloads=1)
    start = threading.Barrier(50)

    def fetch(_):
        with server.client() as client:
            start.wait()
            answer = client.get(f"/d/{link['token']}")
            return answer.status_code, answer.content

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(fetch, range(50)))
    assert sorted(status for status, _ in answers) == [200] + [410] * 49
    assert [content for status, content in answers if status == 200] == [CONTENT]
    assert all(b"link_used_up" in content for status, content in answers if status == 410)
    assert downloads(ada, link) == 1
    wait_until(lambda: [use["complete"] for use in uses(ada, link)] == [True])


def test_what_carries_no_content_is_not_counted(ada, nobody, file):
    link = of_file(ada, file, max_downloads=1)
    door, etag = f"/d/{link['token']}", f'"{file["sha256"]}"'
    assert nobody.head(door).status_code == 200
    assert nobody.get(door, headers={"if-none-match": etag}).status_code == 304
    assert nobody.get(door, headers={"if-match": '"other"'}).status_code == 412
    assert nobody.get(door, headers={"range": "bytes=99999999-"}).status_code == 416
    assert nobody.get(f"/api/d/{link['token']}").json()["downloads_left"] == 1
    assert downloads(ada, link) == 0
    assert nobody.get(door).status_code == 200


def test_the_ranges_of_one_download_count_once(ada, nobody, file):
    link = of_file(ada, file, max_downloads=1)
    door, step = f"/d/{link['token']}", len(CONTENT) // 10 + 1
    parts = [
        nobody.get(door, headers={"range": f"bytes={start}-{start + step - 1}"})
        for start in range(0, len(CONTENT), step)
    ]
    assert [part.status_code for part in parts] == [206] * 10
    assert b"".join(part.content for part in parts) == CONTENT
    assert downloads(ada, link) == 1
    wait_until(lambda: [(use["bytes"], use["complete"]) for use in uses(ada, link)] == [(len(CONTENT), True)])
    assert code(nobody.get(door)) == "link_used_up"


def test_rereading_has_a_bound(ada, nobody, file):
    link = of_file(ada, file, max_downloads=1)
    door, half = f"/d/{link['token']}", len(CONTENT) // 2
    assert nobody.get(door).status_code == 200
    for _ in range(2):
        assert nobody.get(door, headers={"range": f"bytes={half}-"}).status_code == 206
    assert code(nobody.get(door, headers={"range": f"bytes={half}-"})) == "link_used_up"
    with httpx.Client(base_url=str(nobody.base_url)) as other:
        assert code(other.get(door, headers={"range": "bytes=1-"})) == "link_used_up"
        assert other.head(door).status_code == 410


def test_a_broken_download_goes_on_from_the_same_address(server, ada, file):
    """As `curl -C -` does: no cookie, a range from where it broke."""
    content = CONTENT * 8  # more than the system keeps for a client that does not read
    file = ada.put(f"/api/files/by-path/{file['path']}", content=content).json()
    link = of_file(ada, file, max_downloads=1)
    door = f"{server.address}/d/{link['token']}"
    had = b""
    with httpx.stream("GET", door) as answer:
        for piece in answer.iter_raw(65_536):
            had += piece
            if len(had) > 200_000:
                break
    rest = httpx.get(door, headers={"range": f"bytes={len(had)}-"})
    assert (rest.status_code, had + rest.content == content) == (206, True)
    assert downloads(ada, link) == 1


def test_each_file_of_a_folder_counts(ada, nobody, folder):
    link = of_folder(ada, folder, max_downloads=2)
    assert nobody.get(f"/d/{link['token']}/data.bin").status_code == 200
    assert nobody.get(f"/d/{link['token']}").status_code == 200
    assert code(nobody.get(f"/d/{link['token']}/deep/Größe%20%22x%22.html")) == "link_used_up"
    assert downloads(ada, link) == 2


# --- what is no token -------------------------------------------------------------------------------------------


def is_sent_as_it_is(token):
    """`.` and `..` are steps on the path, which a client takes before it asks (RFC 3986 §6.2.2.3)."""
    return token.isprintable() and token.isascii() and token not in {"", ".", ".."}


def test_wrong_tokens_are_not_found_over_http(server, ada, folder, file):
    real = [
        of_file(ada, file)["token"],
        of_folder(ada, folder)["token"],
        of_folder(ada, folder, kind="request")["token"],
    ]
    wrong = list(wrong_tokens(real, 3000, key="not the key of this server, of course"))
    sample = [token for token in random.Random(5).sample(wrong, 400) if is_sent_as_it_is(token)]
    statuses = set()
    with server.client() as client:
        for number, token in enumerate(sample):
            quoted = quote(token, safe="")
            path = ("/d/{}", "/d/{}/data.bin", "/api/d/{}", "/api/d/{}/entries", "/d/{}/thumbnail?size=300")[number % 5]
            answer = client.get(path.format(quoted))
            statuses.add(answer.status_code)
            assert CONTENT[:100] not in answer.content
            assert answer.status_code in {404, 422, 431}, (path, token)
    assert 404 in statuses
