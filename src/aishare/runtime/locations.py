"""The open locations of this process: one takes new objects, the others give out what lies in them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import structlog

from aishare.catalogue import locations
from aishare.catalogue.locations import Location
from aishare.catalogue.session import Connection
from aishare.core.errors import AishareError
from aishare.runtime.marker import Ownership
from aishare.runtime.places import Place, open_place, open_spool, storage_config
from aishare.runtime.wiring import Foundation, marker_service
from aishare.services.storage import OpenLocation
from aishare.settings.catalog import Settings
from aishare.settings.sealing import is_sealed_by_older_key, seal, unseal
from aishare.storage.base import BaseStorageBackend, Outage
from aishare.storage.lingering import LingeringBackend

_log = structlog.get_logger(__name__)

_CLOSE_AFTER_SECONDS: Final = 30
"""A request that began before the switch may use its client for the first time a while later: after its body came."""


class OpenLocations:
    """Opened by `open_locations`, changed by `switch`. Earlier locations are opened from their sealed settings."""

    def __init__(
        self, foundation: Foundation, settings: Settings, active: OpenLocation, ownership: Ownership | None = None
    ) -> None:
        self._foundation = foundation
        self._settings = settings
        self._ownership = ownership or _ownership(settings, foundation)
        self._open = {active.row.id: active}
        self._closing: set[asyncio.Task[None]] = set()
        self._opening = asyncio.Lock()
        self.active = active
        self.spool: OpenLocation | None = None
        self.problems: dict[str, str] = {}
        """Of locations that can not be opened, by id."""

    @property
    def readable(self) -> Mapping[str, OpenLocation]:
        """By id, the active one among them. A view: locations opened later show."""
        return MappingProxyType(self._open)

    @property
    def refusal(self) -> Outage | None:
        """Why nothing may be written to the active one, whether it works or not."""
        return self._ownership.refusal

    async def claim(self) -> None:
        """Mark the active one as ours, if that could not be done before."""
        await self._ownership.retry()

    def differ(self, settings: Settings) -> bool:
        """Whether these settings lead to another storage, or to the same in another way."""
        return storage_config(settings) != storage_config(self._settings)

    async def open_spool(self, settings: Settings) -> None:
        """Where files may have to wait under these settings, or still do."""
        rows = await self._foundation.catalogue.read(locations.sealed_configs)
        known = any(row.state == locations.SPOOL for row, _ in rows)
        wanted = settings.storage_fallback == "spool" and settings.storage_type != "local"
        if self.spool is not None or not (known or wanted):
            return
        place = await open_spool(settings, self._foundation.metrics, self._foundation.reserve)
        new = replace(place.as_location(), state=locations.SPOOL)
        row = await _written(self._foundation, place, lambda connection: locations.put_location(connection, new))
        self._open[row.id] = self.spool = OpenLocation(row, LingeringBackend(place.backend))

    async def switch(self, settings: Settings) -> None:
        """Make the storage of these settings the active one.

        Raises, and changes nothing, if it can not be opened or is another's (LocationOwned).
        """
        async with self._opening:
            active = await _activate(settings, self._foundation, self._ownership)
            replaced = self._open.get(active.row.id)
            self._open[active.row.id] = self.active = active
            self._settings = settings
        if replaced is not None:
            self._close_later(replaced)

    async def open_known(self) -> None:
        """Open every location that the database knows and this process does not; a broken one is noted, not raised."""
        async with self._opening:
            for row, sealed in await self._foundation.catalogue.read(locations.sealed_configs):
                if row.id not in self._open and sealed is not None:
                    await self._open_sealed(row, sealed)

    async def aclose(self) -> None:
        """At once: the server has waited for what runs as long as it is to wait."""
        for task in self._closing:
            task.cancel()
        backends = [location.backend for location in self._open.values()]
        closing = [asyncio.create_task(_close(backend)) for backend in backends]
        _, late = await asyncio.wait(closing, timeout=1)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._closing, *closing, return_exceptions=True)

    async def _open_sealed(self, row: Location, sealed: bytes) -> None:
        try:
            settings = await asyncio.to_thread(unseal, sealed, self._settings)
            place = await open_place(settings, self._foundation.metrics, self._foundation.reserve)
        except AishareError as error:
            if self.problems.get(row.id) != error.message:
                _log.warning("location_not_opened", location=row.id, message=error.message)
            self.problems[row.id] = error.message
            return
        self.problems.pop(row.id, None)
        self._open[row.id] = OpenLocation(row, LingeringBackend(place.backend))
        if is_sealed_by_older_key(sealed, self._settings):
            anew = seal(settings)
            await self._foundation.catalogue.write(
                lambda connection: locations.seal_anew(connection, row.id, old=sealed, new=anew)
            )

    def _close_later(self, replaced: OpenLocation) -> None:
        task = asyncio.create_task(_close_unused(replaced.backend))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


@asynccontextmanager
async def open_locations(settings: Settings, foundation: Foundation) -> AsyncIterator[OpenLocations]:
    """For a server: the configured storage is the active one from now on. Raises LocationOwned if it is another's."""
    ownership = _ownership(settings, foundation)
    opened = OpenLocations(foundation, settings, await _activate(settings, foundation, ownership), ownership)
    try:
        await opened.open_known()
        await opened.open_spool(settings)
        yield opened
    finally:
        await opened.aclose()


@asynccontextmanager
async def attach_locations(settings: Settings, foundation: Foundation) -> AsyncIterator[OpenLocations]:
    """For a command beside a server: which location is active stays as it is."""
    place = await open_place(settings, foundation.metrics, foundation.reserve)
    wanted = place.as_location()
    row = await _written(foundation, place, lambda connection: locations.find_or_first(connection, wanted))
    opened = OpenLocations(foundation, settings, OpenLocation(row, LingeringBackend(place.backend)))
    try:
        await opened.open_known()
        yield opened
    finally:
        await opened.aclose()


async def _activate(settings: Settings, foundation: Foundation, ownership: Ownership) -> OpenLocation:
    """Claimed before it is written down: what is another's leaves no trace here."""
    place = await open_place(settings, foundation.metrics, foundation.reserve)
    claimed = await _claimed(ownership, place)
    wanted, sealed = place.as_location(), seal(settings)
    row = await _written(
        foundation, place, lambda connection: locations.activate_location(connection, wanted, sealed=sealed)
    )
    ownership.use(place.backend, claimed=claimed)
    return OpenLocation(row, LingeringBackend(place.backend))


def _ownership(settings: Settings, foundation: Foundation) -> Ownership:
    return Ownership(marker_service(settings, foundation))


async def _claimed(ownership: Ownership, place: Place) -> bool:
    try:
        return await ownership.claim(place.backend)
    except BaseException:
        await place.backend.aclose()
        raise


async def _written(foundation: Foundation, place: Place, change: Callable[[Connection], Location]) -> Location:
    try:
        return await foundation.catalogue.write(change)
    except AishareError:
        await place.backend.aclose()
        raise


async def _close(backend: BaseStorageBackend) -> None:
    await backend.aclose()


async def _close_unused(backend: BaseStorageBackend) -> None:
    """When nobody can begin to use it any more, and what runs has ended. Cancelled: at once."""
    try:
        await asyncio.sleep(_CLOSE_AFTER_SECONDS)
    except asyncio.CancelledError:
        await asyncio.wait([asyncio.create_task(_close(backend))], timeout=0.1)
        raise
    await _close(backend)
