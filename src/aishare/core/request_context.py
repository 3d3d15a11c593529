"""The client address of the current request, for the audit log."""

from contextvars import ContextVar
from typing import Final

from aishare.core.logs import request_id

client_address: Final[ContextVar[str]] = ContextVar("client_address")
"""The client address of the current request. Set by the request layer, like `request_id`."""


def current_address() -> str | None:
    """None outside of a request: in a command or in background work."""
    return client_address.get(None)


def current_request_id() -> str | None:
    """None in the same cases."""
    return request_id.get(None)
