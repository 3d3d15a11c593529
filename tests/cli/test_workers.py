"""WORKERS: several processes behind one address, as one service."""

import hashlib
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.support.memory import resident
from tests.support.server import Server, run_cli, serving, wait_until

MiB = 1024 * 1024
CONNECTIONS = 12
"""All on one of two workers by chance: once in two thousand times."""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("workers"), environ={"WORKERS": "2"}) as running:
        yield running


def events(server: Server, name: str) -> list[dict]:
    return [json.loads(line) for line in list(server.log) if f'"event": "{name}"' in line]


def pids(server: Server) -> set[int]:
    """Of the workers that live."""
    dead = {event["pid"] for event in events(server, "worker_died")}
    return {event["pid"] for event in events(server, "worker_ready")} - dead


def pid_of(connection: socket.socket) -> int:
    """Which process holds the other end, by the tables of the kernel."""
    (_, mine), (_, theirs) = connection.getsockname(), connection.getpeername()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ports = [int(fields[index].rpartition(":")[2], 16) for index in (1, 2)]
        if ports == [theirs, mine]:
            return next(int(path.parts[2]) for path in Path("/proc").glob("[0-9]*/fd/*") if _is_socket(path, fields[9]))
    raise LookupError("no such connection")


def _is_socket(path: Path, inode: str) -> bool:
    try:
        return str(path.readlink()) == f"socket:[{inode}]"
    except OSError:
        return False


class Connection:
    """One connection to one worker, kept open."""

    def __init__(self, server: Server, stack: ExitStack) -> None:
        limits = httpx.Limits(max_connections=1)
        self.client = stack.enter_context(httpx.Client(base_url=server.address, timeout=30, limits=limits))
        answer = self.client.get("/api/health/live")
        self.pid = pid_of(answer.extensions["network_stream"].get_extra_info("socket"))


def connections(server: Server, stack: ExitStack) -> list[Connection]:
    return [Connection(server, stack) for _ in range(CONNECTIONS)]


def one_per_worker(server: Server, stack: ExitStack) -> list[httpx.Client]:
    found = {connection.pid: connection.client for connection in connections(server, stack)}
    assert set(found) == pids(server)
    assert len(found) == 2
    return list(found.values())


def test_the_kernel_spreads_connections_and_the_address_is_said_once(server: Server) -> None:
    with ExitStack() as stack:
        one_per_worker(server, stack)
    assert len(events(server, "serving")) == 1
    assert len(events(server, "demo_seeded")) == 1
    assert {event["worker"] for event in events(server, "worker_ready")} == {1, 2}


def test_lines_of_the_log_carry_the_worker(server: Server) -> None:
    with ExitStack() as stack:
        for client in one_per_worker(server, stack):
            assert client.post("/api/auth/login", json={"username": "nobody", "password": "x"}).status_code == 401
    wait_until(lambda: {event["worker"] for event in events(server, "request")} == {1, 2})


def test_a_new_user_and_a_revoked_token_show_in_every_worker_at_once(server: Server) -> None:
    with ExitStack() as stack:
        first, second = one_per_worker(server, stack)
        run_cli(server.data_dir, "user", "create", "edith", "--demo")
        for client in (first, second):
            assert "edith" in {user["username"] for user in client.get("/api/auth/demo-users").json()}
        assert first.post("/api/auth/demo-login", json={"username": "edith"}).status_code == 200
        token = first.post("/api/tokens", json={"name": "t"}).json()
        bearer = {"Authorization": f"Bearer {token['token']}"}
        for client in (first, second):
            assert httpx.Client.get(client, "/api/files", headers=bearer).status_code == 200
        assert first.delete(f"/api/tokens/{token['id']}").status_code == 204
        assert second.get("/api/files", headers=bearer).status_code == 401
        first.cookies.clear()
        assert first.get("/api/files", headers=bearer).status_code == 401


def test_metrics_of_any_worker_are_those_of_all(server: Server) -> None:
    with ExitStack() as stack:
        clients = one_per_worker(server, stack)
        before = [_answered(client) for client in clients]
        for client in clients:
            for _ in range(10):
                assert client.get("/api/health/live").status_code == 200
        after = [_answered(client) for client in clients]
    # The scrapes count too, before or after they are answered: one alone would give about 10.
    assert all(20 <= now - then <= 23 for then, now in zip(before, after, strict=True)), (before, after)


def _answered(client: httpx.Client) -> int:
    lines = client.get("/metrics").text.splitlines()
    wanted = 'aishare_http_requests_total{method="GET",status="200"}'
    return next(int(float(line.rpartition(" ")[2])) for line in lines if line.startswith(wanted))


