"""A store that stops, stalls, refuses or was never there: writes land in the spool, and leave it by themselves."""

import asyncio
import hashlib
import os
import time

import pytest

from tests.api.conftest import make_bucket, s3_environ
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.s3servers import s3_server
from tests.support.seaweedfs import own_seaweedfs
from tests.support.server import serving, wait_until

INFO = "/api/admin/storage-service/info"
READY = "/api/health/ready"
MIB = 1024 * 1024


@pytest.fixture
def bucket():
    name = f"spool-{time.time_ns()}"
    asyncio.run(make_bucket(s3_server("seaweedfs"), name))
    return name


@pytest.fixture
def proxy():
    with fault_proxy(s3_server("seaweedfs").url) as running:
        yield running


def environ(bucket, proxy, **more):
    return {**s3_environ(s3_server("seaweedfs"), bucket), "S3_COMPATIBLE_ENDPOINT": proxy.url, **more}


def put(client, path, content):
    began = time.monotonic()
    answer = client.put(f"/api/files/by-path/{path}", content=content)
    return answer, time.monotonic() - began


def content_of(client, file):
    return client.get(f"/api/files/{file['id']}/content")


def stop(proxy, how):
    if how == "stopped":
        proxy.inject(Kind.REFUSE_RESET, times=None)
    else:
        proxy.inject(Kind.STALL, at=-1, times=None)


@pytest.mark.parametrize("how", ["stopped", "stalled"])
def test_writes_land_in_the_spool_and_drain_by_themselves(tmp_path, bucket, proxy, how):
    contents = {f"during/{number}": os.urandom(size) for number, size in enumerate((0, 1, 5000, MIB, 3 * MIB, 9 * MIB))}
    with serving(tmp_path, environ=environ(bucket, proxy)) as server, server.client("admin") as client:
        before, _ = put(client, "before", b"before")
        normal = min(put(client, f"normal/{number}", b"x" * 1000)[1] for number in range(5))
        stop(proxy, how)
        answer, first = put(client, "first", b"first")
        assert answer.status_code == 201
        assert first < 30
        answers = {path: put(client, path, content) for path, content in contents.items()}
        assert [answer.status_code for answer, _ in answers.values()] == [201] * len(contents)
        small = sorted(put(client, f"small/{number}", b"x" * 1000)[1] for number in range(9))[4]
        print(f"{how}: first {first:.2f} s, then {small * 1000:.0f} ms, normally {normal * 1000:.0f} ms")
        assert small < normal + 2  # it waits no more: the store has that long for each
        info = client.get(INFO).json()
        assert info["status"] == "degraded"
        assert info["spool"]["objects"] >= len(contents) + 1
        assert info["spool"]["reason"]
        assert client.get(READY).json()["status"] == "degraded"
        wait_until(lambda: "aishare_storage_degraded 1.0" in client.get("/metrics").text)
        dead = content_of(client, before.json())
        assert (dead.status_code, bool(dead.headers["retry-after"])) == (503, True)
        for path, (answer, _) in answers.items():
            assert content_of(client, answer.json()).content == contents[path]
        replaced, _ = put(client, "during/2", b"replaced")
        contents["during/2"] = b"replaced"
        client.delete(f"/api/files/{answers['during/1'][0].json()['id']}")
        proxy.clear()
        wait_until(lambda: _drained(client))
        assert client.get(READY).json()["status"] == "ok"
        del contents["during/1"]
        for path, content in contents.items():
            file = client.get(f"/api/files/{answers[path][0].json()['id']}").json()
            assert file["location"].startswith("s3-compatible")
            assert hashlib.sha256(content_of(client, file).content).digest() == hashlib.sha256(content).digest()
        assert replaced.json()["id"] == answers["during/2"][0].json()["id"]


def _drained(client):
    info = client.get(INFO).json()
    return info["status"] == "ok" and info["spool"]["objects"] == 0


