"""RFC 9110 §13-14 through the real service: status, headers and exact bytes."""

import base64
import hashlib
import os
import random
from dataclasses import dataclass, field

import pytest

from tests.api.conftest import BACKENDS, serving_on
from tests.support.transfer_cases import head_status

SIZE = 10_000
CONTENT = random.Random(1).randbytes(SIZE)  # the same in every process: names of cases hold its digest
ETAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
OLD = "Wed, 01 Jan 2020 00:00:00 GMT"
FUTURE = "Wed, 01 Jan 2099 00:00:00 GMT"


@pytest.fixture(scope="module", params=BACKENDS)
def server(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp("aishare")) as running:
        yield running


@dataclass(frozen=True)
class Case:
    headers: dict[str, str]
    status: int
    body: bytes | None = field(default=None, repr=False)


def ranged(value, start, stop, **headers):
    return Case({"Range": value, **headers}, 206, CONTENT[start:stop])


def whole(**headers):
    return Case({name.replace("_", "-"): value for name, value in headers.items()}, 200, CONTENT)


CASES = [
    whole(),
    ranged("bytes=0-0", 0, 1),
    ranged("bytes=0-99", 0, 100),
    ranged("bytes=100-199", 100, 200),
    ranged("bytes=9999-", 9999, SIZE),
    ranged("bytes=9999-9999", 9999, SIZE),
    ranged("bytes=0-", 0, SIZE),
    ranged("bytes=0-9999", 0, SIZE),
    ranged("bytes=0-99999999", 0, SIZE),
    ranged("bytes=-1", 9999, SIZE),
    ranged("bytes=-10000", 0, SIZE),
    ranged("bytes=-99999", 0, SIZE),
    ranged("Bytes=5-6", 5, 7),
    ranged("bytes= 5-6", 5, 7),
    ranged("bytes=,5-6,", 5, 7),
    ranged("bytes=0-10,5-20", 0, 21),
    ranged("bytes=0-10,11-20", 0, 21),
    ranged("bytes=0-1,20000-30000", 0, 2),
    ranged("bytes=5-6,5-6", 5, 7),
    Case({"Range": "bytes=10000-"}, 416),
    Case({"Range": "bytes=20000-30000"}, 416),
    Case({"Range": "bytes=-0"}, 416),
    Case({"Range": "bytes=99999999999999999999-"}, 416),
    whole(Range="bytes=6-5"),
    whole(Range="bytes="),
    whole(Range="bytes"),
    whole(Range="bytes=a-b"),
    whole(Range="bytes=--5"),
    whole(Range="bytes=1-2-3"),
    whole(Range="bytes=1-2;3-4"),
    whole(Range="items=0-5"),
    whole(Range="bytes=0-5,x"),
    whole(Range="bytes=" + ",".join(f"{n * 4}-{n * 4}" for n in range(2000))),
    whole(Range="bytes=99999999999999999999999999-"),
    whole(If_Match=ETAG),
    whole(If_Match="*"),
    whole(If_Match=f'"other", {ETAG}'),
    Case({"If-Match": '"other"'}, 412),
    Case({"If-Match": f"W/{ETAG}"}, 412),
    Case({"If-Match": ""}, 412),
    Case({"If-None-Match": ETAG}, 304),
    Case({"If-None-Match": f"W/{ETAG}"}, 304),
    Case({"If-None-Match": f'"a", {ETAG}, "b"'}, 304),
    Case({"If-None-Match": "*"}, 304),
    whole(If_None_Match='"other"'),
    whole(If_None_Match=ETAG.strip('"')),
    Case({"If-Modified-Since": FUTURE}, 304),
    whole(If_Modified_Since=OLD),
    whole(If_Modified_Since="nonsense"),
    whole(If_None_Match='"other"', If_Modified_Since=FUTURE),
    Case({"If-None-Match": ETAG, "If-Modified-Since": OLD}, 304),
    Case({"If-Unmodified-Since": OLD}, 412),
    whole(If_Unmodified_Since=FUTURE),
    whole(If_Unmodified_Since="nonsense"),
    whole(If_Match=ETAG, If_Unmodified_Since=OLD),
    Case({"If-Match": '"other"', "If-None-Match": ETAG}, 412),
    Case({"If-Match": ETAG, "If-None-Match": ETAG}, 304),
    ranged("bytes=0-9", 0, 10, **{"If-Range": ETAG}),
    whole(Range="bytes=0-9", If_Range='"other"'),
    whole(Range="bytes=0-9", If_Range=f"W/{ETAG}"),
    whole(Range="bytes=0-9", If_Range=OLD),
    whole(Range="bytes=0-9", If_Range=FUTURE),
    whole(Range="bytes=0-9", If_Range="nonsense"),
    whole(Range="bytes=20000-", If_Range='"other"'),
    Case({"Range": "bytes=0-9", "If-None-Match": ETAG}, 304),
    Case({"Range": "bytes=0-9", "If-Match": '"other"'}, 412),
    Case({"Range": "bytes=20000-", "If-Range": ETAG}, 416),
    ranged("bytes=0-9", 0, 10, **{"If-None-Match": '"other"'}),
]


