"""Contents served by a real uvicorn, in a thread of the test process, without the rest of the service."""

import asyncio
import hashlib
import threading
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import uvicorn
from prometheus_client import CollectorRegistry

from aishare.api.http.requests import RequestLayer, RequestMetrics
from aishare.api.http.server import http_protocol
from aishare.api.http.transfer import send_content
from aishare.core.errors import NotFound
from aishare.core.keys import object_key
from aishare.core.ranges import ByteRange
from aishare.services.content.delivery import Representation
from aishare.storage.base import ObjectInfo, ObjectReader

SERVERS = {
    "sendfile": ("ours", "uvloop"),
    "sendfile-asyncio": ("ours", "asyncio"),
    "httptools": ("httptools", "uvloop"),
    "h11": ("h11", "asyncio"),
}
CHANGED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def local_content(path, **changes):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    content = Representation(
        name=path.name,
        media_type="application/octet-stream",
        size_bytes=path.stat().st_size,
        sha256=digest.digest(),
        modified_at=CHANGED,
        local_path=path,
        read=_refuse,
    )
    return replace(content, **changes)


def stored_content(body, *, fail_at=None, error=None, on_close=None):
    """Bytes that come from a storage in pieces of 64 KiB; after `fail_at` of them comes `error`."""

    @asynccontextmanager
    async def read(wanted):
        wanted = wanted or ByteRange(0, len(body))
        try:
            yield ObjectReader(ObjectInfo(object_key("a" * 24), len(body)), wanted, pieces(wanted))
        finally:
            if on_close is not None:
                on_close()

    async def pieces(wanted):
        for start in range(wanted.start, wanted.stop, 65_536):
            if fail_at is not None and start - wanted.start >= fail_at:
                raise error
            await asyncio.sleep(0)
            yield body[start : min(start + 65_536, wanted.stop)]

    return Representation(
        name="stored.bin",
        media_type="application/octet-stream",
        size_bytes=len(body),
        sha256=hashlib.sha256(body).digest(),
        modified_at=CHANGED,
        local_path=None,
        read=read,
    )


@contextmanager
def running(contents, *, kind="sendfile", app=None, **options):
    """The address of a server that answers `/name` with `contents[name]`, or with `app`."""
    http, loop = SERVERS[kind]
    config = uvicorn.Config(
        app or RequestLayer(_contents_app(contents), RequestMetrics(CollectorRegistry())),
        port=0,
        http=http_protocol() if http == "ours" else http,
        loop=loop,
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=5,
        **options,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.01)
        yield "127.0.0.1", server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"


def _contents_app(contents):
    async def app(scope, receive, send):
        name = scope["path"].removeprefix("/")
        if name not in contents:
            raise NotFound("There is no such content.")
        content = contents[name]
        download = b"download" in scope["query_string"]
        await send_content(scope, receive, send, content() if callable(content) else content, download=download)

    return app


def _refuse(wanted):
    raise AssertionError("a local file is read from its path")
