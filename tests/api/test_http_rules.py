"""What is asked of a request before anybody asks what it is about: RFC 9110 and 9112, origins, proxies, headers."""

import contextlib
import re
import time

import httpx
import pytest
from prometheus_client import CollectorRegistry

from aishare.api.app import create_api
from aishare.api.http.requests import RequestLayer, RequestMetrics
from aishare.catalogue.cursors import encode_cursor
from aishare.core.sizes import KiB
from tests.api.test_bad_input import assert_problem
from tests.support.raw_http import connected, exchange, head, read_answer
from tests.support.server import serving
from tests.support.transfer_server import running

LIVE = "/api/health/live"
UPLOAD = "/api/files/by-path/framed.bin"
CHUNKED = "Transfer-Encoding: chunked"
JSON = "application/json"
PROBLEM = "application/problem+json"


def session_of(client):
    return "Cookie: " + "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def assert_raw_problem(answer, status):
    assert (answer.status, answer.headers["content-type"]) == (status, PROBLEM), answer
    assert answer.json()["status"] == status
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (head("GET", LIVE, host=None), 400),
        (head("GET", LIVE, "Host: y"), 400),
        (head("GET", LIVE, "Host: x"), 400),
        (head("GET", LIVE, host="["), 400),
        (head("GET", LIVE, host="[::1"), 400),
        (head("GET", LIVE, host="a b"), 400),
        (head("GET", LIVE, host="a/b"), 400),
        (head("GET", LIVE, host="a@b"), 400),
        (head("GET", LIVE, host="a:b"), 400),
        (head("GET", LIVE, host="a,b:1:2"), 400),
        (head("GET", LIVE, host="a,b"), 400),
        (head("GET", LIVE, host="a:65536"), 400),
        (head("GET", LIVE, host="[::1]:99999"), 400),
        (head("GET", LIVE, host="a:65535"), 200),
        (head("GET", LIVE, host="\xfc"), 400),
        (b"GET " + LIVE.encode() + b" HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        (b"GET " + LIVE.encode() + b" HTTP/1.0\r\n\r\n", 200),
        (head("GET", LIVE, host="files.example.org:8000"), 200),
        (head("GET", LIVE, host="under_score"), 200),
        (head("GET", LIVE, host="[::1]:80"), 200),
        (head("GET", LIVE, host=""), 200),
    ],
)
def test_a_request_names_one_host(server, request_bytes, status):
    answer = exchange(server.address, request_bytes)
    if status == 200:
        assert (answer.status, answer.headers["content-type"]) == (200, JSON)
    else:
        assert_raw_problem(answer, status)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("Transfer-Encoding: gzip, chunked",), 501),
        (("Transfer-Encoding: gzip", "Transfer-Encoding: chunked"), 501),
        (("Transfer-Encoding: gzip",), 501),
        (("Transfer-Encoding: identity",), 501),
        (("Transfer-Encoding: chunked;q=1",), 501),
        (("Transfer-Encoding: deflate,CHUNKED",), 501),
        (("Transfer-Encoding: chunked, chunked",), 400),
        (("Transfer-Encoding: chunked", "Content-Length: 3"), 400),
        (("Transfer-Encoding: Chunked",), 201),
    ],
)
def test_bodies_are_chunked_or_of_a_length(server, ada, lines, status):
    ada.delete("/api/folders", params={"path": "coded"})
    start = head("PUT", "/api/files/by-path/coded/x.bin", session_of(ada), *lines)
    answer = exchange(server.address, start, b"3\r\nabc\r\n0\r\n\r\n")
    if status == 201:
        assert answer.status == 201
    else:
        assert_raw_problem(answer, status)
        assert ada.get("/api/files", params={"q": "coded"}).json()["items"] == []


