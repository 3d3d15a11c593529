"""Two installations and one place: the second is told whose it is, and nothing of the first is touched."""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aishare.core.errors import LocationOwned
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.s3.backend import open_s3
from aishare.storage.checks.marker import claim
from tests.api.conftest import make_bucket, s3_environ
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.s3server import raw_client
from tests.support.s3servers import s3_server
from tests.support.server import run_cli, serving, wait_until

INFO = "/api/admin/storage-service/info"
RELOAD = "/api/environment-variables/reload"
TAKE_OVER = "/api/admin/storage-service/take-over"


@pytest.fixture(params=["local", "seaweedfs"])
def place(request, tmp_path):
    """Lines for `.env` that lead to one place."""
    if request.param == "local":
        return {"STORAGE_TYPE": "local", "LOCAL_STORAGE_PATH": str(tmp_path / "shared")}
    return new_bucket_place()


def new_bucket_place():
    bucket = f"owner-{time.time_ns()}"
    asyncio.run(make_bucket(s3_server("seaweedfs"), bucket))
    return s3_environ(s3_server("seaweedfs"), bucket)


def installation(tmp_path, name, settings):
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    write(folder, {"PUBLIC_URL": address_of(name), **settings})
    return folder


def write(folder, settings):
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))


def start(folder, *arguments):
    """A start that is to fail; with what it says."""
    command = [sys.executable, "-m", "aishare", "serve", "--port", "0", "--data-dir", str(folder), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env={**os.environ}, timeout=60, check=False
    )


def refused(done, owner):
    said = " ".join(done.stderr.split())  # the console breaks lines
    assert done.returncode == 2, said
    assert f"belongs to another installation of aishare: {address_of(owner)}, since 20" in said
    assert "aishare storage take-over --yes" in said
    assert "Traceback" not in said


def address_of(name):
    return f"http://{name}.example"


def claimed_by(name, place):
    """As a server of that installation would have done."""
    asyncio.run(_claim(name, place))


async def _claim(name, place):
    if place["STORAGE_TYPE"] == "local":
        backend = LocalStorageBackend(LocalConfig(Path(place["LOCAL_STORAGE_PATH"])))
        await backend.identity()
    else:
        backend = await open_s3(s3_server("seaweedfs").config(place["S3_COMPATIBLE_BUCKET_NAME"]))
    try:
        await claim(backend, f"id-of-{name}", address_of(name))
    finally:
        await backend.aclose()


def test_a_second_installation_is_refused_until_it_takes_over(tmp_path, place):
    place = {**place, "STORAGE_FALLBACK": "off"}
    first, second = installation(tmp_path, "first", place), installation(tmp_path, "second", place)
    with serving(first) as server, server.client("admin") as client:
        kept = client.put("/api/files/by-path/kept.txt", content=b"kept").json()
        refused(start(second), "first")
        assert client.get(f"/api/files/{kept['id']}/content").content == b"kept"
        looked = run_cli(second, "storage", "take-over", "--json")
        assert (looked.returncode, json.loads(looked.stdout)["owner"]["name"]) == (1, address_of("first"))
    taken = run_cli(second, "storage", "take-over", "--yes", "--json")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["previous"]["name"] == address_of("first")
    with serving(second) as server, server.client("admin") as client:
        assert client.put("/api/files/by-path/mine.txt", content=b"mine").status_code == 201
    refused(start(first), "second")


def test_with_a_bucket_of_another_files_wait_in_the_spool_until_it_is_taken_over(tmp_path):
    place = new_bucket_place()
    claimed_by("first", place)
    before = asyncio.run(_names(place["S3_COMPATIBLE_BUCKET_NAME"]))
    with serving(installation(tmp_path, "second", place)) as server, server.client("admin") as client:
        info = client.get(INFO).json()
        assert (info["status"], info["code"]) == ("degraded", "location_owned")
        assert address_of("first") in info["problems"][0]["message"]
        assert info["problems"][0]["variable"] == "S3_COMPATIBLE_BUCKET_NAME"
        assert client.put("/api/files/by-path/waits.txt", content=b"waits").status_code == 201
        assert asyncio.run(_names(place["S3_COMPATIBLE_BUCKET_NAME"])) == before
        assert client.post(TAKE_OVER).status_code == 200
        wait_until(lambda: client.get(INFO).json()["status"] == "ok")
        wait_until(lambda: client.get(INFO).json()["spool"]["objects"] == 0)


