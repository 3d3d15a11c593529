"""The client address of the current request, for the audit log."""

from contextvars import ContextVar
from typing import Final

from aishare.core.logs import request_id

client_address: Final[ContextVar[str]] = ContextVar("client_address")
"""The address of the client whose request is answered. Set by the request layer, like `request_id`."""


def current_address() -> str | None:
    """None where no request is behind the work: a command, or work in the background."""
    return client_address.get(None)


def current_request_id() -> str | None:
    """None for the same reason."""
    return request_id.get(None)
