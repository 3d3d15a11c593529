"""The storage locations for a command: the same as the server's, without changing the active one."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.integrity import locations
from aishare.core.errors import BackendError, CatalogueUnavailable, SettingProblem
from aishare.runtime.activation import opened
from aishare.runtime.expected import open_recognising, refuse_other_than_active
from aishare.runtime.foundation import Foundation
from aishare.runtime.locations import OpenLocations, StartFaults, standing_in
from aishare.runtime.places import open_trial
from aishare.services.content.storage import OpenLocation
from aishare.services.integrity.marker import refuse_anothers
from aishare.settings.catalog import Settings
from aishare.settings.sealing import seal
from aishare.storage.base import BaseStorageBackend
from aishare.storage.wrappers.lingering import LingeringBackend


@asynccontextmanager
async def attach_locations(
    settings: Settings, foundation: Foundation, *, problems: Sequence[SettingProblem] = ()
) -> AsyncIterator[OpenLocations]:
    """Raises InvalidSettings if these settings refer to another storage than the active one, LocationOwned if to one of
    another installation.
    """
    if problems:
        faults = StartFaults(tuple(problems), again=False)
        attached = OpenLocations(foundation, settings, standing_in(settings, faults), faults=faults)
    else:
        attached = OpenLocations(foundation, settings, await _active(settings, foundation))
    try:
        await attached.open_spool(settings, make=False)
        await attached.open_known()
        yield attached
    finally:
        await attached.aclose()


@asynccontextmanager
async def no_locations(settings: Settings, foundation: Foundation) -> AsyncIterator[OpenLocations]:
    """For commands that do not use the storage: none is opened or created."""
    faults = StartFaults((SettingProblem("This command does not open the storage."),), again=False)
    yield OpenLocations(foundation, settings, standing_in(settings, faults), faults=faults)


@asynccontextmanager
async def open_known_trial(settings: Settings, *, any_storage: bool = False) -> AsyncIterator[BaseStorageBackend]:
    """For a connection test by a command: if the folder is not the expected one, the test fails and writes nothing.

    Raises InvalidSettings for a folder while another storage is active, LocationOwned for the folder of another
    installation, unless `any_storage` may be tested. Without a database, or if it does not respond, anything may be
    tested, because the database may be part of the problem.
    """
    catalogue = await _catalogue_if_there(settings)
    if catalogue is None:
        backend = await open_trial(settings)
    else:
        try:
            backend = await _known_trial(settings, catalogue, any_storage=any_storage)
        finally:
            await catalogue.aclose()
    try:
        yield backend
    finally:
        await backend.aclose()


async def _known_trial(settings: Settings, catalogue: Catalogue, *, any_storage: bool) -> BaseStorageBackend:
    if settings.storage_type != "local" or any_storage:
        return await open_recognising(settings, catalogue)
    await refuse_other_than_active(settings, catalogue)
    backend = await open_recognising(settings, catalogue)
    try:
        with suppress(BackendError):  # the test itself reports this, step by step
            await refuse_anothers(backend, catalogue)
    except BaseException:
        await backend.aclose()
        raise
    return backend


async def _active(settings: Settings, foundation: Foundation) -> OpenLocation:
    await refuse_other_than_active(settings, foundation.catalogue)
    wanted, backend = await opened(settings, foundation)
    try:
        with suppress(BackendError):  # a missing one cannot be checked, and nothing happens to it
            await refuse_anothers(backend, foundation.catalogue)
        row = await foundation.catalogue.write(
            lambda connection: locations.find_or_first(connection, wanted, sealed=seal(settings))
        )
    except BaseException:
        await backend.aclose()
        raise
    return OpenLocation(row, LingeringBackend(backend))


async def _catalogue_if_there(settings: Settings) -> Catalogue | None:
    url = make_url(settings.effective_database_url.get_secret_value())
    if url.get_backend_name() == "sqlite" and not await asyncio.to_thread(Path(url.database or "").is_file):
        return None
    try:
        return await open_catalogue(settings.effective_database_url.get_secret_value())
    except CatalogueUnavailable:
        return None
