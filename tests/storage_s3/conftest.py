from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aishare.storage.backends.s3.backend import S3StorageBackend, open_s3
from tests.support.faultproxy import Certificate, FaultProxy, fault_proxy, make_certificate
from tests.support.s3server import S3Server, new_bucket
from tests.support.s3servers import s3_server, s3_server_names


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `any_server` runs on each; building MinIO for the first time takes minutes."""
    if "any_server" in metafunc.fixturenames:
        names = [pytest.param(name, marks=pytest.mark.timeout(1500)) for name in s3_server_names()]
        metafunc.parametrize("any_server", names, indirect=True)


@pytest.fixture
def any_server(request: pytest.FixtureRequest) -> S3Server:
    return s3_server(request.param)


@pytest.fixture
def server() -> S3Server:
    """Where one real server is enough."""
    return s3_server("seaweedfs")


@pytest.fixture
async def bucket(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    name = "any_server" if "any_server" in request.fixturenames else "server"
    async with new_bucket(request.getfixturevalue(name)) as bucket:
        yield bucket


@pytest.fixture
async def backend(request: pytest.FixtureRequest, bucket: str) -> AsyncIterator[S3StorageBackend]:
    name = "any_server" if "any_server" in request.fixturenames else "server"
    backend = await open_s3(request.getfixturevalue(name).config(bucket, prefix="team/a"))
    yield backend
    await backend.aclose()


@pytest.fixture
def proxy(server: S3Server) -> Iterator[FaultProxy]:
    with fault_proxy(server.url) as proxy:
        yield proxy


@pytest.fixture
def patience_seconds() -> float:
    """How long `behind` waits for an answer: for people in a hurry, unless a test counts what is sent again."""
    return 1


@pytest.fixture
async def behind(
    server: S3Server, bucket: str, proxy: FaultProxy, patience_seconds: float
) -> AsyncIterator[S3StorageBackend]:
    """The backend behind the proxy."""
    config = replace(
        server.config(bucket, endpoint_url=proxy.url),
        connect_timeout_seconds=patience_seconds,
        read_timeout_seconds=patience_seconds,
        max_attempts=3,
    )
    backend = await open_s3(config)
    yield backend
    await backend.aclose()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder: Path = tmp_path_factory.mktemp("certificate")
    return make_certificate(folder)
