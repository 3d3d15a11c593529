import asyncio
from contextlib import contextmanager

import pytest
from aiobotocore.session import get_session

from tests.support.seaweedfs import running_seaweedfs
from tests.support.server import serving

BACKENDS = ("local", "seaweedfs")


@contextmanager
def serving_on(backend, data_dir, **options):
    """The service on a storage of this kind, with a bucket of its own."""
    if backend == "local":
        with serving(data_dir, **options) as server:
            yield server
        return
    with running_seaweedfs() as s3:
        asyncio.run(make_bucket(s3, "aishare-data"))
        with serving(data_dir, environ=s3_environ(s3, "aishare-data"), **options) as server:
            yield server


def s3_environ(s3, bucket):
    return {
        "STORAGE_TYPE": "s3_compatible",
        "S3_COMPATIBLE_ENDPOINT": s3.url,
        "S3_COMPATIBLE_ACCESS_KEY": s3.access_key,
        "S3_COMPATIBLE_SECRET_KEY": s3.secret_key,
        "S3_COMPATIBLE_BUCKET_NAME": bucket,
    }


def delete_everything(client):
    """All files and folders of whoever is signed in."""
    for folder in client.get("/api/folders").json()["items"]:
        client.delete("/api/folders", params={"path": folder["path"]})
    for file in client.get("/api/files").json()["items"]:
        client.delete(f"/api/files/{file['id']}")


async def make_bucket(s3, bucket):
    keys = {"aws_access_key_id": s3.access_key, "aws_secret_access_key": s3.secret_key}
    async with get_session().create_client("s3", endpoint_url=s3.url, region_name="us-east-1", **keys) as client:
        await client.create_bucket(Bucket=bucket)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("aishare")) as running:
        yield running


@pytest.fixture
def nobody(server):
    with server.client() as client:
        yield client


@pytest.fixture
def ada(server):
    with server.client("ada") as client:
        yield client


@pytest.fixture
def grace(server):
    with server.client("grace") as client:
        yield client


@pytest.fixture
def admin(server):
    with server.client("admin") as client:
        yield client


@pytest.fixture(scope="module")
def mei_anew(server):
    with server.client("admin") as client:
        made = client.post("/api/admin/users", json={"username": "mei", "demo": True})
        assert made.status_code == 201, made.text


@pytest.fixture
def mei(server, mei_anew):
    """Somebody who has nothing yet, and nothing afterwards."""
    with server.client("mei") as client:
        yield client
        delete_everything(client)
