"""Bodies: who may send one at all, how large, how deep, how slow, and what becomes of those that never end."""

import asyncio
import contextlib
import json
import resource

import httpx
import pytest
from prometheus_client import CollectorRegistry

from aishare.api import app as application
from aishare.api.http import deps, incoming
from aishare.api.http.incoming import pieces_of, small_body
from aishare.api.http.json_bodies import check_json
from aishare.api.http.requests import RequestLayer, RequestMetrics
from aishare.api.http.server import crowd, protocol
from aishare.core.sizes import KiB, MiB
from tests.api.test_bad_input import assert_problem
from tests.support.raw_http import connected, exchange, head, read_answer
from tests.support.server import serving, wait_until
from tests.support.transfer_server import running

JSON = "Content-Type: application/json"
UNFINISHED = (JSON, "Content-Length: 5000")

TAKING_BODIES = [
    (method, route) for route in application._routes() if route.body_field is not None for method in route.methods
]


def depends_on(dependant, asked):
    """What a route asks for; the service itself goes by its table of tokens."""
    return dependant.call is asked or any(depends_on(inner, asked) for inner in dependant.dependencies)


FOR_CALLERS = [pair for pair in TAKING_BODIES if depends_on(pair[1].dependant, deps._caller)]
FOR_SUPERUSERS = [pair for pair in TAKING_BODIES if depends_on(pair[1].dependant, deps._superuser)]
FOR_ALL = [pair for pair in TAKING_BODIES if pair not in FOR_CALLERS]


def path_of(route):
    return route.path.replace("{", "").replace("}", "")


def session_of(client):
    return "Cookie: " + "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def test_nobody_is_listened_to_before_they_are_known(server):
    assert len(FOR_CALLERS) > 15
    for method, route in FOR_CALLERS:
        answer = exchange(server.address, head(method, path_of(route), *UNFINISHED))
        assert (answer.status, answer.json()["code"]) == (401, "not_authenticated"), (method, route.path)


def test_nor_before_it_is_known_that_they_may(server, ada):
    assert len(FOR_SUPERUSERS) > 8
    for method, route in FOR_SUPERUSERS:
        answer = exchange(server.address, head(method, path_of(route), *UNFINISHED, session_of(ada)))
        assert (answer.status, answer.json()["code"]) == (403, "forbidden"), (method, route.path)


def test_the_old_paths_without_api_too(server):
    answer = exchange(server.address, head("PATCH", "/environment-variables", *UNFINISHED))
    assert answer.status == 401


def test_what_everybody_may_send_is_small(server, ada):
    assert {path_of(route) for _, route in FOR_ALL} >= {"/api/auth/login", "/api/auth/demo-login", "/d/token/unlock"}
    chunk = b"100000\r\n" + b" " * MiB + b"\r\n"
    for method, route in [*FOR_ALL, *FOR_CALLERS]:
        headers = (JSON, session_of(ada)) if (method, route) not in FOR_SUPERUSERS else (JSON,)
        expected = 413 if (method, route) not in FOR_SUPERUSERS else 401
        announced = exchange(server.address, head(method, path_of(route), *headers, f"Content-Length: {MiB + 1}"))
        assert (announced.status, announced.headers["content-type"]) == (expected, "application/problem+json")
    for method, route in FOR_ALL:
        start = head(method, path_of(route), JSON, "Transfer-Encoding: chunked")
        assert exchange(server.address, start, chunk, b"1\r\nx").status in {413, 404}  # 404: the route is switched off
    assert_problem(ada.post("/api/tokens", content=b" " * (MiB + 1), headers={"Content-Type": "application/json"}), 413)


