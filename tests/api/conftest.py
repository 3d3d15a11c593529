import pytest

from tests.support.server import serving


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("aishare")) as running:
        yield running


@pytest.fixture
def ada(server):
    with server.client("ada") as client:
        yield client


@pytest.fixture
def grace(server):
    with server.client("grace") as client:
        yield client
