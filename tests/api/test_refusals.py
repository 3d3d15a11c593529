"""What people are told when the storage refuses: a plain sentence and a request id; the rest is for administrators."""

import asyncio
import json
import time

import httpx
import pytest

from tests.api.conftest import make_bucket, s3_environ
from tests.support.faultproxy import fault_proxy
from tests.support.s3servers import s3_server
from tests.support.server import serving, wait_until

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PARQUET = b"PAR1" + b"x" * 1000
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 1000


@pytest.fixture(scope="module")
def refusing(tmp_path_factory):
    """A service whose store refuses every request: its proxy tells it another address, so no signature fits."""
    store, bucket = s3_server("seaweedfs"), f"refusals-{time.time_ns()}"
    asyncio.run(make_bucket(store, bucket))
    with fault_proxy(store.url) as proxy:
        environ = {**s3_environ(store, bucket), "S3_COMPATIBLE_ENDPOINT": proxy.url, "STORAGE_FALLBACK": "off"}
        with serving(tmp_path_factory.mktemp("refusals"), environ=environ) as server, server.client("ada") as ada:
            names = {"a.txt": b"text", "a.png": PNG, "a.parquet": PARQUET, "folder/b.txt": b"b"}
            files = {name: ada.put(f"/api/files/by-path/{name}", content=body).json() for name, body in names.items()}
            links = {
                "file": ada.post(f"/api/files/{files['a.txt']['id']}/links", json={}).json()["token"],
                "folder": ada.post("/api/links", json={"folder": "folder"}).json()["token"],
            }
            proxy.rewrite_host = True
            yield server, files, links, (bucket, proxy.url.partition("//")[2])


def doors(files, links):
    yield "GET", f"/d/{links['file']}", {}
    yield "GET", f"/d/{links['file']}", {"headers": {"Range": "bytes=1-"}}
    yield "GET", f"/d/{links['file']}", {"headers": BROWSER}
    yield "GET", f"/api/d/{links['file']}/preview", {}
    yield "GET", f"/d/{links['folder']}/b.txt", {}
    yield "HEAD", f"/d/{links['folder']}/b.txt", {}
    for name in ("a.txt", "a.png", "a.parquet"):
        yield "GET", f"/api/files/{files[name]['id']}/content", {}
        yield "GET", f"/api/files/{files[name]['id']}/preview", {}
    yield "GET", f"/api/files/{files['a.png']['id']}/thumbnail", {}
    yield "PUT", "/api/files/by-path/new.txt", {"content": b"new"}
    yield "PUT", f"/api/files/{files['a.txt']['id']}/content", {"content": b"new"}
    yield "POST", "/api/files", {"files": {"file": ("new.txt", b"new")}}
    yield "GET", "/api/health/ready", {}
    yield "GET", "/metrics", {}


def inside(answer, names):
    """What of the inside can be seen in an answer."""
    text = answer.text + str(answer.headers)
    return [word for word in (*names, "objects/", "S3_COMPATIBLE", "DATA_DIR", "AccessKey") if word in text]


def test_nobody_but_superusers_sees_the_inside_of_the_storage(refusing):
    server, files, links, names = refusing
    with server.client("ada") as ada:
        for method, path, options in doors(files, links):
            answer = ada.request(method, path, **options)
            assert inside(answer, names) == [], (path, answer.text)
            if answer.status_code >= 500 and method != "HEAD" and not path.endswith("/ready"):
                assert answer.headers["x-request-id"] in answer.text


def test_superusers_see_it_and_the_log_has_it_under_the_request_id(refusing):
    server, files, _, names = refusing
    path = f"/api/files/{files['a.txt']['id']}/content"
    with server.client("admin") as admin:
        assert inside(admin.get(path), names[:1]) != []
    with server.client("ada") as ada:
        refused = ada.get(path)
    told, request_id = refused.json(), refused.headers["x-request-id"]
    assert told["code"].startswith("storage_")

    def logged():
        lines = [json.loads(line) for line in list(server.log) if '"request_refused"' in line]
        return [line for line in lines if line["request_id"] == request_id and line["detail"] != told["detail"]]

    wait_until(logged)


def test_a_browser_gets_a_page_and_a_program_a_document(refusing):
    server, files, links, _ = refusing
    for path in (f"/d/{links['file']}", "/d/nothing", f"/api/files/{files['a.txt']['id']}/content"):
        page = httpx.get(server.address + path, headers=BROWSER)
        assert page.headers["content-type"] == "text/html; charset=utf-8", path
        assert page.headers["x-request-id"] in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        document = httpx.get(server.address + path)
        assert document.headers["content-type"] == "application/problem+json"
        assert document.status_code == page.status_code
    assert httpx.get(f"{server.address}/api/nothing", headers=BROWSER).json()["status"] == 404


def test_a_link_with_a_password_shows_a_browser_the_way_to_its_page(refusing):
    server, files, _, _ = refusing
    with server.client("ada") as ada:
        link = ada.post(f"/api/files/{files['a.txt']['id']}/links", json={"password": "a long password"}).json()
    page = httpx.get(f"{server.address}/d/{link['token']}", headers=BROWSER)
    assert page.status_code == 401
    assert f'href="/s/{link["token"]}"' in page.text


def test_an_object_that_is_missing_from_the_disk_is_not_named(server, ada):
    file = ada.put("/api/files/by-path/missing.txt", content=b"will be gone").json()
    for path in (server.data_dir / "storage/objects").rglob("*"):
        if path.is_file() and path.read_bytes() == b"will be gone":
            path.unlink()
    answer = ada.get(f"/api/files/{file['id']}/content")
    assert (answer.json()["code"], "objects/" in answer.text) == ("object_not_found", False)