def test_a_killed_worker_is_replaced_while_the_other_goes_on(tmp_path: Path, capsys) -> None:
    with serving(tmp_path, environ={"WORKERS": "2"}) as server, ExitStack() as stack:
        _print_memory(server, capsys)
        opened = connections(server, stack)
        victim = opened[0].pid
        survivors = [connection.client for connection in opened if connection.pid != victim]
        problems: list[object] = []
        done = threading.Event()
        asking = threading.Thread(target=_ask, args=(survivors, problems, done))
        asking.start()
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: events(server, "worker_died"))
        while len(events(server, "worker_ready")) < 3:
            assert httpx.get(f"{server.address}/api/health/ready").status_code == 200  # a new connection
        done.set()
        asking.join(30)
        assert not problems
        assert events(server, "worker_died")[0]["status"] == -signal.SIGKILL
        assert {connection.pid for connection in connections(server, stack)} == pids(server)
        assert victim not in pids(server)


def _ask(clients: list[httpx.Client], problems: list[object], done: threading.Event) -> None:
    """Over the connections of the worker that lives."""
    while not done.is_set():
        try:
            problems += [answer for client in clients if (answer := client.get("/api/health/ready")).status_code != 200]
        except httpx.HTTPError as error:
            problems.append(error)


def _print_memory(server: Server, capsys) -> None:
    sizes = {"parent": resident(server.process.pid) // MiB}
    sizes |= {f"worker {event['worker']}": resident(event["pid"]) // MiB for event in events(server, "worker_ready")}
    with capsys.disabled():
        print("", *(f"{name}: {size} MiB" for name, size in sizes.items()), sep="  ")
    assert sizes["parent"] < 64
    assert max(sizes.values()) < 200


def test_sigterm_lets_running_downloads_of_all_workers_finish(tmp_path: Path) -> None:
    content = os.urandom(48 * MiB)
    with serving(tmp_path, environ={"WORKERS": "2"}) as server, ExitStack() as stack:
        clients = one_per_worker(server, stack)
        for client in clients:
            client.post("/api/auth/demo-login", json={"username": "ada"})
        file_id = clients[0].put("/api/files/by-path/large.bin", content=content).json()["id"]
        answers = [
            stack.enter_context(client.stream("GET", f"/api/files/{file_id}/content")).iter_raw(MiB)
            for client in clients
        ]
        digests = [hashlib.sha256(next(answer)) for answer in answers]
        server.process.terminate()
        wait_until(lambda: len(events(server, "Shutting down")) == 2)
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.address)
        for answer, digest in zip(answers, digests, strict=True):
            for piece in answer:
                digest.update(piece)
                time.sleep(0.01)
        assert {digest.digest() for digest in digests} == {hashlib.sha256(content).digest()}
        assert server.process.wait(20) == 0
        assert len(events(server, "stopped")) == 3


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    with serving(tmp_path, environ={"WORKERS": "2"}) as server:
        workers = pids(server)
        assert len(workers) == 2
        server.kill()
        wait_until(lambda: not any(_lives(pid) for pid in workers))
        assert len(events(server, "parent_gone")) == 2


def _lives(pid: int) -> bool:
    """A process that ended and that nobody has waited for yet does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_setup_link_is_one_for_all_workers(tmp_path: Path) -> None:
    with serving(tmp_path, demo=False, environ={"WORKERS": "2"}) as server, ExitStack() as stack:
        wait_until(lambda: any("/setup#" in line for line in server.console))
        secret = next(line for line in server.console if "/setup#" in line).rpartition("#")[2].strip()
        first, second = one_per_worker(server, stack)
        body = {"token": secret, "username": "root", "password": "long enough for a test"}
        assert second.get("/api/auth/setup").json() == first.get("/api/auth/setup").json()
        assert first.post("/api/auth/setup", json=body).status_code in {200, 201}
        assert second.post("/api/auth/setup", json={**body, "username": "other"}).status_code == 404
        assert sum("/setup#" in line for line in server.console) == 1


def test_a_taken_port_and_a_storage_that_can_not_be_used_are_told_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = run_cli(tmp_path, "serve", "--workers", "2", "--port", str(taken.getsockname()[1]))
    assert answer.returncode == 2
    assert answer.stderr.count("Address already in use") == 1
    (tmp_path / "storage").write_text("a file where the folder should be")
    answer = run_cli(tmp_path, "serve", "--workers", "2", "--port", "0")
    assert answer.returncode in {1, 2}
    assert answer.stderr.count("worker_failed") == 1


@pytest.mark.parametrize("value", ["0", "65", "many"])
def test_a_bad_number_of_workers_is_refused(tmp_path: Path, value: str) -> None:
    (tmp_path / ".env").write_text(f"WORKERS={value}\n")
    answer = run_cli(tmp_path, "serve")
    assert answer.returncode == 2
    assert "WORKERS" in answer.stderr
