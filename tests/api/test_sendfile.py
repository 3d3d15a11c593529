"""The server's protocol: zero copy, connections that break, slow and endless headers, and what it does without."""

import asyncio
import contextlib
import hashlib
import logging
import os
import socket
import threading
import time
from pathlib import Path

import httpx
import psutil
import pytest
import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from aishare.api.http import server as server_package
from aishare.api.http.server import http_protocol, protocol, zerocopy
from aishare.core.errors import BackendUnavailable, CorruptObject
from aishare.core.sizes import CHUNK_SIZE, KiB, MiB
from tests.support.transfer_server import local_content, running, stored_content

BIG = 24 * MiB


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("content")
    (folder / "big").write_bytes(os.urandom(BIG))
    (folder / "small").write_bytes(os.urandom(65_536))
    for size in (0, 1, 256 * KiB, 256 * KiB + 1, CHUNK_SIZE, CHUNK_SIZE + 1):
        (folder / str(size)).write_bytes(os.urandom(size))
    return folder


@pytest.fixture(scope="module")
def contents(folder):
    return {path.name: local_content(path) for path in folder.iterdir()}


@pytest.fixture(scope="module", params=["sendfile", "sendfile-asyncio"])
def address(request, contents):
    with running(contents, kind=request.param) as found:
        yield found


def sent_by_kernel(monkeypatch):
    counts = []
    real = os.sendfile

    def counted(*arguments):
        sent = real(*arguments)
        counts.append(sent)
        return sent

    monkeypatch.setattr(os, "sendfile", counted)
    return counts


def url(address, name):
    return f"http://{address[0]}:{address[1]}/{name}"


def connect(address, *, buffer=None):
    sock = socket.socket()
    if buffer is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    sock.settimeout(20)
    sock.connect(address)
    return sock


def request(name, *, method="GET", headers=""):
    return f"{method} /{name} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode()


def read_answer(reader):
    """Status and body of the next answer on a connection."""
    status = int(reader.readline().split()[1])
    headers = {}
    while (line := reader.readline()) != b"\r\n":
        name, _, text = line.decode().partition(":")
        headers[name.lower()] = text.strip()
    return status, reader.read(int(headers.get("content-length", 0)))


def open_files(folder):
    return [file for file in psutil.Process().open_files() if Path(file.path).parent == folder]


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)


def test_our_protocol_fits_the_installed_uvicorn():
    assert http_protocol() is protocol.Protocol


@pytest.mark.parametrize("size", [0, 1, 256 * KiB, 256 * KiB + 1, CHUNK_SIZE, CHUNK_SIZE + 1])
def test_every_size_arrives_whole(address, folder, size):
    assert httpx.get(url(address, size)).content == (folder / str(size)).read_bytes()


def test_large_files_go_by_the_kernel_and_small_ones_in_one_go(address, folder, monkeypatch):
    counts = sent_by_kernel(monkeypatch)
    httpx.get(url(address, "small"))
    assert not counts
    assert httpx.get(url(address, "big")).content == (folder / "big").read_bytes()
    assert sum(counts) == BIG


def test_pieces_that_are_not_in_memory_go_through_a_thread(address, folder, monkeypatch):
    monkeypatch.setattr(zerocopy, "_in_memory", lambda *_: False)
    threads = set()
    real = os.sendfile
    monkeypatch.setattr(os, "sendfile", lambda *a: (threads.add(threading.current_thread().name), real(*a))[1])
    assert httpx.get(url(address, "big")).content == (folder / "big").read_bytes()
    assert threads
    assert all(name.startswith("sendfile") for name in threads)


def test_the_page_cache_is_really_asked(folder):
    with (folder / "big").open("rb") as file:
        file.read()
        assert zerocopy._in_memory(file.fileno(), 0, MiB)
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        assert not zerocopy._in_memory(file.fileno(), 0, MiB)


def test_fifty_requests_on_one_connection(address, contents):
    names = ["big", "small", "1", "0", str(CHUNK_SIZE)] * 10
    with connect(address) as sock, sock.makefile("rb") as reader:
        for name in names:
            sock.sendall(request(name))
            status, body = read_answer(reader)
            assert (status, hashlib.sha256(body).digest()) == (200, contents[name].sha256)


