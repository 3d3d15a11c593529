"""A reverse proxy that breaks things on command: put between us and a real S3 server.

It runs in a thread with a loop of its own, so that tests of a blocked loop, and other processes, can use it. Faults are
changed while it runs.
"""

import asyncio
import contextlib
import random
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakSet

_PIECE = 64 * 1024


class Kind(Enum):
    SLOW_DOWN = auto()
    """503 SlowDown instead of an answer."""
    DENY = auto()
    """403 AccessDenied instead of an answer."""
    REFUSE_RESET = auto()
    """A reset instead of an answer; the server never sees the request."""
    LOSE_ANSWER = auto()
    """The server does what was asked, the client gets a reset."""
    RESET = auto()
    """A reset after `at` bytes of the answer's body."""
    STALL = auto()
    """Silence after `at` bytes of the answer's body; at < 0: no head either."""
    TRUNCATE = auto()
    """A clean end after `at` bytes, with the original Content-Length."""
    SHORTEN = auto()
    """A clean end after `at` bytes, with a Content-Length that fits: the nasty variant."""
    FLIP_RESPONSE = auto()
    FLIP_REQUEST = auto()
    """One bit of the body, at byte `at`."""
    WRONG_ETAG = auto()
    OLD_DATE = auto()
    """The answer is dated 1 January 2020."""
    THROTTLE = auto()
    """`at` bytes per second of the answer's body."""


@dataclass
class Fault:
    """`times` None: until cleared. `method`, `path` (a part of path and query) and `share` choose the requests."""

    kind: Kind
    at: int = 0
    times: int | None = 1
    method: str | None = None
    path: str = ""
    share: float = 1.0
    """Of the requests, at random."""

    def fits(self, method: str, target: str) -> bool:
        chosen = self.times != 0 and self.method in {None, method} and self.path in target
        return chosen and random.random() < self.share


