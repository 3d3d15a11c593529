"""What aishare adds to the HTTP server: files sent by the kernel, an end to slow headers, larger reads of uploads.

uvicorn takes the protocol by its public `http` option. The protocol leans on names inside uvicorn's own httptools
protocol; where one of them is missing, `http_protocol` answers with uvicorn's, and everything works, only slower.
"""

import asyncio

import structlog

_log = structlog.get_logger(__name__)


def http_protocol() -> type[asyncio.Protocol] | str:
    """What to give to uvicorn as `http`."""
    try:
        from aishare.api.http.server import protocol  # noqa: PLC0415 - it fails to import where uvicorn differs
    except (ImportError, AttributeError) as error:
        _log.warning("server_protocol_unknown", problem=str(error))
        return "auto"
    missing = protocol.missing_names()
    if missing:
        _log.warning("server_protocol_unknown", problem=f"uvicorn lacks {', '.join(sorted(missing))}")
        return "auto"
    return protocol.Protocol
