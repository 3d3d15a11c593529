"""`aishare serve`."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
import uvicorn
import uvloop

from aishare import __version__
from aishare.api.app import create_app
from aishare.api.server import http_protocol
from aishare.api.web import WEB_ROOT, WebApp
from aishare.cli import options
from aishare.core.logs import configure_logging, get_logger, install_hooks, register_secrets
from aishare.jobs import jobs
from aishare.runtime import background, open_live
from aishare.services.demo import seed_demo
from aishare.services.environment import ReadSettings
from aishare.settings.catalog import Settings
from aishare.settings.load import NOTHING_REPLACED, LoadedSettings
from aishare.settings.secrets import secret_values

_log = get_logger(__name__)

_KEEP_ALIVE_SECONDS: Final = 75
"""Longer than the 60 s after which most reverse proxies drop an idle connection, so that they close first."""

_LOOPBACK_OF: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on
"""What a browser on this machine opens for "all addresses", which are none to go to."""


def serve(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Demo users and sample files (DEMO_MODE).")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on (HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (PORT).")] = None,
    data_dir: options.DataDir = None,
    env_file: options.EnvFile = None,
) -> None:
    """Serve aishare until it is told to stop; then running transfers may finish."""

    def read(replaced: Mapping[Path, bytes] = NOTHING_REPLACED, /) -> LoadedSettings:
        return options.load(
            env_file=env_file,
            data_dir=data_dir,
            replaced=replaced,
            host=host,
            port=None if port is None else str(port),
            demo_mode="true" if demo else None,
        )

    loaded = read()
    settings = loaded.settings
    register_secrets(secret_values(settings))
    configure_logging(settings.log_level, settings.log_format)
    install_hooks()
    for warning in loaded.warnings:
        _log.warning("settings_warning", message=warning)
    uvloop.run(_serve(loaded, read))


async def _serve(loaded: LoadedSettings, read: ReadSettings) -> None:
    settings = loaded.settings
    async with open_live(loaded, read=read, applied=_apply_log_level) as live, background(live), jobs(live):
        runtime = live.current
        if settings.demo_mode and await seed_demo(users=runtime.users, uploads=runtime.uploads):
            _log.info("demo_seeded")
        setup_token = None if settings.demo_mode else await runtime.setup.offer()
        server = uvicorn.Server(_config(create_app(live, web=WebApp(WEB_ROOT)), settings))
        gc.collect()
        gc.freeze()  # modules and routes stay for good: looking through them for garbage stops all requests for 0.1 s
        async with _announced(server, settings, setup_token):
            await server.serve()


def _apply_log_level(settings: Settings) -> None:
    configure_logging(settings.log_level, settings.log_format)


def _config(app: object, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # ours is typed by starlette, theirs by asgiref
        host=settings.host,
        port=settings.port,
        http=http_protocol(),
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_timeout_seconds,
    )


@asynccontextmanager
async def _announced(server: uvicorn.Server, settings: Settings, setup_token: str | None) -> AsyncIterator[None]:
    """Says where the service is, once it really is there."""
    task = asyncio.create_task(_announce(server, settings, setup_token))
    try:
        yield
    finally:
        task.cancel()
        _log.info("stopped")


async def _announce(server: uvicorn.Server, settings: Settings, setup_token: str | None) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag and no event
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    _log.info(
        "serving",
        address=f"http://{host}:{port}",
        version=__version__,
        storage=settings.storage_type,
        demo=settings.demo_mode,
    )
    if setup_token is not None:
        _offer_setup(settings, setup_token, port=port)


def _offer_setup(settings: Settings, token: str, *, port: int) -> None:
    """The link is for people at the console, on standard output; the log only learns that there is one."""
    register_secrets([token])
    host = _LOOPBACK_OF.get(settings.host, settings.host)
    address = settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    lines = ("No users yet. Open this link to make the first administrator; it works once:", f"{address}/setup#{token}")
    typer.echo("\n" + "\n".join(f"  {line}" for line in lines) + "\n")
    _log.info("setup_offered")