@dataclass
class _Message:
    """The head of a request or an answer."""

    first: str
    headers: list[tuple[str, str]]

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    def replace(self, name: str, value: str) -> None:
        self.headers = [(key, value if key.lower() == name else old) for key, old in self.headers]

    def encode(self) -> bytes:
        lines = [self.first, *(f"{key}: {value}" for key, value in self.headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass
class FaultProxy:
    """`url` is what the client is pointed at."""

    upstream: str
    url: str = ""
    backblaze: bool = False
    """400 on any x-amz-checksum header, 501 on conditional writes and form posts."""
    rewrite_host: bool = False
    """Tells the server its own address, as careless reverse proxies do; signatures then do not fit."""
    seen: list[str] = field(default_factory=list)
    """Method and target of each request, without its query's signature."""
    transports: "WeakSet[asyncio.WriteTransport]" = field(default_factory=WeakSet)
    context: ssl.SSLContext | None = None
    loop: asyncio.AbstractEventLoop | None = None
    _faults: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def inject(self, kind: Kind, **details: object) -> Fault:
        fault = Fault(kind, **details)  # type: ignore[arg-type]
        with self._lock:
            self._faults.append(fault)
        return fault

    def renew(self, tls: "Certificate") -> None:
        """Another certificate from now on; connections that are open end."""
        assert self.context is not None
        assert self.loop is not None
        self.context.load_cert_chain(tls.certificate, tls.key)
        asyncio.run_coroutine_threadsafe(self._abort(), self.loop).result(10)

    async def _abort(self) -> None:
        for transport in list(self.transports):
            transport.abort()

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, method: str, target: str) -> Fault | None:
        """The first fault that fits, counted."""
        with self._lock:
            self.seen.append(f"{method} {target}")
            fault = next((fault for fault in self._faults if fault.fits(method, target)), None)
            if fault is not None and fault.times is not None:
                fault.times -= 1
            return fault


class _Gone(Exception):
    """The connection is to be reset, or has ended."""


class _Exchange:
    """One client connection with its own connection to the server."""

    def __init__(self, proxy: FaultProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._reader = reader
        self._writer = writer

    async def run(self) -> None:
        parts = urlsplit(self._proxy.upstream)
        server_writer: asyncio.StreamWriter | None = None
        try:
            server_reader, server_writer = await asyncio.open_connection(parts.hostname, parts.port)
            while await self._one(server_reader, server_writer):
                pass
        except (_Gone, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            for writer in (self._writer, server_writer):
                if writer is not None:
                    writer.close()

    async def _one(self, server_reader: asyncio.StreamReader, server_writer: asyncio.StreamWriter) -> bool:
        request = await _head(self._reader)
        if request is None:
            return False
        method, target, _ = request.first.split(" ", 2)
        fault = self._proxy.take(method, target)
        if refusal := _backblaze(method, request) if self._proxy.backblaze else None:
            await self._answer(request, *refusal)
            return True
        if fault is not None and fault.kind is Kind.SLOW_DOWN:
            await self._answer(request, 503, "SlowDown")
            return True
        if fault is not None and fault.kind is Kind.DENY:
            await self._answer(request, 403, "AccessDenied")
            return True
        if fault is not None and fault.kind is Kind.REFUSE_RESET:
            self._reset()
        await self._forward(request, server_writer, fault)
        answer = await _head(server_reader)
        if answer is None:
            return False
        await self._deliver(method, answer, server_reader, fault)
        return True

    async def _answer(self, request: _Message, status: int, code: str, text: str = "injected") -> None:
        async for _ in _body(self._reader, request, None):
            pass
        xml = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>"
        head = f"HTTP/1.1 {status} Fault\r\nx-amz-request-id: fault-1\r\nContent-Length: {len(xml)}\r\n\r\n"
        self._writer.write((head + xml).encode())
        await self._writer.drain()

    async def _forward(self, request: _Message, writer: asyncio.StreamWriter, fault: Fault | None) -> None:
        if self._proxy.rewrite_host:
            request.replace("host", urlsplit(self._proxy.upstream).netloc)
        writer.write(request.encode())
        flip = fault.at if fault is not None and fault.kind is Kind.FLIP_REQUEST else None
        position = 0
        async for piece in _body(self._reader, request, None):
            writer.write(_flipped(piece, position, flip))
            position += len(piece)
            await writer.drain()
        await writer.drain()

    async def _deliver(self, method: str, answer: _Message, reader: asyncio.StreamReader, fault: Fault | None) -> None:
        kind, at = (fault.kind, fault.at) if fault is not None else (None, 0)
        if kind is Kind.LOSE_ANSWER:
            self._reset()
        if kind is Kind.WRONG_ETAG:
            answer.replace("etag", '"00000000000000000000000000000000"')
        if kind is Kind.OLD_DATE:
            answer.replace("date", "Wed, 01 Jan 2020 00:00:00 GMT")
        if kind is Kind.SHORTEN:
            full = int(answer.get("content-length") or 0)
            answer.replace("content-length", str(min(at, full)))
        if kind is Kind.STALL and at < 0:
            await self._silence()
        original = int(answer.get("content-length") or 0) if kind is not Kind.SHORTEN else full
        self._writer.write(answer.encode())
        position = 0
        async for piece in _body(reader, answer, method, length=original):
            await self._pass(piece, position, kind, at)
            position += len(piece)

    async def _pass(self, piece: bytes, position: int, kind: Kind | None, at: int) -> None:
        end = position + len(piece)
        if kind is Kind.FLIP_RESPONSE:
            piece = _flipped(piece, position, at)
        if kind is Kind.THROTTLE:
            await asyncio.sleep(len(piece) / at)
        if kind in {Kind.RESET, Kind.STALL, Kind.TRUNCATE, Kind.SHORTEN} and end >= at:
            self._writer.write(piece[: max(at - position, 0)])
            await self._writer.drain()
            await self._break_off(kind)
        self._writer.write(piece)
        await self._writer.drain()

    async def _break_off(self, kind: Kind) -> None:
        if kind is Kind.STALL:
            await self._silence()
        if kind is Kind.RESET:
            await asyncio.sleep(0.1)  # what was sent arrives first
            self._reset()
        raise _Gone

    def _reset(self) -> None:
        connection = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
        raise _Gone

    async def _silence(self) -> None:
        """Until the client gives up."""
        await self._reader.read(1)
        raise _Gone


def _backblaze(method: str, request: _Message) -> tuple[int, str, str] | None:
    names = {key.lower() for key, _ in request.headers}
    if any(name.startswith("x-amz-checksum-") or name == "x-amz-sdk-checksum-algorithm" for name in names):
        return 400, "InvalidArgument", "Unsupported header 'x-amz-checksum-crc32' received for this API call."
    if method == "PUT" and names & {"if-none-match", "if-match"}:
        return 501, "NotImplemented", "A header you provided implies functionality that is not implemented."
    if method == "POST" and (request.get("content-type") or "").startswith("multipart/form-data"):
        return 501, "NotImplemented", "A header you provided implies functionality that is not implemented."
    return None


def _flipped(piece: bytes, position: int, at: int | None) -> bytes:
    if at is None or not position <= at < position + len(piece):
        return piece
    changed = bytearray(piece)
    changed[at - position] ^= 1
    return bytes(changed)


async def _head(reader: asyncio.StreamReader) -> _Message | None:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
    return _Message(first, [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)])


async def _body(
    reader: asyncio.StreamReader, head: _Message, method: str | None, *, length: int | None = None
) -> AsyncIterator[bytes]:
    """The raw body; chunk framing is passed on as it is."""
    if method == "HEAD" or (method is not None and head.first.split(" ")[1] in {"204", "304"}):
        return
    if (head.get("transfer-encoding") or "").lower() == "chunked":
        async for piece in _chunked(reader):
            yield piece
        return
    left = int(head.get("content-length") or 0) if length is None else length
    while left:
        piece = await reader.read(min(left, _PIECE))
        if not piece:
            raise _Gone
        left -= len(piece)
        yield piece


async def _chunked(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        line = await reader.readline()
        yield line
        size = int(line.split(b";")[0], 16)
        yield await reader.readexactly(size + 2)
        if size == 0:
            return


@contextmanager
def fault_proxy(upstream: str, *, tls: "Certificate | None" = None) -> Iterator[FaultProxy]:
    """Runs until the context is left."""
    proxy = FaultProxy(upstream)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_serve(proxy, tls), loop).result(10)
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(_close(server, proxy), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _serve(proxy: FaultProxy, tls: "Certificate | None") -> asyncio.Server:
    running: set[object] = set()  # asyncio itself keeps weak references only

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(task := asyncio.current_task())
        proxy.transports.add(writer.transport)
        with contextlib.suppress(asyncio.CancelledError):
            await _Exchange(proxy, reader, writer).run()
        running.discard(task)

    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls.certificate, tls.key)
    proxy.context, proxy.loop = context, asyncio.get_running_loop()
    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    proxy.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    return server


async def _close(server: asyncio.Server, proxy: FaultProxy) -> None:
    server.close()
    await asyncio.sleep(0.1)  # asyncio leaks a connection whose acceptance is cancelled
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for transport in list(proxy.transports):
        transport.abort()  # a TLS connection would wait for the other side to say goodbye
    await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Certificate:
    """Self-signed for 127.0.0.1; `certificate` is its own authority."""

    certificate: Path
    key: Path


def make_certificate(folder: Path) -> Certificate:
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(made.key), "-out", str(made.certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return made
