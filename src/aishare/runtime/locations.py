"""The open storage locations of this process: one stores new objects, the others can be read."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import structlog

from aishare.catalogue.integrity import locations
from aishare.catalogue.integrity.locations import Location
from aishare.core.clock import utc_now
from aishare.core.errors import (
    AishareError,
    BackendDenied,
    BackendError,
    BucketNotFound,
    InvalidSettings,
    LocationOwned,
    SettingProblem,
    StorageNotConfigured,
    UnknownAccessKey,
    WrongRegion,
    WrongSecret,
    with_advice,
)
from aishare.runtime.activation import activate, known_spool, make_ownership, opened_spool
from aishare.runtime.expected import expected_location
from aishare.runtime.foundation import Foundation
from aishare.runtime.marker import Ownership
from aishare.runtime.places import open_backend, storage_config
from aishare.runtime.wiring import marker_service
from aishare.services.content.storage import OpenLocation
from aishare.settings.catalog import Settings
from aishare.settings.sealing import is_sealed_by_older_key, seal, unseal
from aishare.storage.backends.absent import AbsentBackend
from aishare.storage.base import BaseStorageBackend, Outage
from aishare.storage.wrappers.lingering import LingeringBackend

_log = structlog.get_logger(__name__)

NOT_CONFIGURED: Final = "not-configured"
"""Used instead of an id if no storage is configured."""

BUCKET_OF: Final = {"s3": "S3_BUCKET_NAME", "s3_compatible": "S3_COMPATIBLE_BUCKET_NAME"}

_WRONG: Final = frozenset(
    error.code for error in (BackendDenied, WrongSecret, UnknownAccessKey, BucketNotFound, WrongRegion, BackendError)
)
"""Errors caused by wrong settings; BackendError itself means that something other than a storage responds, such as a
web console.
"""

_OTHER_SPOOL: Final = "This spool is in the data folder of another server, or in one that no longer exists."

_CLOSE_AFTER_SECONDS: Final = 30
"""A request that started before the switch may first use the old client later, when its body has arrived."""


@dataclass(frozen=True, slots=True)
class StartFaults:
    """What is wrong with the settings of the storage, or with the storage itself. `again`: the problem may be
    temporary.
    """

    problems: tuple[SettingProblem, ...]
    again: bool
    code: str = StorageNotConfigured.code


class OpenLocations:
    """Opened by `open_locations`, changed by `switch`. Earlier locations are opened from their encrypted settings."""

    def __init__(
        self,
        foundation: Foundation,
        settings: Settings,
        active: OpenLocation,
        *,
        ownership: Ownership | None = None,
        faults: StartFaults | None = None,
    ) -> None:
        self._foundation = foundation
        self._settings = settings
        self._ownership = ownership or make_ownership(settings, foundation)
        self._open = {active.row.id: active}
        self._closing: set[asyncio.Task[None]] = set()
        self._opening = asyncio.Lock()
        self.active = active
        self.spool: OpenLocation | None = None
        self.faults = faults
        """Why the configured storage could not be opened at startup; then no location is active."""
        self.problems: dict[str, str] = {}
        """Reasons why locations cannot be opened, by id."""

    @property
    def readable(self) -> Mapping[str, OpenLocation]:
        """By id, including the active one. A view that includes locations opened later."""
        return MappingProxyType(self._open)

    @property
    def refusal(self) -> Outage | None:
        """Why nothing may be written to the active location, whether it works or not."""
        return self._ownership.refusal

    @property
    def setting_problems(self) -> Sequence[SettingProblem]:
        """Why the storage settings could not be used at startup."""
        return () if self.faults is None else self.faults.problems

    async def claim(self) -> bool:
        """Claims the active location, if that was not possible before. Returns whether another one is active now,
        because an administrator has taken it over meanwhile.
        """
        if await self._is_another():
            await self.switch(self._settings)
            return True
        await self._ownership.retry()
        return False

    def differ(self, settings: Settings) -> bool:
        """Whether these settings refer to another storage, or access the same one differently."""
        return self.faults is not None or storage_config(settings) != storage_config(self._settings)

    async def open_spool(self, settings: Settings, *, make: bool = True) -> None:
        """The spool, if these settings need one or files are still in it."""
        needed = settings.storage_type != "local" or self.faults is not None
        if (make and needed and settings.storage_fallback == "spool") or await known_spool(
            settings, self._foundation.catalogue
        ):
            await self.spool_for_writes()

    async def spool_for_writes(self) -> OpenLocation:
        """Created when it is needed for the first time, because disks rarely disappear."""
        if self.spool is not None:
            return self.spool  # without waiting for a storage that is being opened, which may not respond
        async with self._opening:
            if self.spool is None:
                self.spool = await opened_spool(self._settings, self._foundation)
                self._open[self.spool.row.id] = self.spool
                self.problems.pop(self.spool.row.id, None)
            return self.spool

    async def switch(self, settings: Settings) -> None:
        """Makes the storage of these settings the active one.

        Raises, and changes nothing, if it cannot be opened or belongs to another installation (LocationOwned).
        """
        async with self._opening:
            active = await activate(settings, self._foundation, self._ownership)
            self._open.pop(NOT_CONFIGURED, None)
            replaced = self._open.get(active.row.id)
            self._open[active.row.id] = self.active = active
            self.problems.pop(active.row.id, None)
            self._settings, self.faults = settings, None
        if replaced is not None:
            self._close_later(replaced)

    async def open_known(self) -> None:
        """Opens every location that the database knows and this process does not; a broken one is recorded,
        not raised.
        """
        async with self._opening:
            for row, sealed in await self._foundation.catalogue.read(locations.sealed_configs):
                if row.id in self._open:
                    continue
                if sealed is not None:
                    await self._open_sealed(row, sealed)
                elif row.state == locations.SPOOL:
                    self.problems[row.id] = _OTHER_SPOOL

    async def aclose(self) -> None:
        """Immediately: the server has already waited for running requests."""
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
            backend = await open_backend(
                settings, self._foundation.metrics, self._foundation.reserve, fingerprint=row.fingerprint
            )
        except AishareError as error:
            if self.problems.get(row.id) != error.message:
                _log.warning("location_not_opened", location=row.id, message=error.message)
            self.problems[row.id] = error.message
            return
        self.problems.pop(row.id, None)
        self._open[row.id] = OpenLocation(row, LingeringBackend(backend))
        if is_sealed_by_older_key(sealed, self._settings):
            anew = seal(settings)
            await self._foundation.catalogue.write(
                lambda connection: locations.seal_anew(connection, row.id, old=sealed, new=anew)
            )

    async def _is_another(self) -> bool:
        """If nothing is active: whether that may have changed. For a missing disk: whether another has been mounted."""
        if self.faults is not None:
            return self.faults.again and not await self._belongs_to_another()
        if self._settings.storage_type != "local" or self.active.backend.circuit is None:
            return False
        if self.active.backend.circuit.outage is None:
            return False
        known = await expected_location(self._settings, self._foundation.catalogue)
        return known is not None and known.id != self.active.row.id

    async def _belongs_to_another(self) -> bool:
        """Checked without logging, because this may last for weeks."""
        try:
            _, ours = await marker_service(self._settings, self._foundation).owner(self._settings)
        except AishareError:
            return True
        return not ours

    def _close_later(self, replaced: OpenLocation) -> None:
        task = asyncio.create_task(_close_unused(replaced.backend))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


@asynccontextmanager
async def open_locations(
    settings: Settings, foundation: Foundation, *, problems: Sequence[SettingProblem] = ()
) -> AsyncIterator[OpenLocations]:
    """For a server: the configured storage becomes active.

    With `problems` in its settings, or if it is an S3 storage of another installation, there is no active storage, and
    files go to the spool; LocationOwned if that is not allowed.
    """
    ownership = make_ownership(settings, foundation)
    active, faults = await _active_or_faults(settings, foundation, ownership, problems)
    opened = OpenLocations(foundation, settings, active, ownership=ownership, faults=faults)
    try:
        await opened.open_spool(settings)
        await opened.open_known()
        yield opened
    finally:
        await opened.aclose()


async def _active_or_faults(
    settings: Settings, foundation: Foundation, ownership: Ownership, problems: Sequence[SettingProblem]
) -> tuple[OpenLocation, StartFaults | None]:
    if problems:
        return _none(settings, StartFaults(tuple(problems), again=False))
    try:
        return await _right_or_none(settings, await activate(settings, foundation, ownership)), None
    except (InvalidSettings, LocationOwned) as error:
        if settings.storage_fallback != "spool" or settings.storage_type == "local":
            raise
        return _none(settings, _faults_of(error, settings))


def _faults_of(error: InvalidSettings | LocationOwned, settings: Settings) -> StartFaults:
    """The first problem found by the S3 client itself, such as an AWS profile that does not exist."""
    if isinstance(error, InvalidSettings):
        return StartFaults(tuple(error.problems), again=False)
    problem = SettingProblem(with_advice(error.message, error.hint), BUCKET_OF[settings.storage_type])
    return StartFaults((problem,), again=True, code=error.code)


def _none(settings: Settings, faults: StartFaults) -> tuple[OpenLocation, StartFaults]:
    event = "storage_of_another" if faults.code == LocationOwned.code else "storage_not_configured"
    _log.error(event, problems=[str(problem) for problem in faults.problems])
    return standing_in(settings, faults), faults


async def _right_or_none(settings: Settings, active: OpenLocation) -> OpenLocation:
    """Without a spool, starting with wrong settings fails; starting with an unavailable storage does not."""
    circuit = active.backend.circuit
    outage = None if circuit is None or settings.storage_type == "local" else circuit.outage
    if settings.storage_fallback == "spool" or outage is None or outage.code not in _WRONG:
        return active
    await active.backend.aclose()
    text = with_advice(f"the storage rejected these settings: {outage.reason}", outage.hint)
    raise InvalidSettings([SettingProblem(text, "STORAGE_TYPE")])


def standing_in(settings: Settings, faults: StartFaults) -> OpenLocation:
    """Used instead of a storage that could not be opened."""
    reason = "The storage is not configured: " + "; ".join(str(problem) for problem in faults.problems)
    hint = "Correct these settings on the Environment page or in the settings file, then reload them."
    backend = AbsentBackend(reason, code=faults.code, hint=hint)
    row = Location(NOT_CONFIGURED, settings.storage_type, "Not configured", "", locations.ACTIVE, utc_now())
    return OpenLocation(row, backend)


async def _close(backend: BaseStorageBackend) -> None:
    await backend.aclose()


async def _close_unused(backend: BaseStorageBackend) -> None:
    """When nobody can use it any more and running requests have ended. If cancelled: immediately."""
    try:
        await asyncio.sleep(_CLOSE_AFTER_SECONDS)
    except asyncio.CancelledError:
        await asyncio.wait([asyncio.create_task(_close(backend))], timeout=0.1)
        raise
    await _close(backend)
