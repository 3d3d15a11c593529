"""One server process: alone, or as one of several workers."""

import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
import uvloop

from aishare.api.app import create_app
from aishare.api.http.server import http_protocol
from aishare.api.http.web import WEB_ROOT, WebApp
from aishare.cli.serving.allocation import give_memory_back
from aishare.cli.serving.announcing import announce
from aishare.cli.serving.listening import listeners
from aishare.core.ids import new_secret, secret_digest
from aishare.core.logs import configure_logging, get_logger, install_hooks, register_secrets
from aishare.jobs import jobs
from aishare.runtime import Runtime, background, open_live
from aishare.services.configuration.environment import ReadSettings
from aishare.services.people.demo import seed_demo
from aishare.settings.catalog import Settings
from aishare.settings.load import LoadedSettings
from aishare.settings.secrets import secret_values

_log = get_logger(__name__)

_KEEP_ALIVE_SECONDS: Final = 75
"""Longer than the 60 s after which most reverse proxies drop an idle connection, so that they close first."""


_GARBAGE: Final = (20_000, 20, 20)
"""Allocations between two runs of the garbage collector: Python's default of 700 is reached every few requests and
finds nothing.
"""


@dataclass(frozen=True, slots=True)
class ProcessRole:
    """The part of one process. `ready` is called when it accepts requests, with whether the setup link is needed."""

    ready: Callable[[int, bool], None]
    setup_digest: bytes
    sockets: list[socket.socket]
    seeds: bool = True
    worker: int | None = None
    parent: int | None = None
    """A pipe whose other end the parent holds: when it closes, the server has ended."""


def prepare_logging(loaded: LoadedSettings, *, worker: int | None = None) -> None:
    """Configures logging from the settings; their secrets are redacted."""
    register_secrets(secret_values(loaded.settings))
    configure_logging(loaded.settings.log_level, loaded.settings.log_format, worker=worker)
    install_hooks()
    if worker is None:
        for warning in loaded.warnings:
            _log.warning("settings_warning", message=warning)


def serve_alone(loaded: LoadedSettings, read: ReadSettings) -> None:
    """Runs the whole service in this process."""
    setup_token = new_secret()

    def ready(port: int, setup: bool) -> None:  # noqa: FBT001 - called by position, see Part
        announce(loaded.settings, port=port, setup_token=setup_token if setup else None)

    settings = loaded.settings
    with listeners(settings.host, settings.port) as sockets:
        serve_part(loaded, read, ProcessRole(ready=ready, setup_digest=secret_digest(setup_token), sockets=sockets))


def serve_part(loaded: LoadedSettings, read: ReadSettings, part: ProcessRole) -> None:
    """Runs until it is told to stop."""
    give_memory_back()
    uvloop.run(_serve(loaded, read, part))


async def _serve(loaded: LoadedSettings, read: ReadSettings, part: ProcessRole) -> None:
    settings = loaded.settings
    opened = open_live(loaded, read=read, applied=_apply_log_level, worker=part.worker)
    async with opened as live, background(live), jobs(live):
        setup = await _first_steps(live.current, settings, part)
        server = uvicorn.Server(_config(create_app(live, web=WebApp(WEB_ROOT)), settings))
        gc.collect()
        gc.freeze()  # modules and routes are never freed: searching them for garbage would stop all requests for 0.1 s
        gc.set_threshold(*_GARBAGE)
        async with _announced(server, part, setup=setup):
            with _with_parent(server, part), _surviving_sigterm():
                await server.serve(part.sockets)


async def _first_steps(runtime: Runtime, settings: Settings, part: ProcessRole) -> bool:
    """Whether the link for the first administrator is needed."""
    if not settings.demo_mode:
        return await runtime.people.setup.offer(part.setup_digest)
    if part.seeds and await seed_demo(users=runtime.people.users, uploads=runtime.content.uploads):
        _log.info("demo_seeded")
    return False


def _apply_log_level(settings: Settings) -> None:
    configure_logging(settings.log_level, settings.log_format)


def _config(app: object, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # starlette's type instead of asgiref's
        host=settings.host,
        port=settings.port,
        http=http_protocol(),
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        ws="none",
        proxy_headers=False,  # done in `api.forwarded`
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_timeout_seconds,
    )


@asynccontextmanager
async def _announced(server: uvicorn.Server, part: ProcessRole, *, setup: bool) -> AsyncIterator[None]:
    """Announces the address once the server accepts requests."""
    task = asyncio.create_task(_announce(server, part, setup=setup))
    try:
        yield
    finally:
        task.cancel()
        _log.info("stopped")


async def _announce(server: uvicorn.Server, part: ProcessRole, *, setup: bool) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn only has a flag, no event
        await asyncio.sleep(0.02)
    part.ready(server.servers[0].sockets[0].getsockname()[1], setup)


@contextmanager
def _with_parent(server: uvicorn.Server, part: ProcessRole) -> Iterator[None]:
    """A worker whose parent is gone stops, because nothing else would ever stop it."""
    if part.parent is None:
        yield
        return
    loop, pipe = asyncio.get_running_loop(), part.parent

    def gone() -> None:
        loop.remove_reader(pipe)
        _log.warning("parent_gone")
        server.should_exit = True

    loop.add_reader(pipe, gone)
    try:
        yield
    finally:
        loop.remove_reader(pipe)


@contextmanager
def _surviving_sigterm() -> Iterator[None]:
    """The server stops on the signal and then raises it again, which would end the process before it has cleaned up."""
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
