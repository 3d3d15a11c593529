"""A storage to be activated is recognised, claimed, and recorded as the active location."""

import structlog

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.integrity import locations
from aishare.catalogue.integrity.locations import Location
from aishare.core.clock import utc_now
from aishare.core.errors import AishareError
from aishare.runtime.expected import expected_location
from aishare.runtime.foundation import Foundation
from aishare.runtime.marker import Ownership
from aishare.runtime.places import fingerprint_of, open_backend, open_place, open_spool, spool_marker
from aishare.runtime.wiring import marker_service
from aishare.services.content.storage import OpenLocation
from aishare.settings.catalog import Settings
from aishare.settings.sealing import seal
from aishare.storage.base import BaseStorageBackend
from aishare.storage.wrappers.lingering import LingeringBackend

_log = structlog.get_logger(__name__)


def make_ownership(settings: Settings, foundation: Foundation) -> Ownership:
    """Ownership of the storage that will be active."""
    return Ownership(marker_service(settings, foundation))


async def activate(settings: Settings, foundation: Foundation, ownership: Ownership) -> OpenLocation:
    """Claimed before it is recorded: a storage of another installation leaves no trace here. Raises LocationOwned."""
    wanted, backend = await opened(settings, foundation)
    try:
        claimed = await ownership.claim(backend, fingerprint=wanted.fingerprint)
        row = await foundation.catalogue.write(
            lambda connection: _written(connection, wanted, sealed=seal(settings), claimed=claimed)
        )
    except BaseException:
        await backend.aclose()
        raise
    ownership.use(backend, fingerprint=wanted.fingerprint, claimed=claimed)
    return OpenLocation(row, LingeringBackend(backend))


async def opened(settings: Settings, foundation: Foundation) -> tuple[Location, BaseStorageBackend]:
    """The configured storage, and its row, which is only a proposal if the place is new."""
    known = await expected_location(settings, foundation.catalogue)
    if known is not None:
        backend = await open_backend(settings, foundation.metrics, foundation.reserve, fingerprint=known.fingerprint)
        return known, backend
    place = await open_place(settings, foundation.metrics, foundation.reserve)
    return place.row, place.backend


async def known_spool(settings: Settings, catalogue: Catalogue) -> bool:
    """Whether the spool of this data folder may contain files."""
    marker = await spool_marker(settings)
    if marker is None:
        return False
    fingerprint = fingerprint_of("local", f"spool:{marker}")
    row = await catalogue.read(lambda connection: locations.by_fingerprint(connection, fingerprint))
    return row is not None


async def opened_spool(settings: Settings, foundation: Foundation) -> OpenLocation:
    """The spool of this data folder, created and recorded if necessary."""
    place = await open_spool(settings, foundation.metrics, foundation.reserve)
    try:
        row = await foundation.catalogue.write(lambda connection: locations.put_location(connection, place.row))
    except AishareError:
        await place.backend.aclose()
        raise
    return OpenLocation(row, LingeringBackend(place.backend))


def _written(connection: Connection, wanted: Location, *, sealed: bytes, claimed: bool) -> Location:
    before = locations.active_location(connection)
    row = locations.activate_location(connection, wanted, sealed=sealed)
    if claimed:
        locations.note_claim(connection, row.fingerprint, now=utc_now())
    if before is not None and before.id != row.id:
        _log.warning("storage_changed", before=before.id, before_label=before.label, now=row.id, now_label=row.label)
    return row
