"""DOWNLOAD_MODE=redirect: the storage itself sends the bytes, under our name and type, for a short time."""

import asyncio
import os
import sqlite3
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from aiobotocore.session import get_session

from tests.api.conftest import make_bucket, s3_environ
from tests.support.faultproxy import fault_proxy
from tests.support.s3servers import s3_server
from tests.support.server import serving, wait_until

CONTENT = os.urandom(300_000)


@pytest.fixture(scope="module", params=["seaweedfs", "minio"])
def server(request, tmp_path_factory):
    store, bucket = s3_server(request.param), f"redirect-{time.time_ns()}"
    asyncio.run(make_bucket(store, bucket))
    environ = {**s3_environ(store, bucket), "DOWNLOAD_MODE": "redirect"}
    with serving(tmp_path_factory.mktemp("redirect"), environ=environ) as running:
        yield running


@pytest.fixture
def file(ada):
    answer = ada.put("/api/files/by-path/set/Größe%20%22x%22.html", content=CONTENT)
    assert answer.status_code in {200, 201}
    return f"/api/files/{answer.json()['id']}/content"


def test_the_storage_answers_with_our_name_and_type(ada, file):
    answer = ada.get(file)
    assert answer.status_code == 307
    assert answer.headers["cache-control"] == "private, max-age=30"
    address = answer.headers["location"]
    assert int(parse_qs(urlsplit(address).query)["X-Amz-Expires"][0]) <= 60
    own = ada.get(file, headers={"prefer": "no-redirect"})
    assert own.status_code == 200
    fetched = httpx.get(address)
    assert fetched.content == own.content == CONTENT
    assert fetched.headers["content-type"] == own.headers["content-type"]
    assert fetched.headers["content-disposition"] == own.headers["content-disposition"]
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert httpx.get(address.replace("attachment", "inline")).status_code == 403


def test_by_path_is_redirected_as_by_id(ada, file):
    by_path = ada.get("/api/files/by-path/set/Größe%20%22x%22.html", follow_redirects=True)
    assert by_path.history[0].status_code == 307
    assert by_path.content == CONTENT
    by_id = ada.get(file, follow_redirects=True)
    assert by_path.headers["content-disposition"] == by_id.headers["content-disposition"]


def test_a_range_goes_along(ada, file):
    part = ada.get(file, headers={"range": "bytes=1000-2999"}, follow_redirects=True)
    assert part.history[0].status_code == 307
    assert part.status_code == 206
    assert part.content == CONTENT[1000:3000]


@pytest.mark.parametrize(
    "headers",
    [
        {"prefer": "no-redirect"},
        {"sec-fetch-dest": "image"},
        {"range": "bytes=0-1,5-6"},
        {"if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT"},
    ],
)
def test_what_the_storage_could_not_answer_comes_from_here(ada, file, headers):
    assert ada.get(file, headers=headers).status_code in {200, 206}


def test_head_is_answered_here(ada, file):
    assert ada.head(file).status_code == 200


def test_addresses_are_signed_for_the_public_endpoint(tmp_path):
    """The service reaches the store at one address, browsers at another: the host is part of the signature."""
    store, bucket = s3_server("seaweedfs"), f"redirect-{time.time_ns()}"
    asyncio.run(make_bucket(store, bucket))
    with fault_proxy(store.url) as public:
        environ = {**s3_environ(store, bucket), "DOWNLOAD_MODE": "redirect", "S3_PUBLIC_ENDPOINT": public.url}
        with serving(tmp_path, environ=environ) as running, running.client("ada") as ada:
            file = ada.put("/api/files/by-path/a.bin", content=CONTENT).json()
            address = ada.get(f"/api/files/{file['id']}/content").headers["location"]
            assert address.startswith(f"{public.url}/{bucket}/")
            assert httpx.get(address).content == CONTENT
            assert httpx.get(address.replace(public.url, store.url)).status_code == 403


async def spoil(store, bucket, key, content):
    keys = {"aws_access_key_id": store.access_key, "aws_secret_access_key": store.secret_key}
    async with get_session().create_client("s3", endpoint_url=store.url, region_name="us-east-1", **keys) as client:
        await client.put_object(Bucket=bucket, Key=key, Body=content)