def test_pipelined_requests_are_answered_in_their_order(address, contents):
    names = ["big", "small", "1", "big", "missing", str(CHUNK_SIZE + 1), "small"]
    with connect(address) as sock, sock.makefile("rb") as reader:
        sock.sendall(b"".join(request(name) for name in names))
        for name in names:
            status, body = read_answer(reader)
            if name == "missing":
                assert status == 404
            else:
                assert (status, hashlib.sha256(body).digest()) == (200, contents[name].sha256)


def test_a_broken_connection_frees_everything_and_the_next_request_works(address, folder, contents, caplog):
    for linger in (False, True) * 5:
        sock = connect(address)
        sock.sendall(request("big"))
        assert sock.recv(100_000)
        if linger:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # RST instead of FIN
        sock.close()
    wait_until(lambda: not open_files(folder))
    assert hashlib.sha256(httpx.get(url(address, "big")).content).digest() == contents["big"].sha256
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


def test_nothing_spins_after_broken_connections(address, folder):
    sock = connect(address, buffer=4096)
    sock.sendall(request("big"))
    sock.recv(1000)
    sock.close()
    wait_until(lambda: not open_files(folder))
    before = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - before < 0.25


def test_many_slow_readers_cost_no_memory_and_hold_no_thread(address, tmp_path):
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(300 * MiB)
    process = psutil.Process()
    with running({"sparse": local_content(path, sha256=bytes(32)), "one": stored_content(b"1")}) as slow:
        httpx.get(url(slow, "one"))
        before = process.memory_info().rss
        with contextlib.ExitStack() as stack:
            for _ in range(16):
                sock = stack.enter_context(connect(slow, buffer=16_384))
                sock.sendall(request("sparse"))
                assert sock.recv(50_000)
            time.sleep(0.3)
            began = time.monotonic()
            assert httpx.get(url(slow, "one")).content == b"1"
            assert time.monotonic() - began < 30
            assert process.memory_info().rss - before < 24 * MiB


def test_a_whole_large_file_through_a_slow_reader(address, tmp_path):
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(300 * MiB)
    process = psutil.Process()
    with running({"sparse": local_content(path, sha256=bytes(32))}) as slow, connect(slow, buffer=65_536) as sock:
        sock.sendall(request("sparse"))
        total, peak, before = 0, 0, process.memory_info().rss
        while total < 300 * MiB:
            piece = sock.recv(MiB)
            assert piece, "cut"
            total += len(piece)
            if total < 4 * MiB:
                time.sleep(0.01)
            peak = max(peak, process.memory_info().rss)
        assert peak - before < 24 * MiB


def test_a_file_that_becomes_shorter_ends_in_a_cut_connection(tmp_path, caplog):
    path = tmp_path / "shrinking"
    path.write_bytes(bytes(64 * MiB))
    nowhere = stored_content(bytes(64 * MiB), fail_at=0, error=CorruptObject("No copy is good either.")).read
    with running({"f": local_content(path, read=nowhere)}) as found, connect(found, buffer=16_384) as sock:
        with structlog.testing.capture_logs() as logs:
            sock.sendall(request("f"))
            sock.recv(1000)
            os.truncate(path, 8 * MiB)
            total = drain(sock)
        assert total < 64 * MiB
    assert [entry["code"] for entry in logs if entry["event"] == "transfer_cut"] == ["object_corrupt"]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("kind", ["sendfile", "sendfile-asyncio", "httptools", "h11"])
@pytest.mark.parametrize("first", [0, 9 * MiB + 5])
def test_what_the_disk_does_not_give_any_more_comes_from_a_copy(tmp_path, kind, first):
    path = tmp_path / "shrinking"
    body = os.urandom(64 * MiB)
    path.write_bytes(body)
    elsewhere = local_content(path, read=stored_content(body).read)
    with (
        running({"f": elsewhere}, kind=kind) as found,
        connect(found, buffer=16_384) as sock,
        sock.makefile("rb") as reader,
    ):
        sock.sendall(request("f", headers=f"Range: bytes={first}-\r\nConnection: close\r\n"))
        reader.peek(1)
        os.truncate(path, 10 * MiB)
        assert read_answer(reader) == (206, body[first:])


