"""Whatever comes: a problem document, no 5xx, nothing stored."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.server import wait_until


def assert_problem(answer, status, code=None):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "code", "detail", "request_id"} <= problem.keys()
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    if code:
        assert problem["code"] == code


@pytest.mark.parametrize(
    "path",
    ["%2e%2e/x", "a/%2e%2e/b", "a/%2e/b", "a//b", "a/", "%2Fetc/passwd", "a%00b", "a%0d%0ab", "x" * 256, "%ff%fe", ""],
)
def test_paths_that_are_none(ada, path):
    assert_problem(ada.put(f"/api/files/by-path/{path}", content=b"x"), 422, "invalid_path")


def test_long_paths(ada):
    assert_problem(ada.put("/api/files/by-path/" + "/".join(["y" * 200] * 12), content=b"x"), 422, "invalid_path")


@pytest.mark.parametrize("root", ["", "/", "//"])
def test_where_the_root_will_not_do_a_folder_is_asked_for(ada, root):
    for answer in (
        ada.post("/api/tokens", json={"name": "x", "folder": root}),
        ada.post("/api/shares", json={"folder": root, "username": "grace", "right": "read"}),
        ada.post("/api/folders", json={"path": root}),
        ada.get("/api/archives", params={"folder": root or "/"}),  # none at all is another fault
    ):
        assert_problem(answer, 422, "invalid_path")
        assert answer.json()["hint"] == "Give the path of a folder."


@pytest.mark.parametrize(
    ("method", "url", "allowed"),
    [
        ("POST", "/api/files/abc/content", "GET, HEAD, PUT"),
        ("POST", "/api/files/by-path/x", "DELETE, GET, HEAD, PUT"),
        ("DELETE", "/api/files", "GET, HEAD, POST"),
        ("DELETE", "/api/auth/me", "GET"),
    ],
)
def test_wrong_methods(ada, method, url, allowed):
    answer = ada.request(method, url)
    assert_problem(answer, 405)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "url", ["/api/files/unknown", "/api/files/unknown/content", "/api/nope", "/api", "/api/tokens/x"]
)
def test_unknown_things(ada, url):
    assert_problem(ada.get(url), 404)


def test_malformed_json_and_wrong_values(ada):
    json_type = {"Content-Type": "application/json"}
    assert_problem(ada.post("/api/tokens", content=b"{bad", headers=json_type), 400, "invalid_request")
    assert_problem(ada.post("/api/tokens", json={"name": ""}), 422, "invalid_input")
    assert_problem(ada.post("/api/tokens", json=[]), 422, "invalid_input")
    assert_problem(ada.get("/api/files", params={"limit": "many"}), 422, "invalid_input")
    assert_problem(ada.get("/api/files", params={"cursor": "bm8="}), 422, "invalid_input")
    assert_problem(ada.get("/api/files", params={"sort": "color"}), 422, "invalid_input")


FORM = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/plain"}, b"x"),
        ({"Content-Type": "multipart/form-data"}, b"x"),
        (FORM, b"nonsense"),
        (FORM, b""),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="folder"\r\n\r\nx\r\n--b--\r\n'),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n'),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="file"; filename="cut.txt"\r\n\r\nhalf a fi'),
    ],
)
def test_malformed_forms_store_nothing(ada, headers, body):
    before = ada.get("/api/files?limit=1000").json()
    assert_problem(ada.post("/api/files", content=body, headers=headers), 400, "invalid_request")
    assert ada.get("/api/files?limit=1000").json() == before


def test_a_closed_connection_stores_nothing(server, ada):
    cookie = "; ".join(f"{name}={value}" for name, value in ada.cookies.items())
    target = urlsplit(server.address)
    with socket.create_connection((target.hostname, target.port)) as connection:
        request = f"PUT /api/files/by-path/cut.bin HTTP/1.1\r\nHost: {target.netloc}\r\nCookie: {cookie}\r\n"
        connection.sendall(request.encode() + b"Content-Length: 1000000\r\n\r\n" + b"x" * 5000)
    assert ada.get("/api/files", params={"q": "cut.bin"}).json()["items"] == []
    incoming = server.data_dir / "storage/.incoming"
    wait_until(lambda: not list(incoming.iterdir()))
