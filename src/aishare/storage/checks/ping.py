"""Checks whether a storage responds, with the smallest possible request."""

import asyncio
from typing import Final

from aishare.core.errors import BackendTimeout, ObjectNotFound
from aishare.core.keys import parse_key
from aishare.storage.base import BaseStorageBackend

PING_KEY: Final = parse_key("objects/ping")
"""No object has this name; a request for it is cheap and shows that the storage responds."""


async def ping(backend: BaseStorageBackend, *, seconds: float) -> None:
    """Raises what is wrong, BackendTimeout if nothing comes within `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await backend.stat(PING_KEY)
    except ObjectNotFound:
        return
    except TimeoutError:
        raise BackendTimeout(f"The storage {backend.label} did not respond within {seconds:g} seconds.") from None