def test_http_1_0_has_no_transfer_encoding(server):
    start = b"PUT " + UPLOAD.encode() + b" HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert_raw_problem(exchange(server.address, start), 400)


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET \xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n",
        head("POST", "/", "Content-Length: 1", "Content-Length: 2"),
        head("POST", "/", "Content-Length: -1"),
        head("POST", "/", "Content-Length: 99999999999999999999999"),
        head("POST", "/api/auth/login", CHUNKED, "Content-Type: application/json") + b"zz\r\n",
        head("GET", "/", f"X: {'x' * 100_000}"),
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_request_is_answered_with_a_problem_too(server, data):
    answer = exchange(server.address, data)
    assert answer.status in {400, 404, 405, 431}
    assert_raw_problem(answer, answer.status)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"3;" + b"e" * 100_000 + b"\r\nabc\r\n0\r\n\r\n", 400),
        (b"3\r\nabc\r\n0\r\n" + b"".join(b"x-%d: %s\r\n" % (n, b"t" * 1000) for n in range(300)) + b"\r\n", 400),
        (b"3\r\nabc\r\n0\r\nx: " + b"t" * 300_000 + b"\r\n\r\n", 400),
        (b"".join(b"1;%s\r\na\r\n" % (b"e" * 500) for _ in range(1000)) + b"0\r\n\r\n", 400),
        (b"3;name=value\r\nabc\r\n0\r\nx-checksum: 1\r\n\r\n", 201),
        (b"1\r\na\r\n" * 50_000 + b"0\r\n\r\n", 201),
    ],
    ids=["extension", "trailers", "trailer", "extensions", "few", "small chunks"],
)
def test_what_comes_with_chunks_is_bounded(server, ada, body, status):
    for file in ada.get("/api/files", params={"q": "framed"}).json()["items"]:
        ada.delete(f"/api/files/{file['id']}")
    with connected(server.address) as sock:
        sock.sendall(head("PUT", UPLOAD, session_of(ada), CHUNKED))
        with contextlib.suppress(ConnectionError):
            sock.sendall(body)
        answer = read_answer(sock)
    assert answer.status == status
    found = ada.get("/api/files", params={"q": "framed"}).json()["items"]
    assert len(found) == (status == 201)
    if status != 201:
        assert_raw_problem(answer, status)


def test_chunked_requests_may_be_pipelined(server, ada):
    one = head("PUT", UPLOAD, session_of(ada), CHUNKED) + b"1\r\na\r\n0\r\n\r\n"
    with connected(server.address) as sock, sock.makefile("rb") as reader:
        sock.sendall(one * 60)
        text = b"".join(iter(reader.readline, b"")) if reader.peek(1) == b"" else b""
        for _ in range(60):
            assert reader.readline().split()[1] in {b"200", b"201"}, text
            length = 0
            while line := reader.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split()[1])
            reader.read(length)


def test_trailers_are_no_headers(server, ada):
    cookie = session_of(ada)
    start = head("PUT", UPLOAD, CHUNKED)
    answer = exchange(server.address, start, b"0\r\n" + cookie.encode() + b"\r\n\r\n")
    assert answer.status == 401


ORIGINS = [
    "http://[", "http://[::1", "http://]", "https://a:b", "http://a:99999999", "http://a:-1", "//", "http:", "x",
    "null", "http://\xfc", "http://a b", "http://[v1.x]", "http://[fe80::1%25eth0]", "http://" + "a" * 5000, "", "[",
]  # fmt: skip


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda origin: origin[:20])
def test_odd_origins_are_those_of_others(server, ada, origin):
    value = origin.encode("latin-1")
    with server.client() as client:
        for sender, path, body in (
            (client, "/api/auth/login", {"username": "ada", "password": "x"}),
            (ada, "/api/tokens", {"name": "x"}),
            (client, "/api/auth/demo-login", {"username": "ada"}),
        ):
            answer = sender.post(path, json=body, headers={"Origin": value})
            assert_problem(answer, 403, "cross_origin")


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("files.example.org:80", "http://files.example.org", 201),
        ("files.example.org", "http://files.example.org:80", 201),
        ("Files.Example.org:443", "https://files.example.org", 201),
        ("files.example.org", "https://files.example.org:443", 201),
        ("[::1]:80", "http://[::1]", 201),
        ("files.example.org:8080", "http://files.example.org:8080", 201),
        ("files.example.org:8080", "http://files.example.org", 403),
        ("files.example.org:443", "http://files.example.org", 403),
        ("files.example.org", "http://files.example.org:8080", 403),
        ("files.example.org", "http://example.org", 403),
    ],
)
def test_the_default_port_is_the_same_as_none(ada, host, origin, status):
    answer = ada.post("/api/tokens", json={"name": "t"}, headers={"Host": host, "Origin": origin})
    assert answer.status_code == status, answer.text