@pytest.mark.parametrize("how", ["frozen", "killed"])
def test_a_real_store_that_freezes_or_dies_and_comes_back(tmp_path, how):
    with own_seaweedfs() as store:
        asyncio.run(make_bucket(store.server, "own"))
        with serving(tmp_path, environ=s3_environ(store.server, "own")) as server, server.client("admin") as client:
            kept, _ = put(client, "kept", b"kept" * 1000)
            store.freeze() if how == "frozen" else store.kill()
            answer, first = put(client, "first", b"first")
            assert answer.status_code == 201
            assert first < 30
            times = sorted(put(client, f"small/{number}", b"x" * 1000)[1] for number in range(9))
            print(f"{how}: first {first:.2f} s, then {times[4] * 1000:.0f} ms")
            assert client.get(INFO).json()["spool"]["objects"] == 10
            store.thaw() if how == "frozen" else store.start_again()
            wait_until(lambda: _drained(client))
            for file, content in ((answer, b"first"), (kept, b"kept" * 1000)):
                now = client.get(f"/api/files/{file.json()['id']}").json()
                assert now["location"].startswith("s3-compatible")
                assert content_of(client, now).content == content


def test_without_the_fallback_writes_are_refused_and_nothing_is_left(tmp_path, bucket, proxy):
    environment = environ(bucket, proxy, STORAGE_FALLBACK="off")
    with serving(tmp_path, environ=environment) as server, server.client("admin") as client:
        stop(proxy, "stopped")
        wait_until(lambda: put(client, "a", b"a")[0].status_code == 503)
        refused, seconds = put(client, "b", b"b")
        assert (refused.status_code, bool(refused.headers["retry-after"])) == (503, True)
        assert seconds < 10
        assert client.get(READY).status_code == 503
        assert not (tmp_path / "data" / "spool").exists()
        proxy.clear()
        wait_until(lambda: put(client, "c", b"c")[0].status_code == 201)


def test_the_fallback_can_be_allowed_while_the_store_is_away(tmp_path, bucket, proxy):
    text = "".join(f"{name}={value}\n" for name, value in environ(bucket, proxy).items())
    (tmp_path / ".env").write_text(f"{text}STORAGE_FALLBACK=off\n")
    with serving(tmp_path) as server, server.client("admin") as client:
        stop(proxy, "stopped")
        wait_until(lambda: put(client, "a", b"a")[0].status_code == 503)
        (tmp_path / ".env").write_text(f"{text}STORAGE_FALLBACK=spool\n")
        done = client.post("/api/environment-variables/reload").json()
        assert (done["applied"], done["changed"]) == (True, ["STORAGE_FALLBACK"])
        assert put(client, "b", b"b")[0].status_code == 201
        assert client.get(INFO).json()["spool"]["objects"] == 1


@pytest.mark.parametrize(
    "wrong",
    [{"S3_COMPATIBLE_SECRET_KEY": "wrong-secret"}, {"S3_COMPATIBLE_ENDPOINT": "http://127.0.0.1:9"}],
    ids=["wrong secret", "nothing there"],
)
def test_a_start_with_a_storage_that_does_not_work(tmp_path, bucket, proxy, wrong):
    right = environ(bucket, proxy)
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in {**right, **wrong}.items()))
    with serving(tmp_path) as server, server.client("admin") as client:
        content = os.urandom(2 * MIB)
        small, _ = put(client, "small", b"small")
        large, _ = put(client, "large", content)
        assert (small.status_code, large.status_code) == (201, 201)
        assert client.get(INFO).json()["status"] == "degraded"
        assert content_of(client, large.json()).content == content
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in right.items()))
        assert client.post("/api/environment-variables/reload").json()["applied"] is True
        wait_until(lambda: _drained(client))
        assert content_of(client, large.json()).content == content


def test_kill_9_while_it_drains_loses_nothing(tmp_path, bucket, proxy):
    contents = {f"file-{number}": os.urandom(50_000) for number in range(120)}
    environment = environ(bucket, proxy)
    with serving(tmp_path, environ=environment) as server, server.client("admin") as client:
        stop(proxy, "stopped")
        files = {path: put(client, path, content)[0].json() for path, content in contents.items()}
        total = client.get(INFO).json()["spool"]["objects"]
        assert total >= len(contents)
        proxy.clear()
        wait_until(lambda: client.get(INFO).json()["spool"]["objects"] < total)
        server.kill()
    with serving(tmp_path, environ=environment) as server, server.client("admin") as client:
        wait_until(lambda: _drained(client))
        for path, content in contents.items():
            assert content_of(client, files[path]).content == content
