"""Files in every storage that was ever active: each verb works on them after switches, and after a restart."""

import asyncio
import json
import time

import pytest

from tests.api.conftest import make_bucket, s3_environ
from tests.support.s3servers import s3_server
from tests.support.server import run_cli, serving

KINDS = ("local", "seaweedfs", "minio")
LOCATIONS = "/api/admin/locations"
REDIRECT = {"DOWNLOAD_MODE": "redirect"}


def settings_of(kind, bucket):
    return {"STORAGE_TYPE": "local"} if kind == "local" else s3_environ(s3_server(kind), bucket)


def switch(client, folder, settings):
    lines = [f"{name}={value}\n" for name, value in {**settings, **REDIRECT}.items()]
    (folder / ".env").write_text("".join(lines))
    answer = client.post("/api/environment-variables/reload")
    assert answer.status_code == 200, answer.text
    assert answer.json()["applied"], answer.text


def content(kind, name):
    return f"{kind} {name} ".encode() * 5000


def fill(client, kind, names):
    made = {}
    for name in names:
        answer = client.put(f"/api/files/by-path/{kind}/{name}", content=content(kind, name))
        assert answer.status_code == 201, answer.text
        made[kind, name] = answer.json()["id"]
    return made


def check(client, kind, name, file_id):
    address, whole = f"/api/files/{file_id}/content", content(kind, name)
    assert client.get(f"/api/files/{file_id}").json()["size"] == len(whole)
    assert client.head(address).headers["content-length"] == str(len(whole))
    assert client.get(address, headers={"prefer": "no-redirect"}).content == whole
    part = client.get(address, headers={"range": "bytes=100-299"}, follow_redirects=True)
    assert (part.status_code, part.content) == (206, whole[100:300])
    signed = client.get(address)
    assert signed.status_code == (200 if kind == "local" else 307)
    assert client.get(address, follow_redirects=True).content == whole


def delete(client, made, name):
    for kind in KINDS:
        file_id = made.pop((kind, name))
        assert client.delete(f"/api/files/{file_id}").status_code == 204
        assert client.get(f"/api/files/{file_id}/content").status_code == 404


@pytest.fixture(scope="module")
def bucket():
    name = f"locations-{time.time_ns()}"
    for kind in KINDS[1:]:
        asyncio.run(make_bucket(s3_server(kind), name))
    return name


def test_every_verb_works_in_every_location_after_switches_and_a_restart(tmp_path, bucket):
    made = {}
    with serving(tmp_path) as server, server.client("admin") as client:
        for kind in KINDS:
            switch(client, tmp_path, settings_of(kind, bucket))
            made |= fill(client, kind, ("a", "b", "c"))
        switch(client, tmp_path, settings_of("local", bucket))
        for (kind, name), file_id in made.items():
            check(client, kind, name, file_id)
        delete(client, made, "a")
        log = "".join(server.log)
    with serving(tmp_path) as server, server.client("admin") as client:
        for (kind, name), file_id in made.items():
            check(client, kind, name, file_id)
        delete(client, made, "b")
        log += "".join(server.log)
        listed = client.get(LOCATIONS).text
    database = b"".join(path.read_bytes() for path in tmp_path.rglob("*.db*"))
    assert database
    for kind in KINDS[1:]:
        secret = s3_server(kind).secret_key
        assert secret not in log + listed
        assert secret.encode() not in database
    key = {"SECRET_KEY": "another-key-for-this-test-0123456789abcdef"}
    refused = run_cli(tmp_path, "user", "list", environ=key)
    assert (refused.returncode, "SECRET_KEY_PREVIOUS" in refused.stderr) == (2, True)
    assert run_cli(tmp_path, "config", "accept-key", environ=key).returncode == 1
    assert run_cli(tmp_path, "config", "accept-key", "--yes", environ=key).returncode == 0
    with serving(tmp_path, environ=key) as server, server.client("admin") as client:
        problems = [item["problem"] for item in json.loads(client.get(LOCATIONS).text)["items"]]
        assert sum("SECRET_KEY" in (problem or "") for problem in problems) == 2
        assert client.get(f"/api/files/{made['local', 'c']}/content").status_code == 200
        for kind in KINDS[1:]:
            refused = client.get(f"/api/files/{made[kind, 'c']}/content")
            assert (refused.status_code, refused.json()["code"]) == (503, "location_unavailable")
