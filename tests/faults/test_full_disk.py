"""A full disk refuses uploads before it is quite full, keeps all else going, and is freed through the service."""

import os
import sqlite3
import subprocess
from contextlib import contextmanager, suppress

import httpx
import pytest

from tests.support.server import serving, wait_until

MIB = 1024 * 1024
ROOM = 3 * MIB
"""Of what the tests of one disk leave to each other."""


@contextmanager
def small_file_system(folder, size):
    assert os.geteuid() == 0, "the full-disk test mounts a small file system: run it as root"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A service whose data and files share a disk of 40 MiB, of which 4 MiB are kept free."""
    with small_file_system(tmp_path_factory.mktemp("full") / "disk", "40m") as disk:
        data = disk / "data"
        data.mkdir()
        with serving(data, environ={"LOCAL_STORAGE_PATH": str(disk / "storage")}) as server:
            yield server, disk


def free(disk):
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


def ready(server):
    answer = httpx.get(f"{server.address}/api/health/ready")
    return {"http": answer.status_code, **answer.json()}


def fill(path):
    """What somebody else does to a disk: to its last byte, at once. Slowly it would also take what the service gives
    up for its database meanwhile.
    """
    with path.open("wb") as file:
        while room := free(path.parent):
            with suppress(OSError):  # the service took a page of it meanwhile
                os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), room)


def unannounced(size):
    return (b"u" * 65536 for _ in range(size // 65536))


def tokens(client, count):
    """Whose use was never noted: the first request with one writes it down."""
    made = [client.post("/api/tokens", json={"name": f"token {number}"}).json()["token"] for number in range(count)]
    return [{"Authorization": f"Bearer {token}"} for token in made]


def test_a_full_disk_is_507_and_nothing_stays(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    with small_file_system(tmp_path / "small", "8m") as small_disk:
        environ = {"LOCAL_STORAGE_PATH": str(small_disk / "storage")}
        with serving(data, environ=environ) as server, server.client("ada") as client:
            kept = client.put("/api/files/by-path/kept.bin", content=b"k" * 100_000).json()
            for path in ("new.bin", "kept.bin"):
                for content in (os.urandom(20_000_000), unannounced(20_000_000)):
                    refused = client.put(f"/api/files/by-path/{path}", content=content)
                    assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
                    assert "storage" not in refused.json()["detail"]
            wait_until(lambda: not list((small_disk / "storage/.incoming").iterdir()))
            assert client.get("/api/files", params={"q": "new.bin"}).json()["items"] == []
            assert client.get(f"/api/files/{kept['id']}/content").content == b"k" * 100_000
            assert client.put("/api/files/by-path/small.bin", content=b"fits").status_code == 201


def test_uploads_end_before_the_reserve_and_all_else_goes_on(small):
    """Through every door, announced or not; then something else takes the rest, and people free the disk."""
    server, disk = small
    with server.client("ada") as ada, server.client("admin") as admin, httpx.Client(base_url=server.address) as nobody:
        first = ada.put("/api/files/by-path/inbox/first.bin", content=b"first").json()
        unlimited = ada.post(f"/api/files/{first['id']}/links", json={}).json()["token"]
        limited = ada.post(f"/api/files/{first['id']}/links", json={"max_downloads": 3}).json()["token"]
        request = ada.post("/api/links", json={"folder": "inbox", "kind": "request"}).json()["token"]
        fresh = tokens(ada, 2)
        number = 0
        for size in (2 * MIB, MIB // 16):  # large ones, then whatever else fits
            while ada.put(f"/api/files/by-path/big/{number}.bin", content=b"x" * size).status_code == 201:
                number += 1
        assert number > 5
        for content in (lambda: b"x" * ROOM, lambda: unannounced(ROOM)):
            refused = nobody.put(f"/api/d/{request}/files/a.bin", content=content())
            assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
            assert ada.put(f"/api/files/{first['id']}/content", content=content()).status_code == 507
        assert ada.post("/api/files", files={"file": ("form.bin", b"x" * ROOM)}).status_code == 507
        assert free(disk) > 3 * MIB
        assert ready(server)["status"] == "degraded"

        goes_on(server, ada, first, unlimited, limited, fresh[0])
        fill(disk / "other")
        assert free(disk) < 5 * MIB  # nothing, or what was given up for the database
        goes_on(server, ada, first, unlimited, limited, fresh[1])
        told = ready(server)
        assert (told["http"], told["status"]) == (200, "degraded")
        (told_of,) = told["disks"]
        assert (set(told_of["holds"]), told_of["state"]) == ({"data", "storage"}, "full")
        info = admin.get("/api/admin/storage-service/info").json()
        assert (info["degraded"], info["disks"][0]["full"]) == (True, True)
        assert info["disks"][0]["reserve_bytes"] == 4 * MIB
        wait_until(lambda: 'aishare_disk_full{holds="storage"} 1.0' in nobody.get("/metrics").text)

        big = ada.get("/api/files", params={"q": ".bin", "folder": "big", "limit": 4}).json()["items"]
        assert [ada.delete(f"/api/files/{file['id']}").status_code for file in big[:4]] == [204] * 4
        wait_until(lambda: ready(server)["status"] == "ok")
        assert ada.put("/api/files/by-path/again.bin", content=b"x" * MIB).status_code == 201
        assert ada.get(f"/api/files/{first['id']}/content").content == b"first"


def goes_on(server, ada, first, unlimited, limited, fresh):
    """All that people do but upload."""
    content = f"/api/files/{first['id']}/content"
    assert httpx.get(server.address + content, headers=fresh).content == b"first"
    for token in (unlimited, limited):
        assert httpx.get(f"{server.address}/d/{token}").content == b"first"
    with server.client("grace") as grace:
        assert grace.get("/api/auth/me").status_code == 200
    assert ada.post(f"/api/files/{first['id']}/links", json={}).status_code == 201


def test_the_reserve_can_be_changed_while_it_runs_and_on_a_full_disk(small):
    server, disk = small
    (disk / "other").unlink(missing_ok=True)
    with server.client("ada") as ada, server.client("admin") as admin:
        room = free(disk) // MIB
        for reserve, status in ((room + 10, 507), (0, 201)):
            version = admin.get("/api/environment-variables").json()["version"]
            body = {"changes": {"DISK_RESERVE_MB": str(reserve)}, "version": version}
            changed = admin.patch("/api/environment-variables", json=body)
            assert changed.status_code == 200, changed.text
            assert ada.put("/api/files/by-path/some.bin", content=b"some").status_code in {status, 200}
        assert admin.get("/api/admin/storage-service/info").json()["disks"][0]["reserve_bytes"] == 0


def test_a_full_disk_of_the_database_refuses_uploads_to_a_storage_elsewhere(tmp_path):
    with small_file_system(tmp_path / "disk", "40m") as disk:
        environ = {"LOCAL_STORAGE_PATH": str(tmp_path / "storage")}
        with serving(disk, environ=environ) as server, server.client("ada") as ada:
            file = ada.put("/api/files/by-path/a.bin", content=b"a").json()
            fill(disk / "other")
            for content in (b"b", b"x" * MIB):
                assert ada.put("/api/files/by-path/b.bin", content=content).status_code == 507
            assert ada.get(f"/api/files/{file['id']}/content").content == b"a"
            states = {tuple(one["holds"]): one["state"] for one in ready(server)["disks"]}
            assert states == {("data",): "full", ("storage",): "ok"}
            assert ada.delete(f"/api/files/{file['id']}").status_code == 204


def test_a_download_that_cannot_be_counted_is_507_and_no_damage(tmp_path):
    """When the reserve of the database is used up as well."""
    with small_file_system(tmp_path / "disk", "40m") as disk:
        environ = {"LOCAL_STORAGE_PATH": str(tmp_path / "storage")}
        with serving(disk, environ=environ) as server, server.client("ada") as ada, server.client("admin") as admin:
            file = ada.put("/api/files/by-path/a.bin", content=b"a").json()
            link = ada.post(f"/api/files/{file['id']}/links", json={"max_downloads": 1000}).json()["token"]
            (disk / "aishare.db-reserve").unlink()
            fill(disk / "other")
            with httpx.Client(base_url=server.address) as visitor:
                wait_until(lambda: visitor.get(f"/d/{link}").status_code != 200)
                refused = visitor.get(f"/d/{link}")
            assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
            assert ada.get(f"/api/files/{file['id']}/content").content == b"a"
            assert admin.get("/api/admin/damages").json()["items"] == []


def test_a_database_that_is_locked_fails_no_read_and_is_told(tmp_path):
    with serving(tmp_path) as server, server.client("ada") as ada, server.client("admin") as admin:
        file = ada.put("/api/files/by-path/a.bin", content=b"a").json()
        unlimited = ada.post(f"/api/files/{file['id']}/links", json={}).json()["token"]
        limited = ada.post(f"/api/files/{file['id']}/links", json={"max_downloads": 3}).json()["token"]
        users, admins = tokens(ada, 3), tokens(admin, 1)
        lock = sqlite3.connect(tmp_path / "aishare.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        try:
            told = ready(server)
            assert (told["http"], told["status"], told["catalogue"]) == (503, "down", "catalogue_unavailable")
            for headers in users:
                assert httpx.get(f"{server.address}/api/files", headers=headers).status_code == 200
            content = httpx.get(f"{server.address}/api/files/{file['id']}/content", headers=users[0])
            assert content.content == b"a"
            variables = httpx.get(f"{server.address}/api/environment-variables", headers=admins[0])
            assert variables.status_code == 200
            assert httpx.get(f"{server.address}/d/{unlimited}", timeout=60).content == b"a"
            assert httpx.get(f"{server.address}/d/{limited}", timeout=60).status_code == 503
        finally:
            lock.close()
        wait_until(lambda: ready(server)["status"] == "ok")
        assert httpx.get(f"{server.address}/d/{limited}").content == b"a"
        used = [token["last_used_at"] for token in ada.get("/api/tokens").json()["items"]]
        assert len(used) == 3