def test_no_parameter_with_a_nul_reaches_a_database(server):
    with server.client("admin") as admin:
        described = admin.get("/api/openapi.json").json()["paths"]
        for path, operations in described.items():
            here = path.replace("{", "").replace("}", "")
            for method in operations:
                query = admin.request(method, f"{here}?cursor=a%00b&q=%00", headers={"Content-Length": "0"})
                assert_nul(query, path)
                assert_nul(admin.request(method, re.sub(r"\{\w+\}", "%00", path) + "%00"), path)
    assert not [line for line in server.log if '"request_failed"' in line]


def assert_nul(answer, path):
    assert answer.status_code in {404, 422}, (path, answer.status_code)
    assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(
    ("sort", "values"),
    [
        ("size", ("size_bytes", 10**30, "x")),
        ("size", ("size_bytes", -(10**30), "x")),
        ("path", ("path", "\ud800", "x")),
        ("path", ("path", "a\0b", "x")),
        ("path", ("path", "a", "\udfff")),
        ("modified", ("modified_at", "9999-12-31T23:59:59-23:59", "x")),
        ("modified", ("modified_at", "0001-01-01T00:00:00+23:59", "x")),
    ],
)
def test_cursors_that_no_database_takes(ada, sort, values):
    answer = ada.get("/api/files", params={"sort": sort, "cursor": encode_cursor(*values)})
    assert_problem(answer, 422, "invalid_input")


def test_a_fault_of_ours_is_a_problem_as_well():
    """No request reaches this branch as long as there is no fault."""
    api = create_api()

    async def broken():
        raise RuntimeError("broken")

    api.add_api_route("/api/broken", broken)
    with running({}, app=RequestLayer(api, RequestMetrics(CollectorRegistry()))) as address:
        answer = httpx.get("http://{}:{}/api/broken".format(*address))
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert answer.json()["code"] == "internal_error"
    assert "broken" not in answer.text


def test_no_json_answer_stays_in_a_cache(server):
    with server.client("admin") as admin:
        described = admin.get("/api/openapi.json").json()["paths"]
        answers = [
            admin.get(path.replace("{", "").replace("}", "")) for path, ways in described.items() if "get" in ways
        ]
        answers += [admin.post("/api/tokens", json={"name": "t"}), admin.post("/api/auth/demo-login", json={})]
        answers += [admin.get("/api/openapi.json"), admin.get("/api/nope"), admin.patch("/api/files")]
    json_answers = [answer for answer in answers if "json" in answer.headers.get("content-type", "")]
    assert len(json_answers) > 30
    for answer in json_answers:
        assert answer.headers["cache-control"] == "no-store", answer.url


def test_head_knows_no_ranges(server, ada):
    file = ada.put("/api/files/by-path/ranged/a.txt", content=b"0123456789").json()
    link = ada.post(f"/api/files/{file['id']}/links", json={}).json()
    folder = ada.post("/api/links", json={"folder": "ranged"}).json()
    doors = [f"/api/files/{file['id']}/content", f"/d/{link['token']}", f"/d/{folder['token']}/a.txt"]
    for door in doors:
        for wanted in ("bytes=0-3", "bytes=-1", "bytes=0-1,4-5", "bytes=100-"):
            answer = ada.head(door, headers={"Range": wanted})
            assert (answer.status_code, answer.headers["content-length"]) == (200, "10")
            assert "content-range" not in answer.headers
        assert ada.get(door, headers={"Range": "bytes=0-3"}).status_code == 206
    assert ada.head(f"/api/archives?id={file['id']}", headers={"Range": "bytes=0-3"}).status_code == 200


