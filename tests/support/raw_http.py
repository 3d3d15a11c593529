"""Requests byte by byte, as no client library would send them."""

import json
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RawAnswer:
    """The answer as it was received."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


def connected(address):
    """A socket to an address or a URL, with a time limit: a missing answer fails instead of blocking."""
    if isinstance(address, str):
        parts = urlsplit(address)
        address = (parts.hostname, parts.port)
    return socket.create_connection(address, timeout=30)


def exchange(address, *data):
    """The first answer to these bytes, on a connection of its own."""
    with connected(address) as sock:
        for piece in data:
            sock.sendall(piece)
        return read_answer(sock)


def read_answer(sock):
    """Status, headers and body, by Content-Length."""
    with sock.makefile("rb") as reader:
        line = reader.readline()
        assert line, "the connection was closed without an answer"
        status = int(line.split()[1])
        headers = {}
        while line := reader.readline().strip():
            name, _, text = line.decode("latin-1").partition(":")
            headers[name.lower()] = text.strip()
        return RawAnswer(status, headers, reader.read(int(headers.get("content-length", 0))))


def head(method, path, *lines, host="x"):
    """Request line and headers; without `Host` if `host` is None."""
    named = () if host is None else (f"Host: {host}",)
    return "\r\n".join((f"{method} {path} HTTP/1.1", *named, *lines, "", "")).encode("latin-1")