def drain(sock):
    total = 0
    with contextlib.suppress(ConnectionError):
        while piece := sock.recv(MiB):
            total += len(piece)
    return total


def test_a_file_that_is_replaced_or_deleted_goes_on(tmp_path):
    path = tmp_path / "going"
    body = os.urandom(32 * MiB)
    path.write_bytes(body)
    with (
        running({"f": local_content(path)}) as found,
        connect(found, buffer=16_384) as sock,
        sock.makefile("rb") as reader,
    ):
        sock.sendall(request("f"))
        reader.peek(1)
        (tmp_path / "other").write_bytes(bytes(32 * MiB))
        (tmp_path / "other").rename(path)
        path.unlink()
        assert read_answer(reader) == (200, body)


@pytest.mark.parametrize("kind", ["sendfile", "httptools", "h11"])
def test_an_error_midway_cuts_the_connection_with_one_line(kind):
    closed = []
    failing = stored_content(
        bytes(MiB), fail_at=300_000, error=BackendUnavailable("gone"), on_close=lambda: closed.append(True)
    )
    with running({"f": failing, "ok": stored_content(b"fine")}, kind=kind) as found:
        with structlog.testing.capture_logs() as logs, pytest.raises(httpx.RemoteProtocolError):
            httpx.get(url(found, "f"))
        assert [entry["code"] for entry in logs if entry["event"] == "transfer_cut"] == ["storage_unavailable"]
        assert not [entry for entry in logs if entry["event"] == "request_failed"]
        assert httpx.get(url(found, "ok")).content == b"fine"
    assert closed == [True]


