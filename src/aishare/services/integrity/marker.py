"""The owner of a storage: claiming it for this installation, and taking it over from another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from aishare.catalogue.configuration.installation import find_installation, make_installation
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.integrity import locations
from aishare.catalogue.people.audit import COMMAND_LINE, AuditEntry, append_audit
from aishare.catalogue.people.users import User
from aishare.core.clock import Clock
from aishare.core.errors import BackendTimeout, BackendUnavailable
from aishare.settings.catalog import Settings
from aishare.storage.base import BaseStorageBackend
from aishare.storage.checks.marker import Owner, claim, owned_by, owner_of, read_owner

_SECONDS: Final = 8.0
"""Startup and the applying of settings wait for this. The marker is small, so a storage that needs longer does not
work.
"""


class MarkerService:
    """`name` is what other installations are shown about this one. `adopt` turns a folder that was emptied or replaced
    into a new location.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        name: str,
        open_trial: Callable[[Settings], Awaitable[BaseStorageBackend]],
        clock: Clock,
        adopt: Callable[[Settings], Awaitable[None]] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._name = name
        self._open_trial = open_trial
        self._clock = clock
        self._adopt = adopt

    async def claim(self, backend: BaseStorageBackend, *, fingerprint: str | None = None) -> None:
        """Raises LocationOwned if it belongs to another installation, LocationMissing if the location of this
        fingerprint was ours and has lost our marker, BackendError if the storage does not respond.

        A folder has its own marker that identifies it, so there our marker can be written again.
        """
        await _refuse_silent(backend)
        expected = backend.local_files is None and fingerprint is not None and await self._was_ours(fingerprint)
        await self._claimed(backend, expected=expected)

    async def _was_ours(self, fingerprint: str) -> bool:
        return await self._catalogue.read(lambda connection: locations.is_claimed(connection, fingerprint))

    async def note(self, fingerprint: str) -> None:
        """Records that it belongs to this installation."""
        now = self._clock()
        await self._catalogue.write(lambda connection: locations.note_claim(connection, fingerprint, now=now))

    async def owner(self, settings: Settings) -> tuple[Owner | None, bool]:
        """The owner of the storage in these settings, or None; and whether that is this installation."""
        backend = await self._open_trial(settings)
        try:
            found = await owner_of(backend)
        finally:
            await backend.aclose()
        return found, found is not None and found.installation == await self._installation()

    async def take_over(self, actor: User | None, settings: Settings) -> Owner | None:
        """Makes it ours, whoever owned it. Returns the previous owner, or None. `actor` is None for commands."""
        backend = await self._open_trial(settings)
        try:
            previous = await self._claimed(backend, take_over=True)
        finally:
            await backend.aclose()
        if self._adopt is not None:
            await self._adopt(settings)
        entry = AuditEntry(
            self._clock(),
            "storage_taken_over",
            actor.username if actor else COMMAND_LINE,
            actor_id=actor.id if actor else None,
            target=backend.label,
            detail=None if previous is None else f"from {previous.name} ({previous.installation})",
        )
        await self._catalogue.write(lambda connection: append_audit(connection, entry))
        return previous

    async def _claimed(
        self, backend: BaseStorageBackend, *, take_over: bool = False, expected: bool = False
    ) -> Owner | None:
        installation = await self._installation()
        async with _in_time():
            return await claim(backend, installation, self._name, take_over=take_over, expected=expected)

    async def _installation(self) -> str:
        known = await self._catalogue.read(find_installation)
        if known is not None:
            return known
        now = self._clock()
        return await self._catalogue.write(lambda connection: make_installation(connection, now=now))


async def refuse_anothers(backend: BaseStorageBackend, catalogue: Catalogue) -> None:
    """For callers that do not claim it: LocationOwned if it belongs to another installation, BackendError if that is
    not known.
    """
    await _refuse_silent(backend)
    async with _in_time():
        found = await read_owner(backend)
    if found is not None and found.installation != await catalogue.read(find_installation):
        raise owned_by(found)


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(_SECONDS):
            yield
    except TimeoutError:
        raise BackendTimeout(f"The owner of the storage could not be read within {_SECONDS:g} seconds.") from None


async def _refuse_silent(backend: BaseStorageBackend) -> None:
    """Detects an unavailable storage sooner than a read with retries would, so that the start does not wait for it."""
    circuit = backend.circuit
    if circuit is None:
        return
    if circuit.outage is None:
        await circuit.check()
    if circuit.outage is not None:
        raise BackendUnavailable(circuit.outage.reason, hint=circuit.outage.hint)
