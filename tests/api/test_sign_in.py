"""Signing in over HTTP: behind a proxy and without one, and what it tells to those who try."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import httpx
import pytest

from tests.support.server import run_cli, serving

PASSWORD = "correct horse battery"
PLAIN, SECURE = "aishare_session", "__Host-aishare_session"
FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """As behind a proxy on this machine that is believed."""
    with serving(tmp_path_factory.mktemp("proxied"), environ={"TRUSTED_PROXIES": "127.0.0.1"}) as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Nobody is believed, and ten thousand wrong passwords are no attack."""
    environ = {"LOGIN_MAX_FAILURES": "1000", "LOGIN_MAX_FAILURES_PER_ADDRESS": "10000"}
    with serving(tmp_path_factory.mktemp("alone"), environ=environ) as running:
        yield running


def demo(server, username="ada", **headers):
    return httpx.post(f"{server.address}/api/auth/demo-login", json={"username": username}, headers=headers)


def me(server, cookie, **headers):
    return httpx.get(f"{server.address}/api/auth/me", headers={"Cookie": cookie, **headers}).status_code


def cookie_of(answer):
    return answer.headers["set-cookie"].split(";")[0]


def test_over_https_the_cookie_is_bound_to_the_host(proxied):
    answer = demo(proxied, **FORWARDED)
    header = answer.headers["set-cookie"]
    assert header.startswith(f"{SECURE}=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(header.split("; "))
    cookie = cookie_of(answer)
    assert me(proxied, cookie, **FORWARDED) == 200
    planted = cookie.replace(SECURE, PLAIN)
    assert me(proxied, planted, **FORWARDED) == 401
    assert me(proxied, f"{PLAIN}=planted; {cookie}", **FORWARDED) == 200
    out = httpx.post(f"{proxied.address}/api/auth/logout", headers={"Cookie": cookie, **FORWARDED})
    dropped = out.headers.get_list("set-cookie")
    assert [one.split("=")[0] for one in dropped] == [PLAIN, SECURE]
    assert all("Max-Age=0" in one and "Secure" in one for one in dropped)
    assert me(proxied, cookie, **FORWARDED) == 401


def test_over_http_the_cookie_is_plain_and_works(proxied):
    answer = demo(proxied, **{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"})
    assert answer.headers["set-cookie"].startswith(f"{PLAIN}=")
    assert "Secure" not in answer.headers["set-cookie"]
    assert me(proxied, cookie_of(answer)) == 200
    # a proxy that is not believed any more: the browser still has the other cookie
    assert me(proxied, cookie_of(answer).replace(PLAIN, SECURE)) == 200


def test_forwarded_headers_count_from_a_trusted_proxy_only(proxied, server):
    for running, address in ((proxied, "203.0.113.9"), (server, "127.0.0.1")):
        answer = demo(running, **FORWARDED)
        cookie = cookie_of(answer)
        headers = {"Cookie": cookie, **FORWARDED}
        sessions = httpx.get(f"{running.address}/api/auth/sessions", headers=headers).json()["items"]
        (current,) = (session for session in sessions if session["current"])
        assert current["address"] == address
        assert cookie.startswith(SECURE if running is proxied else PLAIN)
        with running.client("admin") as admin:
            noted = admin.get("/api/admin/audit", params={"actor": "ada", "action": "sign_in"}).json()["items"][0]
        assert noted["address"] == address


def test_an_address_that_a_client_wrote_itself_is_not_believed(proxied):
    """The proxy adds what it saw behind what it got; only that counts."""
    demo(proxied, "grace", **{"X-Forwarded-For": "1.2.3.4, 203.0.113.77", "X-Forwarded-Proto": "https"})
    with proxied.client("admin") as admin:
        noted = admin.get("/api/admin/audit", params={"actor": "grace"}).json()["items"][0]
    assert noted["address"] == "203.0.113.77"


def test_a_proxy_that_nobody_named_locks_nobody_out_and_is_reported(tmp_path):
    environ = {"LOGIN_MAX_FAILURES": "2", "LOGIN_MAX_FAILURES_PER_ADDRESS": "4"}
    with serving(tmp_path, environ=environ) as server:
        assert run_cli(tmp_path, "user", "create", "mei", "--password-stdin", stdin=PASSWORD + "\n").returncode == 0
        for number in range(6):
            assert attempt(server, f"name{number}", **FORWARDED) == 401
        assert attempt(server, "mei", PASSWORD, **FORWARDED) == 200
        assert any('"proxy_not_trusted"' in line and "TRUSTED_PROXIES" in line for line in server.log)
        assert [attempt(server, f"other{number}") for number in range(5)] == [401, 401, 401, 401, 429]
        assert attempt(server, "mei", PASSWORD) == 429


def test_a_header_that_anybody_can_send_lifts_no_limit(tmp_path):
    environ = {"LOGIN_MAX_FAILURES": "1", "LOGIN_MAX_FAILURES_PER_ADDRESS": "2"}
    with serving(tmp_path, environ=environ) as server:
        spoofed = [{"X-Forwarded-For": f"9.9.9.{number}"} for number in range(10)]
        answers = [attempt(server, f"name{number}", **header) for number, header in enumerate(spoofed)]
        assert answers == [401] * 8 + [429] * 2


def test_parallel_guesses_do_not_overrun_the_locks_of_accounts_and_links(tmp_path):
    with serving(tmp_path, environ={"LOGIN_MAX_FAILURES": "3", "WORKERS": "2"}) as server:
        with server.client("ada") as ada:
            file = ada.put("/api/files/by-path/a.txt", content=b"x").json()
            link = ada.post(f"/api/files/{file['id']}/links", json={"password": PASSWORD}).json()
        guess = {"username": "grace", "password": "wrong password"}
        for address, body in (("/api/auth/login", guess), (f"/d/{link['token']}/unlock", {"password": "wrong"})):
            with ThreadPoolExecutor(20) as threads:
                sent = [threads.submit(httpx.post, server.address + address, json=body, timeout=60) for _ in range(20)]
            statuses = [one.result().status_code for one in sent]
            assert (statuses.count(401), statuses.count(429)) == (3, 17), address


def attempt(server, username, password="wrong password", **headers):
    body = {"username": username, "password": password}
    return httpx.post(f"{server.address}/api/auth/login", json=body, headers=headers).status_code


ROUNDS = 25


def test_time_does_not_tell_who_exists_is_disabled_or_has_a_password(server):
    """By how the times lie to each other: whoever skipped the hash would be faster nearly always."""
    for name in ("known", "leaver"):
        made = run_cli(server.data_dir, "user", "create", name, "--password-stdin", stdin=PASSWORD + "\n")
        assert made.returncode == 0, made.stderr
    run_cli(server.data_dir, "user", "disable", "leaver")
    tried = {"known": "wrong password", "leaver": PASSWORD, "ada": "wrong password", "nobody": "wrong password"}
    times = {name: [] for name in tried}
    answers = set()
    with server.client() as client:
        for _ in range(ROUNDS):
            for name, password in tried.items():
                began = time.perf_counter()
                answer = client.post("/api/auth/login", json={"username": name, "password": password})
                times[name].append(time.perf_counter() - began)
                problem = {key: value for key, value in answer.json().items() if key != "request_id"}
                answers.add((answer.status_code, tuple(problem.items()), answer.headers.get("set-cookie")))
        health = min(_timed(lambda: client.get("/api/auth/demo-users")) for _ in range(ROUNDS))
    assert len(answers) == 1
    for name in ("leaver", "ada", "nobody"):
        assert 0.1 < _share_slower(times[name], times["known"]) < 0.9, times
    assert min(statistics.median(one) for one in times.values()) > 3 * health  # the hash is made in each case


def _timed(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _share_slower(ones, others):
    """How often one of the first is slower than one of the second: 0.5 where they cannot be told apart."""
    pairs = list(product(ones, others))
    return sum(one > other for one, other in pairs) / len(pairs)


def test_a_disabled_user_is_out_at_the_next_request_at_every_door(server):
    run_cli(server.data_dir, "user", "create", "gone", "--demo", "--superuser")
    with server.client("gone") as cookie:
        for number in range(3):
            cookie.put(f"/api/files/by-path/{number}.txt", content=b"0123456789")
        token = cookie.post("/api/tokens", json={"name": "laptop"}).json()["token"]
        first = cookie.get("/api/files", params={"limit": 1}).json()
        pages = cookie.get("/api/admin/audit", params={"limit": 1}).json()
        content = f"/api/files/{first['items'][0]['id']}/content"
        running = {"limit": 1, "cursor": first["next_cursor"]}
        doors = [
            ("GET", "/api/auth/me", {}),
            ("GET", "/api/files", {"params": running}),
            ("GET", "/api/admin/audit", {"params": {"limit": 1, "cursor": pages["next_cursor"]}}),
            ("GET", "/api/admin/audit/export", {}),
            ("GET", content, {}),
            ("HEAD", content, {}),
            ("GET", content, {"headers": {"Range": "bytes=2-4"}}),
            ("PUT", "/api/files/by-path/new.txt", {"content": b"x"}),
            ("DELETE", content.removesuffix("/content"), {}),
            ("POST", "/api/tokens", {"json": {"name": "another"}}),
        ]
        with httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {token}"}) as bearer:
            for client in (cookie, bearer):
                for method, path, options in doors[:7]:
                    assert client.request(method, path, **options).status_code in {200, 206}, path
            run_cli(server.data_dir, "user", "disable", "gone")
            for client in (cookie, bearer):
                assert [client.request(method, path, **options).status_code for method, path, options in doors] == [
                    401
                ] * len(doors)
        assert httpx.post(f"{server.address}/api/auth/demo-login", json={"username": "gone"}).status_code == 404