def test_an_error_before_the_first_byte_is_an_answer():
    failing = stored_content(bytes(MiB), fail_at=0, error=BackendUnavailable("gone"))
    with running({"f": failing}) as found:
        for headers in ({}, {"Range": "bytes=0-1,5-6"}):
            answer = httpx.get(url(found, "f"), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


@pytest.mark.parametrize("kind", ["sendfile", "httptools", "h11"])
def test_a_client_that_leaves_ends_the_reading_of_the_storage(kind):
    closed = threading.Event()
    with running({"f": stored_content(bytes(64 * MiB), on_close=closed.set)}, kind=kind) as found:
        with connect(found, buffer=16_384) as sock:
            sock.sendall(request("f"))
            sock.recv(1000)
            assert not closed.wait(0.2)
        assert closed.wait(5)


def test_a_stalled_client_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(zerocopy, "_STALLED_SECONDS", 0.3)
    path = tmp_path / "f"
    path.write_bytes(bytes(32 * MiB))
    with running({"f": local_content(path)}) as found, connect(found, buffer=16_384) as sock:
        sock.sendall(request("f"))
        sock.recv(1000)
        wait_until(lambda: not open_files(tmp_path))
        assert drain(sock) < 32 * MiB


def test_running_transfers_end_before_the_server_stops(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(os.urandom(16 * MiB))
    content = local_content(path)
    with running({"f": content}) as found:
        sock = connect(found, buffer=16_384)
        sock.sendall(request("f"))
        reader = sock.makefile("rb")
        reader.peek(1)
        result = []
        thread = threading.Thread(target=lambda: (time.sleep(0.5), result.append(read_answer(reader))))
        thread.start()
    thread.join(20)
    status, body = result[0]
    assert (status, hashlib.sha256(body).digest()) == (200, content.sha256)
    reader.close()
    sock.close()


@pytest.mark.parametrize("start", [b"", b"GET /", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_headers_that_never_end_close_the_connection(contents, monkeypatch, start):
    monkeypatch.setattr(protocol, "_HEADERS_SECONDS", 0.3)
    with running(contents) as found, connect(found) as sock:
        sock.sendall(start)
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            assert sock.recv(100) == b""
        assert time.monotonic() - began < 20


def test_slow_headers_of_a_second_request_close_the_connection_too(contents, monkeypatch):
    monkeypatch.setattr(protocol, "_HEADERS_SECONDS", 0.3)
    with running(contents) as found:
        for rest in (b"GET / HT", b"\r\n"):
            with connect(found) as sock, sock.makefile("rb") as reader:
                sock.sendall(request("1"))
                assert read_answer(reader)[0] == 200
                sock.sendall(rest)
                began = time.monotonic()
                with contextlib.suppress(ConnectionError):
                    assert reader.read(1) == b""
                assert time.monotonic() - began < 20


def test_a_download_may_take_longer_than_headers_may(contents, monkeypatch):
    monkeypatch.setattr(protocol, "_HEADERS_SECONDS", 0.2)
    with running(contents) as found, connect(found, buffer=16_384) as sock, sock.makefile("rb") as reader:
        sock.sendall(request("big"))
        time.sleep(0.6)
        status, body = read_answer(reader)
        assert (status, hashlib.sha256(body).digest()) == (200, contents["big"].sha256)


def test_endless_headers_are_refused(contents):
    with running(contents) as found, connect(found) as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(b"GET / HTTP/1.1\r\n")
            for number in range(100_000):
                sock.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))
        assert number < 20_000
    with running(contents) as found, connect(found) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000)
        assert sock.recv(100).startswith(b"HTTP/1.1 431 ")


def test_a_large_body_is_received_whole_while_the_application_is_slow():
    seen = []

    async def app(scope, receive, send):
        digest, more, largest = hashlib.sha256(), True, 0
        while more:
            message = await receive()
            await asyncio.sleep(0.005)
            digest.update(message["body"])
            largest = max(largest, len(message["body"]))
            more = message["more_body"]
        seen.append((digest.digest(), largest))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    body = os.urandom(32 * MiB)
    with running({}, app=app) as found:
        assert httpx.put(url(found, ""), content=body).status_code == 200
    digest, largest = seen[0]
    assert digest == hashlib.sha256(body).digest()
    assert 256 * KiB < largest <= 2 * MiB


def answering(headers, *bodies, status=200):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for body in bodies:
            await send({"type": "http.response.body", "body": body, "more_body": body is not bodies[-1]})

    return running({}, app=app)


def test_headers_and_first_bytes_come_in_one_packet():
    with answering([(b"content-length", b"10")], b"first", b"later") as found, connect(found) as sock:
        sock.sendall(request(""))
        packet = sock.recv(65_536)
        assert packet.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
        assert b"\r\n\r\nfirst" in packet


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\nb", b"a\x00b", b"a\x7fb", b"a\rb"])
@pytest.mark.parametrize("headers", ["", "Connection: close\r\n"])
def test_a_control_character_in_a_header_goes_nowhere(value, headers):
    with answering([(b"content-length", b"2"), (b"x-name", value)], b"ok") as found, connect(found) as sock:
        sock.sendall(request("", headers=headers))
        answer = sock.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"x-name" not in answer
    assert b"set-cookie" not in answer


@pytest.mark.parametrize("bodies", [[b"short"], [b"much too long"], [b"1234", b"567"], [b"1234", b"5678901"]])
def test_another_length_than_announced_is_never_taken_for_whole(bodies):
    with answering([(b"content-length", b"10")], *bodies) as found, connect(found) as sock:
        sock.sendall(request(""))
        answer = b""
        while piece := sock.recv(65_536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert len(body) < 10 or b" 500 " in head


def test_where_uvicorn_differs_its_own_protocol_serves(monkeypatch, contents, folder):
    monkeypatch.setattr(protocol, "USED_OF_CYCLE", frozenset({"no_such_name"}))
    with structlog.testing.capture_logs() as logs:
        assert http_protocol() == "auto"
    assert "no_such_name" in logs[0]["problem"]
    assert server_package.http_protocol() == "auto"
    with running(contents) as found:
        assert httpx.get(url(found, "big")).content == (folder / "big").read_bytes()


def test_only_plain_sockets_are_offered_zero_copy(monkeypatch, contents, folder):
    counts = sent_by_kernel(monkeypatch)
    monkeypatch.setattr(zerocopy, "AVAILABLE", False)
    with running(contents) as found:
        assert httpx.get(url(found, "big")).content == (folder / "big").read_bytes()
    assert not counts
    assert issubclass(protocol.Protocol, HttpToolsProtocol)
    assert RequestResponseCycle.__module__.startswith("uvicorn.")
