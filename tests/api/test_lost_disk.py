"""A local storage whose disk is not mounted: nothing is taken for it, and nothing is written in its place."""

import shutil

import pytest

from tests.support.server import run_cli, serving, wait_until

INFO = "/api/admin/storage-service/info"
READY = "/api/health/ready"
TAKE_OVER = "/api/admin/storage-service/take-over"


def put(client, path, content):
    return client.put(f"/api/files/by-path/{path}", content=content)


def content_of(client, answer):
    return client.get(f"/api/files/{answer.json()['id']}/content")


@pytest.fixture
def disk(tmp_path):
    """The storage with one file in it, its server stopped; `away` is where it is when it is not mounted."""
    with serving(tmp_path) as server, server.client("admin") as client:
        kept = put(client, "kept", b"kept")
        location = client.get(INFO).json()["location_id"]
    return tmp_path / "storage", tmp_path / "away", kept, location


def is_down(client, location, kept):
    """What everybody is told while the disk is missing."""
    ready, info = client.get(READY), client.get(INFO).json()
    assert (ready.status_code, ready.json()["status"], ready.json()["storage"]) == (503, "down", "location_missing")
    assert (info["location_id"], info["code"], info["degraded"]) == (location, "location_missing", True)
    assert "take-over --yes" in info["problems"][0]["message"]
    refused = content_of(client, kept)
    assert (refused.status_code, bool(refused.headers["retry-after"])) == (503, True)


def works_again(client):
    wait_until(lambda: client.get(READY).json()["status"] == "ok")
    wait_until(lambda: client.get(INFO).json()["spool"]["objects"] == 0)


def test_a_disk_that_is_missing_at_the_start_or_goes_later_and_comes_back(tmp_path, disk):
    storage, away, kept, location = disk
    storage.rename(away)
    with serving(tmp_path) as server, server.client("admin") as client:
        is_down(client, location, kept)
        waits = put(client, "waits", b"waits")
        assert (waits.status_code, content_of(client, waits).content) == (201, b"waits")
        for command in ("test", "verify"):
            assert run_cli(tmp_path, "storage", command).returncode == 1
        shown = run_cli(tmp_path, "storage", "info", "--json")
        assert (shown.returncode, f'"location_id": "{location}"' in shown.stdout) == (0, True)
        assert not storage.exists()
        away.rename(storage)
        works_again(client)
        assert content_of(client, kept).content == b"kept"
        assert content_of(client, waits).content == b"waits"
        storage.rename(away)
        storage.mkdir()
        (storage / ".aishare-location").write_text("another disk")
        assert put(client, "waits too", b"waits too").status_code == 201
        is_down(client, location, kept)
        assert [path.name for path in storage.iterdir()] == [".aishare-location"]


def test_an_administrator_may_say_that_it_is_a_new_storage(tmp_path, disk):
    storage, away, kept, location = disk
    storage.rename(away)
    with serving(tmp_path) as server, server.client("admin") as client:
        waits = put(client, "waits", b"waits")
        assert client.post(TAKE_OVER).status_code == 200
        works_again(client)
        assert client.get(INFO).json()["location_id"] != location
        assert content_of(client, waits).content == b"waits"
        assert content_of(client, kept).status_code == 503
        shutil.rmtree(storage)
        away.rename(storage)
        wait_until(lambda: client.get(INFO).json()["location_id"] == location)
        wait_until(lambda: content_of(client, kept).status_code == 200)


def test_without_the_spool_writes_are_refused(tmp_path, disk):
    storage, away, kept, location = disk
    storage.rename(away)
    with serving(tmp_path, environ={"STORAGE_FALLBACK": "off"}) as server, server.client("admin") as client:
        refused = put(client, "refused", b"refused")
        assert (refused.status_code, bool(refused.headers["retry-after"])) == (503, True)
        is_down(client, location, kept)
        assert not storage.exists()
        assert not (tmp_path / "spool").exists()