def test_nobody_is_sent_to_bytes_that_are_known_to_be_damaged(tmp_path):
    store, bucket = s3_server("minio"), f"redirect-{time.time_ns()}"
    asyncio.run(make_bucket(store, bucket))
    environ = {**s3_environ(store, bucket), "DOWNLOAD_MODE": "redirect"}
    with (
        serving(tmp_path, environ=environ) as running,
        running.client("ada") as ada,
        running.client("admin") as admin,
    ):
        file = ada.put("/api/files/by-path/a.bin", content=CONTENT).json()
        path, link = f"/api/files/{file['id']}/content", ada.post(f"/api/files/{file['id']}/links", json={}).json()
        assert ada.get(path).status_code == 307
        catalogue = sqlite3.connect(tmp_path / "aishare.db")
        ((key,),) = catalogue.execute(
            "SELECT objects.key FROM objects JOIN files ON files.object_id = objects.id WHERE files.id = ?",
            (file["id"],),
        )
        catalogue.close()
        asyncio.run(spoil(store, bucket, key, CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])))
        scrub = admin.post("/api/admin/scrubs", json={}).json()
        wait_until(lambda: admin.get(f"/api/admin/scrubs/{scrub['id']}").json()["state"] == "completed")
        for address in (path, link["download_url"]):
            for headers in ({}, {"range": "bytes=0-9"}):
                answer = ada.get(address, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (502, "object_corrupt")
        asyncio.run(spoil(store, bucket, key, CONTENT))
        scrub = admin.post("/api/admin/scrubs", json={}).json()
        wait_until(lambda: admin.get(f"/api/admin/scrubs/{scrub['id']}").json()["state"] == "completed")
        assert ada.get(path).status_code == 307


def test_strangers_get_no_address(server, file):
    with server.client("grace") as grace:
        assert grace.get(file).status_code == 404
    with server.client() as nobody:
        assert nobody.get(file).status_code == 401


def test_a_disabled_user_gets_no_address(server, ada, file):
    with server.client("admin") as admin:
        users = admin.get("/api/admin/users").json()
        user = next(one for one in users["items"] if one["username"] == "ada")
        try:
            assert admin.patch(f"/api/admin/users/{user['id']}", json={"disabled": True}).status_code == 200
            assert ada.get(file).status_code == 401
        finally:
            admin.patch(f"/api/admin/users/{user['id']}", json={"disabled": False})


def test_a_link_is_redirected_until_it_ends(server, ada, file):
    file_id = file.split("/")[3]
    link = ada.post(f"/api/files/{file_id}/links", json={}).json()
    with server.client() as nobody:
        sent = nobody.get(link["download_url"])
        assert (sent.status_code, sent.headers["referrer-policy"]) == (307, "no-referrer")
        assert httpx.get(sent.headers["location"]).content == CONTENT
        ada.delete(f"/api/links/{link['id']}")
        for headers in ({}, {"range": "bytes=0-9"}, {"prefer": "no-redirect"}):
            assert nobody.get(link["download_url"], headers=headers).status_code == 410
    log = f"/api/links/{link['id']}/uses"
    wait_until(lambda: [(use["bytes"], use["complete"]) for use in ada.get(log).json()["items"]] == [(0, False)])


def test_a_link_with_a_number_of_downloads_is_never_redirected(server, ada, file):
    link = ada.post(f"/api/files/{file.split('/')[3]}/links", json={"max_downloads": 2}).json()
    with server.client() as nobody:
        assert nobody.get(link["download_url"], headers={"range": "bytes=5-9"}).content == CONTENT[5:10]
    for expected in (200, 410):
        with server.client() as nobody:
            assert nobody.get(link["download_url"]).status_code == expected


def test_a_local_file_comes_from_here(tmp_path):
    with serving(tmp_path, environ={"DOWNLOAD_MODE": "redirect"}) as running, running.client("ada") as client:
        made = client.put("/api/files/by-path/a.txt", content=b"local").json()
        assert client.get(f"/api/files/{made['id']}/content").content == b"local"