def test_pages_share_no_window_with_strangers(server):
    for path in ("/", "/s/token", "/api/docs"):
        answer = httpx.get(server.address + path, headers={"Accept": "text/html"})
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        elsewhere = httpx.get(server.address + path, headers={"Accept": "text/html", "Host": "box.lan"})
        assert "cross-origin-opener-policy" not in elsewhere.headers  # browsers ignore it there, and complain


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory):
    environ = {"TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/8", "PUBLIC_URL": "https://files.example.org"}
    with serving(tmp_path_factory.mktemp("proxied"), environ=environ) as server:
        yield server


@pytest.mark.parametrize(
    ("headers", "https"),
    [
        ({"X-Forwarded-Proto": "https"}, True),
        ({"X-Forwarded-Proto": "HTTPS"}, True),
        ({"X-Forwarded-Proto": "https , http"}, True),
        ({"X-Forwarded-Proto": "https,http"}, True),
        ({"X-Forwarded-Proto": "https, http", "X-Forwarded-For": "192.0.2.1"}, True),
        ({"X-Forwarded-Proto": "https, http", "X-Forwarded-For": "192.0.2.1, 10.0.0.2"}, True),
        ({"X-Forwarded-Proto": "https, http", "X-Forwarded-For": "6.6.6.6, 192.0.2.1"}, False),
        ({"X-Forwarded-Proto": "http"}, False),
        ({"X-Forwarded-Proto": "http,https"}, False),
        ({"X-Forwarded-Proto": "gopher"}, False),
        ({"X-Forwarded-Proto": ""}, False),
        ({}, False),
        ({"Host": "files.example.org"}, True),
        ({"Host": "FILES.example.org:443"}, True),
        ({"Host": "files.example.org:80"}, False),
        ({"Host": "example.org"}, False),
    ],
)
def test_https_is_what_the_client_speaks(behind_proxy, headers, https):
    answer = httpx.post(f"{behind_proxy.address}/api/auth/demo-login", json={"username": "ada"}, headers=headers)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-aishare_session=" if https else "aishare_session=")
    assert ("; Secure" in cookie) == https
    hsts = answer.headers.get("strict-transport-security")
    assert hsts == ("max-age=2592000" if https else None)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5678", "192.0.2.1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("6.6.6.6, 192.0.2.1, 10.1.2.3", "192.0.2.1"),
        ("10.1.2.3", "10.1.2.3"),
    ],
)
def test_the_address_of_the_client_is_the_last_that_is_no_proxy(behind_proxy, forwarded, address):
    with behind_proxy.client() as client:
        client.headers["X-Forwarded-For"] = forwarded
        client.post("/api/auth/demo-login", json={"username": "grace"})
        sessions = client.get("/api/auth/sessions").json()["items"]
    assert next(session["address"] for session in sessions if session["current"]) == address


def test_nobody_else_is_believed(server):
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    answer = httpx.post(f"{server.address}/api/auth/demo-login", json={"username": "ada"}, headers=headers)
    assert answer.headers["set-cookie"].startswith("aishare_session=")
    assert "strict-transport-security" not in answer.headers


def test_a_large_header_is_refused_in_words(server):
    answer = exchange(server.address, head("GET", "/", f"X: {'x' * (70 * KiB)}"))
    assert_raw_problem(answer, 431)


@pytest.mark.parametrize(("size", "status"), [(4 * KiB, 201), (12 * KiB, 400), (200_000, 400)])
@pytest.mark.parametrize("parts", [1, 20])
def test_an_extension_of_a_chunk_is_short(server, ada, size, status, parts):
    lines = (CHUNKED, session_of(ada), f"Origin: {server.address}")
    start = head("PUT", UPLOAD, *lines, host=server.address.removeprefix("http://"))
    body = b"3;" + b"x" * size + b"\r\nabc\r\n0\r\n\r\n"
    step = -(-len(body) // parts)
    with connected(server.address) as connection:
        connection.sendall(start)
        with contextlib.suppress(ConnectionError):
            for place in range(0, len(body), step):
                time.sleep(0.02)
                connection.sendall(body[place : place + step])
        answer = read_answer(connection)
    assert answer.status in ({200, 201} if status == 201 else {status}), answer
