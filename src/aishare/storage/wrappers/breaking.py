"""A circuit breaker: while a storage is unavailable, requests fail at once, and it is checked in the background.

Michael Nygard, "Release It!", Circuit Breaker. A failed operation does not open the circuit itself: it makes the
circuit check the storage, so that a single broken connection does not stop everyone.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import structlog

from aishare.core.clock import utc_now
from aishare.core.errors import (
    BackendDenied,
    BackendError,
    BackendTimeout,
    BackendUnavailable,
    BucketNotFound,
    LocationUnavailable,
    ObjectNotFound,
    WrongRegion,
)
from aishare.core.keys import Key
from aishare.storage.base import BaseStorageBackend, ObjectInfo, Outage, Source
from aishare.storage.checks.ping import PING_KEY, ping
from aishare.storage.wrappers.wrapping import SurroundingBackend

_log = structlog.get_logger(__name__)

_TELLING: Final = (BackendUnavailable, BackendDenied, BucketNotFound, WrongRegion)
"""Errors after which the storage is checked."""

CHECK_SECONDS: Final = 3.0
"""How long a storage may take to respond to a check."""

_ASKS: Final = 3
"""Requests sent during a check; the first response counts. A single request could be lost, or return a result that is
already out of date.
"""

_QUIET_SECONDS: Final = 5.0

_HOPELESS_CHECKS: Final = 2
"""After this many failed checks in a row, running writes are cancelled. A single failure may be chance."""


def is_outage(error: BaseException) -> bool:
    """Whether this error may mean that the storage as a whole does not work."""
    return isinstance(error, _TELLING) and not isinstance(error, LocationUnavailable)


class BreakingBackend(SurroundingBackend):
    """Must be outermost: requests that it refuses must not be retried inside."""

    def __init__(
        self,
        inner: BaseStorageBackend,
        *,
        check_seconds: float = CHECK_SECONDS,
        always: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`always`: `watch` checks each time, for a storage where a check costs nothing."""
        super().__init__(inner)
        self.circuit = self
        self._check_seconds = check_seconds
        self._always = always
        self.outage: Outage | None = None
        self._clock = clock
        self._worked_at = float("-inf")
        self._writes_failed = False
        self._running = 0
        self._failed_checks = 0
        self._hopeless = asyncio.Event()
        """Set after several failed checks in a row: requests stop waiting for the storage."""
        self._checking: asyncio.Task[None] | None = None

    @property
    def idle_seconds(self) -> float:
        """Time since its last successful operation."""
        return self._clock() - self._worked_at

    async def check(self) -> None:
        """Checks the storage now; `outage` contains the result. Parallel calls share one check."""
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._check())
        await asyncio.shield(self._checking)

    def suspect(self, *, writes: bool) -> None:
        """Checks soon, without waiting for the result; with a write if a write failed."""
        self._writes_failed = self._writes_failed or writes
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._check())

    async def watch(self) -> None:
        """Checks while it does not work, and if operations are running and none has ended for a while: it may be
        hanging.
        """
        hangs = self._running and self.idle_seconds > _QUIET_SECONDS
        if self._always or self.outage is not None or hangs:
            await self.check()

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        with self._operation(writes=True):
            return await self._unless_hopeless(self._inner.put(key, source, size=size, content_type=content_type))

    async def aclose(self) -> None:
        if self._checking is not None:
            self._checking.cancel()
        await super().aclose()

    @contextmanager
    def _operation(self, *, writes: bool = False) -> Iterator[None]:
        if self.outage is not None:
            raise BackendUnavailable(
                f"The storage is unavailable at the moment: {self.outage.reason}", hint=self.outage.hint
            )
        self._running += 1
        try:
            yield
        except ObjectNotFound:
            self._worked_at = self._clock()
            raise
        except BackendError as error:
            if is_outage(error):
                self.suspect(writes=writes)
            raise
        else:
            self._worked_at = self._clock()
        finally:
            self._running -= 1

    async def _unless_hopeless(self, work: Coroutine[Any, Any, ObjectInfo]) -> ObjectInfo:
        """A write has no deadline, because large content takes long; but it does not wait for a storage
        that is gone.
        """
        working = asyncio.create_task(work)
        hopeless = asyncio.create_task(self._hopeless.wait())
        try:
            await asyncio.wait({working, hopeless}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
        finally:
            hopeless.cancel()
            if not working.done():
                working.cancel()
                await asyncio.wait({working})
        raise BackendUnavailable("The storage became unavailable during a write.")

    async def _check(self) -> None:
        before = self.outage
        try:
            async with asyncio.timeout(self._check_seconds):
                await self._first_answer()
        except TimeoutError:
            self._note(BackendTimeout(f"It did not respond within {self._check_seconds:g} seconds."))
            if before is None:  # again at once: it may have recovered since the last request
                self._checking = asyncio.create_task(self._check())
        except BackendError as error:
            self._note(error)
        else:
            self._note(None)

    async def _first_answer(self) -> None:
        asks = [asyncio.create_task(self._ask(number * self._check_seconds / _ASKS)) for number in range(_ASKS)]
        try:
            await next(asyncio.as_completed(asks))
        finally:
            for ask in asks:
                ask.cancel()
            await asyncio.gather(*asks, return_exceptions=True)

    async def _ask(self, delay_seconds: float) -> None:
        """The smallest sufficient request: a lookup; after a failed write, a write."""
        await asyncio.sleep(delay_seconds)
        if self._writes_failed:
            source = Source(_nothing, rewindable=True)
            await self._inner.put(PING_KEY, source, size=0, content_type="application/octet-stream")
            await self._inner.delete(PING_KEY)
        else:
            await ping(self._inner, seconds=self._check_seconds)

    def _note(self, error: BackendError | None) -> None:
        before = self.outage
        self._failed_checks = 0 if error is None else self._failed_checks + 1
        if error is None:
            self._hopeless.clear()
            self.outage, self._writes_failed, self._worked_at = None, False, self._clock()
        else:
            since: datetime = before.since if before is not None else utc_now()
            self.outage = Outage(error.code, error.message, since, error.hint)
            if self._failed_checks >= _HOPELESS_CHECKS:
                self._hopeless.set()
        if (before is None) != (self.outage is None):
            event = "storage_works_again" if self.outage is None else "storage_does_not_work"
            _log.warning(event, location=self.label, code=error.code if error else None)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""