@pytest.fixture(scope="module")
def file(server):
    with server.client("ada") as client:
        return client.put("/api/files/by-path/ranges.bin", content=CONTENT).json()


def test_the_table_is_long_enough():
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case)[:100])
def test_get_and_head(ada, file, case):
    url = f"/api/files/{file['id']}/content"
    got, head = ada.get(url, headers=case.headers), ada.head(url, headers=case.headers)
    assert (got.status_code, head.status_code) == (case.status, head_status(case.status))
    if case.body is not None:
        assert got.content == case.body
    assert head.content == b""
    differing = {"date", "x-request-id"}
    strip = lambda answer: {k: v for k, v in answer.headers.items() if k not in differing}  # noqa: E731
    if case.status in {200, 304}:
        assert strip(got) == strip(head)
    if case.status == 206:
        assert strip(ada.get(url)) == strip(head)
    if case.status in {200, 206, 304}:
        assert got.headers["etag"] == ETAG
    if case.status == 200:
        assert "content-range" not in got.headers
        assert got.headers["repr-digest"] == f"sha-256=:{base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()}:"
    if case.status == 416:
        assert got.headers["content-range"] == f"bytes */{SIZE}"
        assert got.json()["code"] == "range_not_satisfiable"
    if case.status == 304:
        assert got.content == b""


def test_several_ranges_come_as_multipart(ada, file):
    answer = ada.get(f"/api/files/{file['id']}/content", headers={"Range": "bytes=0-9,100-109,-5"})
    assert answer.status_code == 206
    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    parts = answer.content.split(f"\r\n--{boundary}".encode())
    assert parts[-1] == b"--\r\n"
    bodies = [part.partition(b"\r\n\r\n")[2] for part in parts[1:-1]]
    assert bodies == [CONTENT[0:10], CONTENT[100:110], CONTENT[-5:]]
    assert b"content-range: bytes 100-109/10000" in parts[2]


def test_what_people_uploaded_is_never_run(ada):
    page = ada.put("/api/files/by-path/evil.html", content=b"<!doctype html><script>alert(1)</script>").json()
    drawing = ada.put("/api/files/by-path/evil.png", content=b"<svg xmlns='x'><script/></svg>").json()
    for file in (page, drawing):
        headers = ada.get(f"/api/files/{file['id']}/content").headers
        assert headers["content-disposition"].startswith("attachment")
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]


def test_names_are_safe_in_headers(ada):
    file = ada.put("/api/files/by-path/" + "%22a%25%E2%80%AEb%C3%BC.txt", content=b"x").json()
    disposition = ada.get(f"/api/files/{file['id']}/content?download=1").headers["content-disposition"]
    assert disposition == "attachment; filename=\"_a_b_.txt\"; filename*=UTF-8''%22a%25b%C3%BC.txt"


def test_a_download_goes_on_when_the_file_is_deleted_meanwhile(ada):
    content = os.urandom(40_000_000)
    file = ada.put("/api/files/by-path/going.bin", content=content).json()
    digest = hashlib.sha256()
    with ada.stream("GET", f"/api/files/{file['id']}/content") as answer:
        for number, piece in enumerate(answer.iter_raw()):
            if number == 0:
                assert ada.delete(f"/api/files/{file['id']}").status_code == 204
            digest.update(piece)
    assert digest.digest() == hashlib.sha256(content).digest()