def test_a_reload_to_a_place_of_another_changes_nothing_until_it_is_taken_over(tmp_path, place):
    claimed_by("first", place)
    second = installation(tmp_path, "second", {"STORAGE_TYPE": "local"})
    with serving(second) as server, server.client("admin") as client, server.client("ada") as ada:
        before = client.get(INFO).json()
        write(second, {"PUBLIC_URL": address_of("second"), **place})
        done = client.post(RELOAD).json()
        assert done["applied"] is False
        assert address_of("first") in done["errors"][0]["message"]
        after = client.get(INFO).json()
        assert (after["location_id"], after["locations"]) == (before["location_id"], before["locations"])
        assert client.put("/api/files/by-path/still.txt", content=b"works").status_code == 201
        assert ada.post(TAKE_OVER, json=place).status_code == 403
        taken = client.post(TAKE_OVER, json=place)
        assert taken.status_code == 200, taken.text
        assert taken.json()["previous"]["name"] == address_of("first")
        assert client.post(RELOAD).json()["applied"] is True
        assert client.get(INFO).json()["location_id"] != before["location_id"]
    with pytest.raises(LocationOwned):
        claimed_by("first", place)


def test_several_processes_refuse_with_status_2(tmp_path):
    place = {"STORAGE_TYPE": "local", "LOCAL_STORAGE_PATH": str(tmp_path / "shared")}
    claimed_by("first", place)
    refused(start(installation(tmp_path, "second", place), "--workers", "2"), "first")


async def _names(bucket):
    async with raw_client(s3_server("seaweedfs")) as client:
        return [entry["Key"] for entry in (await client.list_objects_v2(Bucket=bucket)).get("Contents", [])]


def test_a_store_out_of_reach_at_the_start_is_claimed_later(tmp_path):
    place = new_bucket_place()
    with fault_proxy(s3_server("seaweedfs").url) as proxy:
        proxy.inject(Kind.REFUSE_RESET, times=None)
        folder = installation(tmp_path, "one", {**place, "S3_COMPATIBLE_ENDPOINT": proxy.url})
        with serving(folder, demo=False) as server:
            assert "claim_postponed" in "".join(server.log)
            proxy.clear()
            wait_until(lambda: "storage_claimed" in "".join(server.log))
    assert "owner.json" in asyncio.run(_names(place["S3_COMPATIBLE_BUCKET_NAME"]))


def test_a_store_that_turns_out_to_be_of_another_gets_nothing(tmp_path):
    place = new_bucket_place()
    claimed_by("first", place)
    before = asyncio.run(_names(place["S3_COMPATIBLE_BUCKET_NAME"]))
    with fault_proxy(s3_server("seaweedfs").url) as proxy:
        proxy.inject(Kind.REFUSE_RESET, times=None)
        second = installation(tmp_path, "second", {**place, "S3_COMPATIBLE_ENDPOINT": proxy.url})
        with serving(second) as server, server.client("admin") as client:
            proxy.clear()
            wait_until(lambda: "storage_of_another" in "".join(server.log))
            info = client.get(INFO).json()
            assert info["status"] == "degraded"
            assert address_of("first") in info["spool"]["reason"]
            stored = client.put("/api/files/by-path/waits.txt", content=b"waits")
            assert stored.status_code == 201
            time.sleep(3)  # longer than the spool waits before it drains
            assert client.get(f"/api/files/{stored.json()['id']}/content").content == b"waits"
            assert asyncio.run(_names(place["S3_COMPATIBLE_BUCKET_NAME"])) == before
            assert client.post(TAKE_OVER).status_code == 200
            wait_until(lambda: client.get(INFO).json()["status"] == "ok")
            wait_until(lambda: client.get(INFO).json()["spool"]["objects"] == 0)
