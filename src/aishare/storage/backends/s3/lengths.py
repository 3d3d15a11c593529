"""Checks that as many bytes arrive as announced, and no more than S3 allows."""

from typing import Final

from aishare.core.errors import LengthMismatch
from aishare.core.sizes import TiB

MAX_OBJECT_BYTES: Final = 5 * TiB


def check_length(received: int, announced: int | None) -> None:
    """While they arrive. Raises LengthMismatch if there are too many."""
    if announced is not None and received > announced:
        raise LengthMismatch(f"Received more than the announced {announced} bytes.")
    if received > MAX_OBJECT_BYTES:
        raise LengthMismatch("The object is larger than S3 allows.")


def check_end(received: int, announced: int | None) -> None:
    """When all have arrived. Raises LengthMismatch unless there are as many as announced."""
    check_length(received, announced)
    if announced is not None and received != announced:
        raise LengthMismatch(f"Received {received} bytes instead of {announced}.")
