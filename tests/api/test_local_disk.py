"""What can be seen on the disk itself."""

import os

from tests.support.server import serving, wait_until


def stored_file(server, content):
    files = [path for path in (server.data_dir / "storage/objects").rglob("*") if path.is_file()]
    found = [path for path in files if path.read_bytes() == content]
    assert len(found) == 1
    return found[0]


def upload(client, path, content):
    return client.put(f"/api/files/by-path/{path}", content=content).json()


def test_delete_removes_the_row_at_once_and_the_bytes_soon(server, ada):
    content = os.urandom(1000)
    file = upload(ada, "delete.bin", content)
    stored = stored_file(server, content)
    assert ada.delete(f"/api/files/{file['id']}").status_code == 204
    assert ada.get(f"/api/files/{file['id']}").status_code == 404
    wait_until(lambda: not stored.exists())


def test_replaced_bytes_go_soon(server, ada):
    content = os.urandom(1000)
    upload(ada, "replace.bin", content)
    stored = stored_file(server, content)
    upload(ada, "replace.bin", b"new")
    wait_until(lambda: not stored.exists())


def test_a_file_damaged_on_the_disk_is_not_delivered(server, ada):
    content = os.urandom(5000)
    file = upload(ada, "damaged.bin", content)
    stored_file(server, content).write_bytes(content[:-1])
    answer = ada.get(f"/api/files/{file['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (502, "object_corrupt")


def test_bytes_survive_a_kill_and_a_restart(tmp_path):
    with serving(tmp_path) as server, server.client("ada") as client:
        content = os.urandom(3_000_000)
        file = upload(client, "survivor.bin", content)
        server.kill()
    with serving(tmp_path) as server, server.client("ada") as client:
        assert client.get(f"/api/files/{file['id']}/content").content == content


def test_secrets_and_data_are_for_their_owner_alone(server):
    for path in (server.data_dir / "secret_key", server.data_dir / "aishare.db"):
        assert path.stat().st_mode & 0o077 == 0


def test_files_are_found_when_the_data_folder_was_moved(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    content = os.urandom(1000)
    with serving(before) as server, server.client("ada") as client:
        file = upload(client, "moved.bin", content)
    before.rename(after)
    with serving(after) as server, server.client("ada") as client:
        assert client.get(f"/api/files/{file['id']}/content").content == content
