"""The table of ranges and conditions, through every server that aishare may run on, from a file and from a storage."""

import httpx
import pytest

from tests.support.transfer_cases import BODY, CASES, check_case
from tests.support.transfer_server import SERVERS, local_content, running, stored_content


@pytest.fixture(scope="module", params=SERVERS)
def address(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("content") / "local.bin"
    path.write_bytes(BODY)
    contents = {"local": local_content(path), "stored": stored_content(BODY)}
    with running(contents, kind=request.param) as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture(scope="module")
def client(address):
    with httpx.Client(base_url=address) as client:
        yield client


def test_the_table_is_long_enough():
    assert len(CASES) >= 60
    assert len({str(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("source", ["local", "stored"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_get_and_head(client, source, case):
    check_case(client, f"/{source}", case)
