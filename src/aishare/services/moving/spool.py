"""The spool: keeps new files while the storage is unavailable, then moves them to the storage automatically."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Gauge

from aishare.catalogue.content import objects
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.database.session import Catalogue
from aishare.core.clock import Clock
from aishare.core.errors import AishareError
from aishare.core.sizes import KiB
from aishare.services.content import OpenLocation, StorageService
from aishare.services.moving.relocation import MoveOptions, Relocation

_log = structlog.get_logger(__name__)

_BATCH: Final = 64
_AT_ONCE: Final = 4
_MOVE_SECONDS: Final = 10.0
_SLOWEST: Final = 256 * KiB
"""Bytes per second. A slower connection probably stalled while the storage was down, so a new one is opened."""

_GRACE: Final = timedelta(seconds=60)
"""Downloads that started from the spool still find the file during this time, or continue from the storage."""


class SpoolMetrics:
    """The gauges, made once per registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.degraded = Gauge(
            "aishare_storage_degraded",
            "1 while the storage is unavailable.",
            registry=registry,
            multiprocess_mode="livemax",
        )
        self.objects = Gauge(
            "aishare_spool_objects", "Objects waiting in the spool.", registry=registry, multiprocess_mode="livemax"
        )
        self.bytes = Gauge(
            "aishare_spool_bytes", "Bytes waiting in the spool.", registry=registry, multiprocess_mode="livemax"
        )


class SpoolService:
    """`place` returns the spool of this node, if it has one; it may contain files even if it accepts no new ones."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        storage: StorageService,
        place: Callable[[], OpenLocation | None],
        metrics: SpoolMetrics,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._place = place
        self._metrics = metrics
        self._relocation = Relocation(catalogue=catalogue, clock=clock)

    async def drain(self) -> int:
        """Moves a batch to the active location if that works; returns how many were moved. Several processes may run
        this.
        """
        spool = self._place()
        if spool is None or spool.row.id == self._storage.active.row.id or self._storage.outage is not None:
            return 0
        waiting = await self._catalogue.read(
            lambda connection: objects.objects_after(connection, spool.row.id, after="", limit=_BATCH)
        )
        places = asyncio.Semaphore(_AT_ONCE)
        moved = await asyncio.gather(*(self._move(stored, spool, places) for stored in waiting))
        if any(moved):
            _log.info("spool_drained", objects=sum(moved), left=len(moved) - sum(moved))
        return sum(moved)

    async def observe(self) -> None:
        """Updates the gauges."""
        self._metrics.degraded.set(0 if self._storage.outage is None else 1)
        spool = self._place()
        if spool is None:
            return
        count, size = await self._catalogue.read(lambda connection: objects.live_content(connection, spool.row.id))
        self._metrics.objects.set(count)
        self._metrics.bytes.set(size)

    async def _move(self, stored: StoredObject, spool: OpenLocation, places: asyncio.Semaphore) -> bool:
        async with places:
            if self._storage.outage is not None:
                return False
            seconds = _MOVE_SECONDS + stored.digests.size_bytes / _SLOWEST
            try:
                async with asyncio.timeout(seconds):
                    return await self._relocation.relocate(stored, spool, self._storage.active, MoveOptions(_GRACE))
            except TimeoutError:
                _log.warning("drain_postponed", key=stored.key, code="storage_timeout")
            except AishareError as error:
                _log.warning("drain_postponed", key=stored.key, code=error.code, message=error.message)
            return False
