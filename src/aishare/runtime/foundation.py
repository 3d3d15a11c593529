"""What all configurations of a process share: the database, pools, metrics. Opened once."""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from aishare.core.clock import utc_now
from aishare.images.renderer import image_pool
from aishare.previews.looking import reader_pool
from aishare.sandbox.pool import Pool
from aishare.services.configuration.secret_key import refuse_other_key
from aishare.services.integrity.disks import DiskMetrics
from aishare.services.moving.spool import SpoolMetrics
from aishare.services.people.passwords import PasswordService
from aishare.services.people.setup import SetupLink
from aishare.services.previews.previews import Refusals
from aishare.services.previews.thumbnails import Flights, ThumbnailMetrics
from aishare.settings.catalog import Settings
from aishare.storage.flow.holding import HoldingSpace
from aishare.storage.flow.reserve import DiskReserve
from aishare.storage.wrappers.measured import StorageMetrics


@dataclass(frozen=True, slots=True)
class Foundation:
    """What every configuration of this process shares; changing it requires a restart."""

    catalogue: Catalogue
    passwords: PasswordService
    registry: CollectorRegistry
    metrics: StorageMetrics
    setup_link: SetupLink
    spool_metrics: SpoolMetrics
    readers: Pool
    refused_previews: Refusals
    flights: Flights
    room: HoldingSpace
    reserve: DiskReserve
    disk_metrics: DiskMetrics
    node: str
    """Name of this process in leases; stays the same after a restart if the port is fixed."""


@asynccontextmanager
async def open_foundation(settings: Settings, *, worker: int | None = None) -> AsyncIterator[Foundation]:
    """Opens the database, and closes it at the end."""
    async with AsyncExitStack() as stack:
        catalogue = await open_catalogue(settings.effective_database_url.get_secret_value())
        stack.push_async_callback(catalogue.aclose)
        await refuse_other_key(catalogue, settings, utc_now)
        passwords = PasswordService()
        stack.callback(passwords.close)
        readers = reader_pool()
        stack.push_async_callback(readers.aclose)
        registry = CollectorRegistry()
        reserve = DiskReserve(settings.disk_reserve_bytes)
        flights = Flights(image_pool(share=settings.workers), ThumbnailMetrics(registry))
        stack.push_async_callback(flights.aclose)
        yield Foundation(
            catalogue,
            passwords,
            registry,
            StorageMetrics(registry),
            SetupLink(),
            SpoolMetrics(registry),
            readers,
            Refusals(),
            flights,
            HoldingSpace(folder=settings.data_dir, reserve=reserve),
            reserve,
            DiskMetrics(registry),
            _node_of(settings, worker),
        )


def _node_of(settings: Settings, worker: int | None) -> str:
    """Two servers on one machine have two ports; without a fixed port, only the process id is left."""
    return f"{socket.gethostname()}:{settings.port or os.getpid()}" + ("" if worker is None else f":{worker}")
