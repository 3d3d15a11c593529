"""The open locations of this process: one takes new objects, the others give out what lies in them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aishare.catalogue import locations
from aishare.core.errors import AishareError
from aishare.runtime.places import open_place, storage_config
from aishare.runtime.wiring import Foundation
from aishare.services.storage import OpenLocation
from aishare.settings.catalog import Settings
from aishare.storage.base import BaseStorageBackend
from aishare.storage.lingering import LingeringBackend


class OpenLocations:
    """Opened by `open_locations`, changed by `switch`. A location of before stays readable while the process runs."""

    def __init__(self, foundation: Foundation, settings: Settings, active: OpenLocation) -> None:
        self._foundation = foundation
        self._settings = settings
        self._open = {active.row.id: active}
        self._closing: set[asyncio.Task[None]] = set()
        self.active = active

    @property
    def readable(self) -> Mapping[str, OpenLocation]:
        """By id, the active one among them. A copy: later changes do not show."""
        return dict(self._open)

    def differ(self, settings: Settings) -> bool:
        """Whether these settings lead to another storage, or to the same in another way."""
        return storage_config(settings) != storage_config(self._settings)

    async def switch(self, settings: Settings) -> None:
        """Make the storage of these settings the active one. Raises, and changes nothing, if it can not be opened."""
        active = await _activate(settings, self._foundation)
        replaced = self._open.get(active.row.id)
        self._open[active.row.id] = self.active = active
        self._settings = settings
        if replaced is not None:
            task = asyncio.create_task(_close(replaced.backend))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

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


@asynccontextmanager
async def open_locations(settings: Settings, foundation: Foundation) -> AsyncIterator[OpenLocations]:
    """The configured storage, open; closed in the end together with those that came later."""
    opened = OpenLocations(foundation, settings, await _activate(settings, foundation))
    try:
        yield opened
    finally:
        await opened.aclose()


async def _activate(settings: Settings, foundation: Foundation) -> OpenLocation:
    place = await open_place(settings, foundation.metrics)
    wanted = place.as_location()
    try:
        row = await foundation.catalogue.write(lambda connection: locations.activate_location(connection, wanted))
    except AishareError:
        await place.backend.aclose()
        raise
    return OpenLocation(row, LingeringBackend(place.backend))


async def _close(backend: BaseStorageBackend) -> None:
    await backend.aclose()
