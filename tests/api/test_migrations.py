"""Migrations of a running service: by the API, through kill -9, and what is written down about them."""

import asyncio
import hashlib
import time
from pathlib import Path

import asyncpg
import pytest

from tests.api.conftest import make_bucket, s3_environ
from tests.support.postgres import fresh_database
from tests.support.s3servers import s3_server
from tests.support.server import serving, wait_until

FILES = 250


@pytest.fixture
def environ():
    s3 = s3_server("seaweedfs")
    bucket = f"moves-{time.time_ns()}"
    asyncio.run(make_bucket(s3, bucket))
    return s3_environ(s3, bucket)


def upload(client, count):
    contents = {}
    for number in range(count):
        content = hashlib.sha256(str(number).encode()).digest() * 32
        answer = client.put(f"/api/files/by-path/moves/{number}.bin", content=content)
        assert answer.status_code == 201, answer.text
        contents[answer.json()["id"]] = content
    return contents


def test_a_migration_survives_kill_9_and_reads_go_on(tmp_path, environ):
    with serving(tmp_path) as server, server.client("ada") as ada:
        contents = upload(ada, FILES)
    with serving(tmp_path, environ=environ) as server, server.client("admin") as admin:
        places = admin.get("/api/admin/storage-service/info").json()
        source = next(one["id"] for one in places["locations"] if one["id"] != places["location_id"])
        target = places["location_id"]
        ends = {"source": source, "target": target}
        plan = admin.post("/api/admin/migrations/plan", json=ends).json()
        assert plan["objects"] >= FILES, plan
        started = admin.post("/api/admin/migrations", json={**ends, "plan_id": plan["id"], "concurrency": 1})
        assert started.status_code == 201, started.text
        path = f"/api/admin/migrations/{started.json()['id']}"
        assert admin.post("/api/admin/migrations", json=ends).status_code == 409
        wait_until(lambda: admin.get(path).json()["objects_done"] > 20)
        server.kill()
    with (
        serving(tmp_path, environ=environ, own_imports=True) as server,
        serving(tmp_path, environ=environ) as other,
        server.client("admin") as admin,
        server.client("ada") as ada,
    ):
        before = admin.get(path).json()["objects_done"]
        wait_until(lambda: admin.get(path).json()["objects_done"] > before)
        gone = sorted(contents)[:20]
        for file_id in gone:
            assert ada.delete(f"/api/files/{file_id}").status_code == 204
            del contents[file_id]
        added = ada.put("/api/files/by-path/moves/new.bin", content=b"meanwhile").json()["id"]
        contents[added] = b"meanwhile"
        other.kill()  # whichever of the two works: the migration ends
        wait_until(lambda: admin.get(path).json()["state"] == "completed")
        done = admin.get(path).json()
        assert done["failures"] == 0
        places = admin.get("/api/admin/storage-service/info").json()
        assert {one["id"]: one["objects"] for one in places["locations"]}[source] == 0
        for name, content in contents.items():
            assert ada.get(f"/api/files/{name}/content").content == content, name
        assert admin.get(f"{path}/manifest").json()["objects"] <= plan["objects"]
        assert admin.get("/api/admin/jobs").json()["items"][0]["state"] == "completed"
        kept = (tmp_path / "jobs.sqlite").read_bytes() + (tmp_path / "jobs.sqlite-wal").read_bytes()
        arguments = Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
        assert done["id"].encode() in kept  # these are the records meant
        for secret in (environ["S3_COMPATIBLE_SECRET_KEY"], environ["S3_COMPATIBLE_ACCESS_KEY"]):
            assert secret.encode() not in kept + arguments


async def test_no_table_of_postgresql_holds_a_secret(tmp_path, environ):
    """Records of jobs included, which lie in a schema of the engine."""
    async with fresh_database() as url:
        await asyncio.to_thread(_migrate_on, url, tmp_path, environ)
        connection = await asyncpg.connect(url)
        rows = {name: await _texts(connection, name) for name in await _tables(connection)}
        await connection.close()
    assert rows["public.locations"]
    assert any(rows[name] for name in rows if name.startswith("dbos."))
    secrets = [environ["S3_COMPATIBLE_SECRET_KEY"], environ["S3_COMPATIBLE_ACCESS_KEY"]]
    for name, texts in rows.items():
        for secret in (*secrets, *(secret.encode().hex() for secret in secrets)):
            assert not any(secret in text for text in texts), name


def _migrate_on(url, folder, environ):
    with serving(folder, environ={"DATABASE_URL": url}) as server, server.client("ada") as ada:
        upload(ada, 3)
    with serving(folder, environ={"DATABASE_URL": url, **environ}) as server, server.client("admin") as admin:
        places = admin.get("/api/admin/storage-service/info").json()
        source = next(one["id"] for one in places["locations"] if one["id"] != places["location_id"])
        started = admin.post("/api/admin/migrations", json={"source": source, "target": places["location_id"]})
        path = f"/api/admin/migrations/{started.json()['id']}"
        wait_until(lambda: admin.get(path).json()["state"] == "completed")


async def _tables(connection):
    found = await connection.fetch(
        "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables"
        " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    return [row["name"] for row in found]


async def _texts(connection, table):
    return [row["text"] for row in await connection.fetch(f"SELECT row_to_json(t)::text AS text FROM {table} t")]
