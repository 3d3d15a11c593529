"""What `aishare serve` prints at startup: its address, and the link for the first administrator."""

from typing import Final

import typer

from aishare import __version__
from aishare.core.logs import get_logger
from aishare.core.redaction import register_secrets
from aishare.settings.catalog import Settings

_log = get_logger(__name__)

_LOOPBACK_OF: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only compared, not used for listening
"""The address to open in a browser on this machine when the server listens on all addresses."""


def announce(settings: Settings, *, port: int, setup_token: str | None) -> None:
    """In the log, and on the console. `port` is the actual port."""
    _log.info(
        "serving",
        address=f"http://{_in_url(settings.host)}:{port}",
        version=__version__,
        storage=settings.storage_type,
        demo=settings.demo_mode,
        workers=settings.workers,
    )
    if setup_token is not None:
        _offer_setup(settings, setup_token, port=port)


def _offer_setup(settings: Settings, token: str, *, port: int) -> None:
    """The link is printed to standard output for people at the console; the log only records that there is one."""
    register_secrets([token])
    host = _LOOPBACK_OF.get(settings.host, settings.host)
    address = settings.public_url or f"http://{_in_url(host)}:{port}"
    lines = (
        "There are no users yet. Open this link to create the first administrator; it works only once:",
        f"{address}/setup#{token}",
    )
    typer.echo("\n" + "\n".join(f"  {line}" for line in lines) + "\n")
    _log.info("setup_offered")


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
