"""A fast HTTP client, so that its own cost is not what is measured.

The kernel discards bodies (MSG_TRUNC, tcp(7)) and sends them (sendfile); Python only sees their lengths.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bench.scale import KiB, MiB

_TIMEOUT_SECONDS: Final = 120.0
_HEAD_MAX: Final = 64 * KiB


class WrongAnswer(Exception):
    """A wrong status or length: an error, not a fast result."""


@dataclass(frozen=True, slots=True)
class Request:
    """`before` and `after` surround the file of an upload, for forms."""

    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    before: bytes = b""
    after: bytes = b""

    def head(self, extra: Mapping[str, str]) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in {**self.headers, **extra}.items()]
        return "\r\n".join([*lines, "", ""]).encode()


class Connection:
    """One connection, used for one request after another."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), _TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(MiB)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._socket.close()

    def discard(self, request: Request, *, length: int, start: int | None = None) -> None:
        """Download and discard: the whole file, or `length` bytes from `start`."""
        wanted = {} if start is None else {"Range": f"bytes={start}-{start + length - 1}"}
        self._socket.sendall(request.head(wanted))
        status, headers, received = self._answer()
        if status != (200 if start is None else 206) or headers.get("content-length") != str(length):
            raise WrongAnswer(f"{request.target}: {status}, {headers.get('content-length')} bytes of {length}")
        if start is not None and not headers.get("content-range", "").startswith(
            f"bytes {start}-{start + length - 1}/"
        ):
            raise WrongAnswer(f"{request.target}: {headers.get('content-range')} is another range")
        self._skip(length - len(received))

    def upload(self, request: Request, file: Path) -> bytes:
        """The answer's body, if the answer is a success."""
        length = len(request.before) + file.stat().st_size + len(request.after)
        self._socket.sendall(request.head({"Content-Length": str(length)}) + request.before)
        with file.open("rb") as source:
            self._socket.sendfile(source)
        if request.after:
            self._socket.sendall(request.after)
        status, headers, body = self._answer()
        if status not in {200, 201, 204}:
            raise WrongAnswer(f"{request.target}: {status} {body!r}")
        while len(body) < int(headers.get("content-length", "0")):
            body += self._receive()
        return body

    def _answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by lower-case name, and the part of the body that has already come."""
        head = b""
        while b"\r\n\r\n" not in head:
            if len(head) > _HEAD_MAX:
                raise WrongAnswer("The headers do not end.")
            head += self._receive()
        head, _, body = head.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}, body

    def _receive(self) -> bytes:
        received = self._socket.recv(_HEAD_MAX)
        if not received:
            raise WrongAnswer("The connection ended early.")
        return received

    def _skip(self, length: int) -> None:
        if length < 0:
            raise WrongAnswer("More bytes came than were announced.")
        view = memoryview(self._buffer)
        while length:
            count = self._socket.recv_into(view[:length], 0, socket.MSG_TRUNC)
            if not count:
                raise WrongAnswer(f"The connection ended {length} bytes early.")
            length -= count
