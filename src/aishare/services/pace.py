"""A limit of bytes per second that can change while it is obeyed."""

import asyncio
import time
from collections.abc import Callable


class Pace:
    """A bucket of tokens: a second's worth may go at once, what is beyond waits. Without a limit nothing waits."""

    def __init__(self, bytes_per_second: int | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = bytes_per_second
        self._clock = clock
        self._free_at = 0.0
        """When all bytes taken so far are paid for."""

    def change(self, bytes_per_second: int | None) -> None:
        """From now on."""
        if bytes_per_second != self._limit:
            self._limit = bytes_per_second
            self._free_at = self._clock()

    async def take(self, size_bytes: int) -> None:
        """Waits until so many bytes may go."""
        if self._limit is None:
            return
        self._free_at = max(self._free_at, self._clock() - 1) + size_bytes / self._limit
        while (wait := self._waiting_seconds()) > 0:  # noqa: ASYNC110 - a new limit is heard of within a second
            await asyncio.sleep(min(wait, 1))

    def _waiting_seconds(self) -> float:
        return 0.0 if self._limit is None else self._free_at - self._clock()
