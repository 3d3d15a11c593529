"""Closes when its last operation has ended: a reload replaces a storage while downloads are still running."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aishare.storage.base import BaseStorageBackend
from aishare.storage.wrappers.wrapping import SurroundingBackend


class LingeringBackend(SurroundingBackend):
    """`aclose` waits. Cancelling it closes at once: operations that are still running then fail."""

    def __init__(self, inner: BaseStorageBackend) -> None:
        super().__init__(inner)
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def aclose(self) -> None:
        try:
            await self._idle.wait()
        finally:
            await self._inner.aclose()

    @contextmanager
    def _operation(self) -> Iterator[None]:
        self._running += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()
