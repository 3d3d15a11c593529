"""A limit of bytes per second that can be changed at any time."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

_PATIENCE_SECONDS: Final = 0.5
"""A new rate takes effect within this time."""


class Pacer:
    """A token bucket that holds at most one second. Rate None: no limit."""

    def __init__(self, bytes_per_second: int | None = None, *, now: Callable[[], float] = time.monotonic) -> None:
        self.bytes_per_second = bytes_per_second
        self._now = now
        self._tokens = 0.0
        self._at = now()

    async def __call__(self, count: int) -> None:
        """Takes `count` bytes, immediately if there is anything in the bucket, which may go into debt."""
        while (missing := self._refill()) > 0:  # noqa: ASYNC110 - only time passes, there is no event
            await asyncio.sleep(min(missing, _PATIENCE_SECONDS))
        self._tokens -= count

    def _refill(self) -> float:
        """Seconds until more may pass."""
        rate, now = self.bytes_per_second, self._now()
        elapsed, self._at = now - self._at, now
        if rate is None:
            self._tokens = 0.0
            return 0.0
        self._tokens = min(self._tokens + elapsed * rate, float(rate))
        return max(-self._tokens / rate, 0.0)
