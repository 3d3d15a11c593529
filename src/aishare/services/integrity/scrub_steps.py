"""Working on an integrity check, one batch per step. No loop, no engine: progress is in the row, and every step may be
repeated.

Each object is read only from its own location: an intact copy elsewhere would hide damage. If content differs, it is
read once more before it counts as damaged, because data can also be damaged in transit.
"""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from aishare.catalogue.content import damages, objects
from aishare.catalogue.content.damages import Damage
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.integrity import scrubs
from aishare.catalogue.integrity.scrubs import COMPLETED, RUNNING, Scrub
from aishare.core.clock import Clock
from aishare.core.errors import BackendError, CatalogueUnavailable, CorruptObject, ObjectNotFound
from aishare.core.ids import new_id
from aishare.services.content import StorageService
from aishare.services.work import Step
from aishare.storage.flow.replicate import prove

_log = structlog.get_logger(__name__)

_PAGE: Final = 512
_TOGETHER: Final = 4
"""Objects read at a time: enough to keep a storage busy, few enough not to disturb users."""
_STEP_SECONDS: Final = 1.0
"""A step saves its progress after this time."""
_LEASE: Final = timedelta(seconds=15)
_RENEW_SECONDS: Final = 2.0
_ATTEMPTS: Final = 2
_SHARES: Final = 2**32


@dataclass(frozen=True, slots=True)
class _Finding:
    """The result of reading an object back; no error if it is intact. `stamps` are those of the file that was read."""

    stored: StoredObject
    error: BackendError | None
    stamps: str | None


