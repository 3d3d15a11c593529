"""One batch of a migration: copies several objects at a time, verifies them, and updates their rows in groups."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from aishare.catalogue.content import objects
from aishare.catalogue.content.objects import Move, StoredObject
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.moving import copies, migration_failures, migrations
from aishare.catalogue.moving.migration_failures import Failure
from aishare.catalogue.moving.migrations import Migration, Progress
from aishare.core.clock import Clock
from aishare.core.crew import Crew
from aishare.core.errors import (
    AishareError,
    CatalogueUnavailable,
    CorruptObject,
    ObjectNotFound,
    StorageFull,
)
from aishare.core.keys import Key, moved_key
from aishare.services.content import OpenLocation
from aishare.services.moving.pace import Pacer
from aishare.services.moving.read_ahead import read_ahead
from aishare.services.moving.relocation import remove_unneeded
from aishare.storage.base import BaseStorageBackend
from aishare.storage.checks.ping import ping
from aishare.storage.flow.replicate import CopySource, Verification, copied_inside, prove

_log = structlog.get_logger(__name__)

_ATTEMPTS: Final = 3
_RETRY_SECONDS: Final = 0.3

_GROUP: Final = 128
"""Most rows updated per transaction; a commit costs as much as several copies of tiny objects."""

_WAITING: Final = 4 * _GROUP
"""Most results not yet written to the database; if it is slower than the copies, they wait for it."""

_GROUP_SECONDS: Final = 0.25
"""A finished copy waits at most this long for its group, so that little has to be repeated after a crash."""

_PING_SECONDS: Final = 5.0


class LeaseLost(Exception):
    """Another process works on the migration now."""


class Unreachable(Exception):
    """A storage or the database is down: the objects are not the problem; try again later."""

    def __init__(self, error: AishareError) -> None:
        super().__init__(error.message)
        self.message = error.message


@dataclass(eq=False)
class WorkLimits:
    """What this process may currently do; updated by the task that watches the row."""

    owner: str
    concurrency: int
    pacer: Pacer
    halted: bool = False


@dataclass
class _Results:
    """Results whose rows have not been written yet."""

    copied: list[Move] = field(default_factory=list)
    failed: list[tuple[StoredObject, AishareError]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.copied) + len(self.failed)


class MigrationBatch:
    """Works for one migration; made for each step. `backend_of` raises LocationUnavailable."""

    def __init__(  # noqa: PLR0913 - both locations, and their services
        self,
        migration: Migration,
        source: OpenLocation,
        target: OpenLocation,
        *,
        catalogue: Catalogue,
        clock: Clock,
        limits: WorkLimits,
        backend_of: Callable[[str], BaseStorageBackend],
    ) -> None:
        self._migration = migration
        self._source = source
        self._target = target
        self._catalogue = catalogue
        self._clock = clock
        self._limits = limits
        self._backend_of = backend_of
        self._verification: Verification = "checksum" if migration.verify == "checksum" else "read"
        self._results = _Results()
        self._flushed_at = time.monotonic()
        self._copying = Crew()
        self._writing = Crew()
        self._turn = asyncio.Lock()

    async def run(self, page: Sequence[StoredObject]) -> bool:
        """Whether all of the page was handled; False if it was stopped. Raises LeaseLost or Unreachable."""
        try:
            async with aclosing(read_ahead(self._source.backend, page)) as coming:
                async for stored, content in coming:
                    await self._copying.wait_below(self._limits.concurrency)
                    self._writing.check()
                    if self._limits.halted:
                        break
                    self._copying.start(self._one(stored, content))
            await self._copying.wait_below(1)
        except BaseException:
            await self._copying.dismiss()
            raise
        finally:
            await asyncio.shield(self.flush())  # copies that were verified count, whatever stopped the others
        self._writing.check()
        return not self._limits.halted

    async def flush(self) -> None:
        """Writes the results so far, in one transaction with the counters."""
        async with self._turn:
            results, self._results = self._results, _Results()
            self._flushed_at = time.monotonic()
            if not len(results):
                return
            try:
                gone = await self._catalogue.write(lambda connection: self._record(connection, results))
            except CatalogueUnavailable as error:
                raise Unreachable(error) from error
            for stored in gone:
                await remove_unneeded(self._target.backend, moved_key(stored.id, stored.generation))

    async def _one(self, stored: StoredObject, content: bytes | None) -> None:
        try:
            move = await self._copied(stored, content)
            if move is not None:
                self._results.copied.append(move)
        except AishareError as error:
            self._results.failed.append((stored, error))
        if len(self._results) >= _WAITING:
            await self.flush()
        elif len(self._results) >= _GROUP or time.monotonic() - self._flushed_at > _GROUP_SECONDS:
            self._write_soon()

    def _write_soon(self) -> None:
        """In parallel with the copies: writing a group takes as long as copying several tiny objects."""
        if not self._turn.locked():
            self._writing.start(self.flush())

    async def _copied(self, stored: StoredObject, content: bytes | None) -> Move | None:
        """The verified copy; None if stopped after a failure. Raises problems of this object alone.

        The last attempt is made after both storages have responded, because one may have just recovered.

        Remains of a failed copy are left to the clean-up of unused objects: deleting them here could hit the same copy
        made by a process that took over.
        """
        key = moved_key(stored.id, stored.generation)
        for attempt in range(1, _ATTEMPTS + 2):
            origin = CopySource(
                self._source.backend, stored.key, stored.digests, pace=self._limits.pacer, content=content
            )
            try:
                return await self._copy(origin, key, stored, on_trust=attempt == 1 and stored.damage is None)
            except AishareError as error:
                if self._limits.halted:
                    return None
                is_last = isinstance(origin.error, ObjectNotFound) or attempt > _ATTEMPTS
                if is_last or attempt == _ATTEMPTS:
                    await self._blame(error)
                if is_last:
                    rescued = None if origin.error is None else await self._rescued(key, stored)
                    if rescued is not None:
                        return rescued
                    raise _named(origin.error, error) from error
                await asyncio.sleep(_RETRY_SECONDS * attempt)
        raise AssertionError("unreachable")

    async def _rescued(self, key: Key, stored: StoredObject) -> Move | None:
        """From a copy that the object left elsewhere, because the source does not have its content any more."""
        for copy in await self._catalogue.read(lambda connection: copies.copies_of(connection, stored.id)):
            try:
                origin = CopySource(
                    self._backend_of(copy.location_id), copy.key, stored.digests, pace=self._limits.pacer
                )
                return await self._copy(origin, key, stored, on_trust=False)
            except AishareError as error:
                _log.warning("copy_no_use", location=copy.location_id, key=copy.key, code=error.code)
        return None

    async def _copy(self, origin: CopySource, key: Key, stored: StoredObject, *, on_trust: bool) -> Move:
        """On trust, only the copy is verified, which is cheapest. If that fails, each end is verified separately."""
        target = self._target.backend
        if not (on_trust and await copied_inside(origin, target, key)):
            source = origin.source(read_back=on_trust and self._reads_back())
            await target.put(key, source, size=stored.digests.size_bytes, content_type=stored.content_type)
        info = await prove(target, key, stored.digests, verification=self._verification)
        return Move(stored, key, info.stamps)

    def _reads_back(self) -> bool:
        """Not with a limit of bytes per second: on trust, everything is sent in one request, and storages end requests
        that pause.
        """
        return self._verification == "read" and self._limits.pacer.bytes_per_second is None

    async def _blame(self, error: AishareError) -> None:
        """Raises Unreachable if the problem is not the object but a storage that is full, down or refuses
        everything.
        """
        if isinstance(error, StorageFull):
            raise Unreachable(error) from error
        for location in (self._source, self._target):
            if (trouble := await _trouble(location.backend)) is not None:
                raise Unreachable(trouble) from error

    def _record(self, connection: Connection, results: _Results) -> list[StoredObject]:
        """Updates rows, records failures, counts; returns the objects whose copies are not used."""
        moved = copies.move_objects(
            connection,
            results.copied,
            location_id=self._target.row.id,
            purge_after=self._clock() + timedelta(seconds=self._migration.grace_seconds),
            migration_id=self._migration.id,
        )
        switched = {stored.id for stored in moved}
        others = [move.stored for move in results.copied if move.stored.id not in switched]
        gone = [stored for stored in others if objects.find_object(connection, stored.id) is None]
        failed = [one for one in results.failed if objects.find_object(connection, one[0].id) == one[0]]
        for stored, error in failed:
            migration_failures.record_failure(connection, failure_of(self._migration, stored, error, self._clock()))
        migration_failures.forget_failures(connection, self._migration.id, [move.stored.id for move in results.copied])
        progress = Progress(
            objects=len(moved),
            bytes=sum(stored.digests.size_bytes for stored in moved),
            skipped=len(results) - len(moved) - len(failed),
        )
        if not migrations.record_progress(connection, self._migration.id, self._limits.owner, progress, error=None):
            raise LeaseLost
        return gone


def failure_of(migration: Migration, stored: StoredObject, error: AishareError, now: datetime) -> Failure:
    """What is recorded for an object that could not be moved."""
    return Failure(migration.id, stored.id, stored.key, error.code, error.message, 1, now)


async def _trouble(backend: BaseStorageBackend) -> AishareError | None:
    """Why this storage cannot be used at the moment; None if it responds."""
    try:
        await ping(backend, seconds=_PING_SECONDS)
    except AishareError as error:
        return error
    return None


def _named(at_source: AishareError | None, error: AishareError) -> AishareError:
    """The error with the end that it comes from, for the administrator."""
    end = "source" if at_source is not None else "target"
    known: dict[type[AishareError], type[AishareError]] = {ObjectNotFound: ObjectNotFound, CorruptObject: CorruptObject}
    kind = known.get(type(error))
    return error if kind is None else kind(f"At the {end}: {error.message}")
