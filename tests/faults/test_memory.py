"""1 GiB through the service, and 64 readers that hardly read: memory is bounded by budgets, not by sizes or clients."""

import contextlib
import hashlib
import random
import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.api.conftest import BACKENDS, serving_on
from tests.support.memory import peak, resident

MIB = 1024 * 1024
SHORT, LONG = 288 * MIB, 1024 * MIB
"""Both are more than the service may use."""
READERS = 64
ADDED_MAX = {"local": 64, "seaweedfs": 192}


def block(number):
    return hashlib.sha256(str(number).encode()).digest() * (MIB // 32)


def content(size):
    for number in range(size // MIB):
        yield block(number)


def bytes_at(start, stop):
    blocks = b"".join(block(number) for number in range(start // MIB, (stop - 1) // MIB + 1))
    return blocks[start % MIB : start % MIB + stop - start]


def slow_reader(server, cookie, file_id):
    target = urlsplit(server.address)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    connection.connect((target.hostname, target.port))
    request = f"GET /api/files/{file_id}/content HTTP/1.1\r\nHost: {target.netloc}\r\nCookie: {cookie}\r\n"
    connection.sendall(request.encode() + b"Range: bytes=0-104857599\r\n\r\n")
    connection.setblocking(False)
    return connection


def added_by_slow_readers(server, client, file_id):
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    before = top = resident(server.process.pid)
    readers = [slow_reader(server, cookie, file_id) for _ in range(READERS)]
    for _ in range(10):
        for reader in readers:
            with contextlib.suppress(BlockingIOError):
                reader.recv(65536)
        time.sleep(0.5)
        top = max(top, resident(server.process.pid))
    for reader in readers:
        reader.close()
    return top - before


@pytest.mark.timeout(400)
@pytest.mark.parametrize("size", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)])
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_gibibyte_up_and_down_and_slow_readers(backend, size, tmp_path):
    digest = hashlib.sha256()
    for piece in content(size):
        digest.update(piece)
    with serving_on(backend, tmp_path, own_imports=True) as server, server.client("ada") as client:
        file = client.put("/api/files/by-path/gib.bin", content=content(size), timeout=300).json()
        assert file["sha256"] == digest.hexdigest()
        url, got = f"/api/files/{file['id']}/content", hashlib.sha256()
        with client.stream("GET", url) as answer:
            for piece in answer.iter_raw(MIB):
                got.update(piece)
        assert got.hexdigest() == digest.hexdigest()
        chance = random.Random(1)
        for _ in range(200):
            start = chance.randrange(size - 200_000)
            stop = start + chance.randrange(1, 200_000)
            answer = client.get(url, headers={"Range": f"bytes={start}-{stop - 1}"})
            assert answer.content == bytes_at(start, stop)
        most = peak(server.process.pid) // MIB
        added = added_by_slow_readers(server, client, file["id"])
        print(f"{backend}: peak {most} MiB, {READERS} slow readers add {added // MIB} MiB")
        assert most <= 200
        assert added <= ADDED_MAX[backend] * MIB