class ScrubSteps:
    """Does the work of one process. `problem` is what the last step had to wait for."""

    def __init__(
        self, *, catalogue: Catalogue, storage: StorageService, clock: Clock, owner: str | None = None
    ) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._clock = clock
        self._owner = owner or new_id()
        self.problem: str | None = None

    async def waiting(self) -> list[str]:
        """Ids of checks that nobody else works on, including those of this owner."""
        now = self._clock()
        return await self._catalogue.read(
            lambda connection: scrubs.waiting_scrubs(connection, owner=self._owner, now=now)
        )

    async def work(self) -> None:
        """Everything that can be done now."""
        for scrub_id in await self.waiting():
            while await self.step(scrub_id) is Step.AGAIN:
                pass

    async def step(self, scrub_id: str) -> Step:
        """One second of work, or one object if that takes longer. Never raises errors of a storage or database."""
        self.problem = None
        try:
            return await self._step(scrub_id)
        except (BackendError, CatalogueUnavailable) as error:
            _log.warning("scrub_waits", scrub=scrub_id, reason=error.message)
            self.problem = error.message
            return Step.LATER

    async def release(self, scrub_id: str) -> None:
        """Gives the lease back, so that other processes do not have to wait for its end."""
        await self._catalogue.write(
            lambda connection: scrubs.change_scrub(
                connection, scrub_id, self._owner, lease_owner=None, lease_until=None
            )
        )

    async def _step(self, scrub_id: str) -> Step:
        now = self._clock()
        scrub = await self._catalogue.write(
            lambda connection: scrubs.claim_scrub(connection, scrub_id, self._owner, now=now, until=now + _LEASE)
        )
        if scrub is None:
            found = await self._catalogue.read(lambda connection: scrubs.find_scrub(connection, scrub_id))
            return Step.LATER if found is not None and found.state == RUNNING else Step.END
        page = await self._catalogue.read(
            lambda connection: scrubs.objects_to_scrub(connection, scrub.location_id, after=scrub.cursor, limit=_PAGE)
        )
        if not page:
            return await self._finish(scrub)
        working = asyncio.create_task(self._read_back(scrub, list(page)))
        keeper = asyncio.create_task(self._keep(scrub.id))
        try:
            await asyncio.wait({working, keeper}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                return Step.LATER  # cancelled, or taken over
            cursor, findings = working.result()
            return await self._write_down(scrub, cursor, findings)
        finally:
            for task in (working, keeper):
                task.cancel()
            await asyncio.gather(working, keeper, return_exceptions=True)

    async def _read_back(self, scrub: Scrub, page: list[StoredObject]) -> tuple[str, list[_Finding]]:
        """The findings, and the id of the last object handled."""
        ends = time.monotonic() + _STEP_SECONDS
        chosen = [stored for stored in page if is_chosen(scrub, stored.id)]
        findings: list[_Finding] = []
        for index in range(0, len(chosen), _TOGETHER):
            group = chosen[index : index + _TOGETHER]
            findings += await asyncio.gather(*(self._check(stored) for stored in group))
            if time.monotonic() > ends and index + _TOGETHER < len(chosen):
                return group[-1].id, findings
        return page[-1].id, findings

    async def _check(self, stored: StoredObject) -> _Finding:
        """Raises BackendError if the object cannot be judged because its storage does not work."""
        backend = self._storage.location(stored.location_id).backend
        error: BackendError | None = None
        stamps: str | None = None
        for attempt in range(_ATTEMPTS):
            try:
                if attempt and backend.local_files is not None:
                    stamps = (await backend.stat(stored.key)).stamps
                info = await prove(backend, stored.key, stored.digests)
            except BackendError as found:
                error = found
            else:
                return _Finding(stored, None, info.stamps)
        if not isinstance(error, (CorruptObject, ObjectNotFound)):
            await self._storage.ping(stored.location_id)  # others can be read: it is this object
        return _Finding(stored, error, stamps)

    async def _keep(self, scrub_id: str) -> None:
        """Returns when the check is not ours any more."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            until = self._clock() + _LEASE
            kept = await self._catalogue.write(
                lambda connection, until=until: scrubs.change_scrub(  # type: ignore[misc]
                    connection, scrub_id, self._owner, lease_until=until
                )
            )
            if not kept:
                return

    async def _write_down(self, scrub: Scrub, cursor: str, findings: list[_Finding]) -> Step:
        now = self._clock()

        def write(connection: Connection) -> bool:
            damaged = [damage for one in findings if (damage := self._damage(connection, scrub.id, one)) is not None]
            counted = {
                "cursor": cursor,
                "objects": scrub.objects + len(findings),
                "bytes": scrub.bytes + sum(one.stored.digests.size_bytes for one in findings),
                "damages": scrub.damages + len(damaged),
                "lease_until": now + _LEASE,
            }
            if not scrubs.change_scrub(connection, scrub.id, self._owner, **counted):
                return False
            for one in findings:
                if one.stamps != one.stored.stamps:
                    objects.put_stamps(connection, one.stored, one.stamps)
                if one.error is None:
                    damages.clear_damage(connection, one.stored.id)
            for damage in damaged:
                damages.put_damage(connection, damage)
            return True

        kept = await self._catalogue.write(write)
        return Step.AGAIN if kept else Step.LATER

    def _damage(self, connection: Connection, scrub_id: str, finding: _Finding) -> Damage | None:
        """The content of an object that was deleted or moved meanwhile is rightly missing."""
        stored, error = finding.stored, finding.error
        now = objects.find_object(connection, stored.id)
        if error is None or now is None or (now.location_id, now.key) != (stored.location_id, stored.key):
            return None
        return Damage(stored.id, stored.location_id, stored.key, error.code, error.message, scrub_id, self._clock())

    async def _finish(self, scrub: Scrub) -> Step:
        now = self._clock()

        def finish(connection: Connection) -> None:
            damages.forget_damages(connection)
            values = {"state": COMPLETED, "finished_at": now, "lease_owner": None, "lease_until": None}
            scrubs.change_scrub(connection, scrub.id, self._owner, **values)

        await self._catalogue.write(finish)
        _log.info("scrub_completed", scrub=scrub.id, objects=scrub.objects, damages=scrub.damages)
        return Step.END


def is_chosen(scrub: Scrub, object_id: str) -> bool:
    """Whether the object is in the selection of this check: each check selects others, so that in time all are read."""
    if scrub.percent >= 100:  # noqa: PLR2004 - per cent
        return True
    digest = hashlib.sha256(f"{scrub.id}:{object_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") * 100 < scrub.percent * _SHARES
