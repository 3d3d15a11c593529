"""A full disk refuses the upload, keeps all else, and leaves nothing of it behind."""

import os
import subprocess

import pytest

from tests.support.server import serving, wait_until


@pytest.fixture
def small_disk(tmp_path):
    assert os.geteuid() == 0, "the full-disk test mounts a small file system: run it as root"
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_507_and_nothing_stays(small_disk, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    environ = {"LOCAL_STORAGE_PATH": str(small_disk / "storage")}
    with serving(data, environ=environ) as server, server.client("ada") as client:
        kept = client.put("/api/files/by-path/kept.bin", content=b"k" * 100_000).json()
        for path in ("new.bin", "kept.bin"):
            refused = client.put(f"/api/files/by-path/{path}", content=os.urandom(20_000_000))
            assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
        wait_until(lambda: not list((small_disk / "storage/.incoming").iterdir()))
        assert client.get("/api/files", params={"q": "new.bin"}).json()["items"] == []
        assert client.get(f"/api/files/{kept['id']}/content").content == b"k" * 100_000
        assert client.put("/api/files/by-path/small.bin", content=b"fits").status_code == 201
