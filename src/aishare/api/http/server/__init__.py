"""Additions to the HTTP server: files sent by the kernel, a time limit for headers, larger reads of uploads. uvicorn
accepts a protocol through its public `http` option.

Ours uses names inside uvicorn's own httptools protocol; if one of them is missing, `http_protocol` returns uvicorn's,
and everything works, only slower.
"""

import asyncio

import structlog

_log = structlog.get_logger(__name__)


def http_protocol() -> type[asyncio.Protocol] | str:
    """The value of uvicorn's `http` option."""
    try:
        from aishare.api.http.server import protocol  # noqa: PLC0415 - the import fails if uvicorn differs
    except (ImportError, AttributeError) as error:
        _log.warning("server_protocol_unknown", problem=str(error))
        return "auto"
    missing = protocol.missing_names()
    if missing:
        _log.warning("server_protocol_unknown", problem=f"uvicorn lacks {', '.join(sorted(missing))}")
        return "auto"
    return protocol.Protocol