@pytest.mark.parametrize(
    "value",
    [
        "[" * 1000 + "]" * 1000,
        '{"a":' * 1000 + "1" + "}" * 1000,
        '[{"a":' * 300_000,
        "[]," * 300_000,
        '"\\u0000"',
        '"\\ud800"',
        '"\\uDC00\\ud800"',
        '"\\ud83d\\\\ude00"',
        "1" * 5000,
        "1e999",
        "nul",
        '"\\',
        "\x00",
        "é".encode("latin-1").decode("latin-1"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_json_that_nothing_good_can_come_of(server, ada, value):
    body = f'{{"name":{value},"username":{value},"x":{value}}}'.encode("latin-1")[: MiB - 1]
    for path in ("/api/tokens", "/api/auth/login", "/api/auth/demo-login", "/d/token/unlock", "/api/links/revoke"):
        answer = ada.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, 422}, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.content) < 8 * KiB
    assert not [line for line in server.log if '"request_failed"' in line]


def test_every_json_route_refuses_nul_and_half_characters(server):
    with server.client("admin") as admin:
        for method, route in TAKING_BODIES:
            texts = () if "environment" in route.path else ("\\u0000",)  # where the variable is named
            for text in (*texts, "\\ud800", "x\\udfffx"):
                body = f'{{"{text}": "{text}", "name": "{text}"}}'
                answer = admin.request(
                    method, path_of(route), content=body, headers={"Content-Type": "application/json"}
                )
                assert_problem(answer, 422 if text == "\\u0000" else 400)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8", "latin-1"])
def test_only_utf8_is_json(server, ada, encoding):
    """What is looked for in UTF-8 hides in the others; in UTF-8 halves of characters can stand unescaped."""
    bad = {"utf-8": "\ud800", "latin-1": "\xe9"}.get(encoding, "\\ud800")
    for body in ('{"%s": "x", "name": "x"}', '{"name": "%s"}', '{"name": "x", "username": "x", "password": "%s"}'):
        content = (body % bad).encode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
        for path in ("/api/auth/login", "/api/tokens"):
            answer = ada.post(path, content=content, headers={"Content-Type": "application/json"})
            assert_problem(answer, 400, "invalid_request")
            assert answer.json()["detail"].startswith("The JSON is not UTF-8")


def test_long_numbers_are_refused_in_words(ada):
    for number in ("1" * 5000, "-1" + "0" * 900_000, "0." + "3" * 5000):
        body = f'{{"name": "x", "expires_in": {number}}}'
        answer = ada.post("/api/tokens", content=body, headers={"Content-Type": "application/json"})
        assert_problem(answer, 400, "invalid_request")
    check_json(json.dumps({"a": "1" * 5000}).encode())


def test_sound_json_passes():
    for value in ("\U0001f600", "\\u0000", "\\", '"', "[[[" * 100, "é", "\x01"):
        check_json(json.dumps({"a": [value] * 3}).encode())
        check_json(json.dumps({"a": [value] * 3}, ensure_ascii=False).encode())
    check_json(json.dumps({"ids": ["a" * 24] * 1000}).encode())
    check_json(b"[" * 60 + b"]" * 60)


async def _reading_all(scope, receive, send):
    async for _ in pieces_of(receive, expected=None):
        pass
    await _answer(send)


async def _reading_small(scope, receive, send):
    await small_body(scope, receive)
    await _answer(send)


async def _reading_nothing(scope, receive, send):
    await _answer(send)


async def _answer(send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def layered(app):
    return running({}, app=RequestLayer(app, RequestMetrics(CollectorRegistry())))


@pytest.mark.parametrize("sent", [b"", b"{"])
def test_a_small_body_that_does_not_come_is_a_408(monkeypatch, sent):
    monkeypatch.setattr(incoming, "_SMALL_BODY_SECONDS", 0.2)
    with layered(_reading_small) as address:
        answer = exchange(address, head("POST", "/", "Content-Length: 100"), sent)
    assert (answer.status, answer.json()["code"]) == (408, "request_timeout")
    assert answer.headers["connection"] == "close"


def test_who_drips_is_cut_off_and_who_is_slow_is_not(monkeypatch):
    """The clock runs faster than the bytes of the one, and slower than those of the other."""
    monkeypatch.setattr(incoming, "_FIRST_PATIENCE_SECONDS", 0.3)
    with layered(_reading_all) as address, connected(address) as sock:
        sock.sendall(head("PUT", "/", "Content-Length: 5000") + b"x")
        assert read_answer(sock).status == 408

    async def slowly():
        reader, writer = await asyncio.open_connection(*address)
        writer.write(head("PUT", "/", "Content-Length: 10240"))
        for _ in range(10):
            writer.write(b"x" * KiB)  # four seconds' worth at the slowest rate
            await writer.drain()
            await asyncio.sleep(0.1)
        status = (await reader.readline()).split()[1]
        writer.close()
        return status

    with layered(_reading_all) as address:
        assert asyncio.run(slowly()) == b"200"


def test_time_that_the_service_needs_itself_does_not_count(monkeypatch):
    monkeypatch.setattr(incoming, "_FIRST_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(incoming, "_LONGEST_SILENCE_SECONDS", 0.2)
    sent = [{"type": "http.request", "body": b"x", "more_body": more} for more in (True, True, False)]

    async def quick_client():
        return sent.pop(0)

    async def slow_storage():
        async for _ in pieces_of(quick_client, expected=3):
            await asyncio.sleep(0.3)

    asyncio.run(slow_storage())


def test_the_rest_of_a_body_that_nobody_wants_holds_no_connection(monkeypatch):
    monkeypatch.setattr(protocol, "_HEADERS_SECONDS", 0.3)
    with layered(_reading_nothing) as address, connected(address) as sock:
        sock.sendall(head("POST", "/", "Content-Length: 5000") + b"x")
        assert read_answer(sock).status == 200
        with contextlib.suppress(ConnectionError):
            assert sock.recv(1) == b""


@pytest.fixture(scope="module")
def cramped(tmp_path_factory):
    """A service with few descriptors."""
    with serving(tmp_path_factory.mktemp("cramped")) as server:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (256, 256))
        yield server


@pytest.mark.parametrize("start", [
    head("POST", "/api/auth/login", *UNFINISHED) + b"{",
    head("PATCH", "/api/environment-variables", *UNFINISHED) + b"{",
    head("PUT", "/api/files/by-path/x", "Content-Length: 5000") + b"x",
    head("POST", "/api/auth/logout", *UNFINISHED) + b"{",
    head("GET", "/api/health/live"),
    b"GET / HTTP/1.1\r\nX-",
    b"",
], ids=["login", "refused", "upload", "unread", "idle", "headers", "silent"])  # fmt: skip
def test_unfinished_requests_leave_room_for_others(cramped, start):
    with contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(connected(cramped.address)) for _ in range(250)]
        for sock in waiting:
            with contextlib.suppress(ConnectionError):  # the first have made room already
                sock.sendall(start)
        with cramped.client("ada") as client:
            assert client.get("/api/health/live").status_code == 200
            assert client.put("/api/files/by-path/mine.txt", content=b"mine").status_code in {200, 201}


def test_a_request_that_is_being_answered_never_makes_room():
    """Nor does an upload of somebody known that goes on; the one that waits longest goes first."""

    class Guest:
        def __init__(self, patience):
            self._patience, self.gone = patience, False

        def patience(self):
            return self._patience

        def turn_away(self):
            self.gone = True

    served, upload, idle, older = Guest(None), Guest((2, 0.0)), Guest((0, 5.0)), Guest((0, 4.0))
    crowd.make_room([served, upload, idle, older], count=10_000)
    assert [guest.gone for guest in (served, upload, idle, older)] == [False, False, False, True]
    crowd.make_room([served], count=10_000)
    assert not served.gone
    crowd.make_room([older], count=2)


def test_a_large_refused_upload_still_hears_why(server):
    with httpx.Client(base_url=server.address, timeout=30) as client:
        answer = client.put("/api/files/by-path/large.bin", content=b"x" * (8 * MiB))
    assert_problem(answer, 401)
    wait_until(lambda: not list((server.data_dir / "storage/.incoming").iterdir()))
