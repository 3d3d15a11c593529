"""Whether the active storage belongs to this installation, as far as known."""

import time
from collections.abc import Callable
from typing import Final

import structlog

from aishare.core.clock import utc_now
from aishare.core.errors import BackendError, LocationMissing, LocationOwned
from aishare.services.integrity.marker import MarkerService
from aishare.storage.base import BaseStorageBackend, Outage

_log = structlog.get_logger(__name__)

_SAY_AGAIN_SECONDS: Final = 60

_NOT_YET: Final = "It is not known yet which installation the storage belongs to."

_LOOK_AGAIN_SECONDS: Final = 60
"""Another installation may take the storage over while this one is running."""


class Ownership:
    """For one process. A storage that does not respond blocks nothing: the check is repeated until it responds."""

    def __init__(self, marker: MarkerService, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._marker = marker
        self._clock = clock
        self._active: BaseStorageBackend | None = None
        self._fingerprint: str | None = None
        self._lost: LocationMissing | None = None
        self._claimed = False
        self._due = 0.0
        self._said_at = float("-inf")
        self.refusal: Outage | None = None
        """Why nothing may be written: the active storage now belongs to another installation."""

    async def claim(self, backend: BaseStorageBackend, *, fingerprint: str | None = None) -> bool:
        """False if this must be tried again. Raises LocationOwned if it belongs to another installation."""
        self._lost = None
        try:
            await self._marker.claim(backend, fingerprint=fingerprint)
        except BackendError as error:
            self._lost = error if isinstance(error, LocationMissing) else None
            _log.warning("claim_postponed", location=backend.label, code=error.code, message=error.message)
            return False
        return True

    def use(self, backend: BaseStorageBackend, *, fingerprint: str | None = None, claimed: bool) -> None:
        """Makes this the active storage. If it is unavailable, nothing is written to it until its owner is known."""
        waits = not claimed and backend.circuit is not None
        self.refusal = Outage("storage_unavailable", _NOT_YET, utc_now()) if waits else None
        if waits and self._lost is not None:
            self.refusal = Outage(self._lost.code, self._lost.message, utc_now(), self._lost.hint)
        self._active, self._fingerprint, self._claimed = backend, fingerprint, claimed
        self._due = self._clock() + (_LOOK_AGAIN_SECONDS if claimed else 0)

    async def retry(self) -> None:
        """Claims what could not be claimed before, and checks from time to time that it still belongs to us. Called
        every few seconds.
        """
        backend = self._active
        if backend is None or self._clock() < self._due:
            return
        try:
            await self._marker.claim(backend, fingerprint=self._fingerprint)
        except (LocationMissing, LocationOwned) as error:
            if backend is self._active:
                self._refuse(error, backend.label)
            return
        except BackendError:
            return  # unchanged; the log already says that the storage does not work
        if backend is self._active:
            await self._claimed_late(backend)

    async def _claimed_late(self, backend: BaseStorageBackend) -> None:
        if not self._claimed:
            _log.info("storage_claimed", location=backend.label)
            if self._fingerprint is not None:
                await self._marker.note(self._fingerprint)
        self.use(backend, fingerprint=self._fingerprint, claimed=True)

    def _refuse(self, error: LocationMissing | LocationOwned, label: str) -> None:
        self._claimed, self._due = False, 0
        if self.refusal is None or self.refusal.code != error.code:
            self.refusal = Outage(error.code, error.message, utc_now(), error.hint)
        if self._clock() - self._said_at > _SAY_AGAIN_SECONDS:
            self._said_at = self._clock()
            event = "storage_of_another" if isinstance(error, LocationOwned) else "storage_is_not_what_it_was"
            _log.error(event, location=label, message=error.message, hint=error.hint)
