"""Deleting unused objects in two steps: a plan lists objects that no file uses, and only those are deleted.

Only objects older than a day are included, so nothing that is being uploaded or moved, and each is checked again before
it is deleted. Locations that receive objects from a migration or the spool are skipped, as are those of other
installations, whose objects have no rows here.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.integrity import garbage, locations
from aishare.catalogue.integrity.garbage import Orphan
from aishare.catalogue.people.audit import AuditEntry, append_audit
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, BackendDenied, NotSupported, ObjectNotFound
from aishare.core.ids import new_id
from aishare.core.keys import Key
from aishare.services.content import OpenLocation, StorageService
from aishare.services.integrity.marker import refuse_anothers
from aishare.storage.base import ObjectInfo

_log = structlog.get_logger(__name__)

_PREFIX: Final = "objects/"
_AGE: Final = timedelta(days=1)
_PLAN_AGE: Final = timedelta(days=7)
_BATCH: Final = 500
_TOGETHER: Final = 8


@dataclass(slots=True)
class GarbagePlan:
    """What was found. `leftovers` are temporary files and unfinished uploads; `skipped` says what was left out, and
    why.
    """

    id: str
    orphans: int = 0
    bytes: int = 0
    leftovers: int = 0
    oldest: datetime | None = None
    skipped: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Collected:
    """What was deleted; `skipped` says what could not be."""

    deleted: int = 0
    bytes: int = 0
    leftovers: int = 0
    skipped: list[str] = field(default_factory=list)


class GarbageService:
    """Unused objects in all available locations of this installation, and leftovers of interrupted uploads."""

    def __init__(self, *, catalogue: Catalogue, storage: StorageService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._clock = clock

    async def plan(self) -> GarbagePlan:
        """Finds and records what could be deleted. Deletes nothing."""
        plan = GarbagePlan(new_id())
        before = self._clock() - _PLAN_AGE
        await self._catalogue.write(lambda connection: garbage.forget_plans(connection, before=before))
        for location in await self._open(plan):
            try:
                await self._plan_location(plan, location)
            except AishareError as error:
                plan.skipped.append(f"{location.row.label}: {error.message}")
        return plan

    async def collect(self, actor: str, plan_id: str) -> Collected:
        """Deletes objects of the plan that are still unused."""
        done = Collected()
        opened = await self._open(GarbagePlan(plan_id))
        ours = {location.row.id for location in opened}
        while orphans := await self._catalogue.read(
            lambda connection: garbage.list_orphans(connection, plan_id, limit=_BATCH)
        ):
            await self._collect_batch(done, [orphan for orphan in orphans if orphan.location_id in ours])
            await self._catalogue.write(
                lambda connection, orphans=orphans: garbage.forget_orphans(connection, orphans)  # type: ignore[misc]
            )
        for location in opened:
            await self._sweep(done, location)
        detail = f"{done.deleted} unused objects, {done.bytes} bytes, {done.leftovers} upload leftovers"
        entry = AuditEntry(self._clock(), "garbage_collected", actor, target_id=plan_id, detail=detail)
        await self._catalogue.write(lambda connection: append_audit(connection, entry))
        return done

    async def _open(self, plan: GarbagePlan) -> list[OpenLocation]:
        """The locations that can be opened; the others are recorded."""

        def find(connection: Connection) -> tuple[list[locations.Location], set[str]]:
            return [row for row, _ in locations.sealed_configs(connection)], garbage.busy_locations(connection)

        rows, busy = await self._catalogue.read(find)
        opened = []
        for row in rows:
            if row.id in busy:
                plan.skipped.append(f"{row.label}: a migration is in progress.")
                continue
            try:
                location = self._storage.location(row.id)
                await refuse_anothers(location.backend, self._catalogue)
            except AishareError as error:
                plan.skipped.append(f"{row.label}: {error.message}")
            else:
                opened.append(location)
        return opened

    async def _plan_location(self, plan: GarbagePlan, location: OpenLocation) -> None:
        await self._count_leftovers(plan, location)
        async for batch in self._old_objects(location):
            orphans = await self._orphans_of(location, batch)
            if not orphans:
                continue
            found_at = self._clock()
            rows = [Orphan(plan.id, location.row.id, info.key, info.size_bytes, found_at) for info in orphans]
            await self._catalogue.write(
                lambda connection, rows=rows: garbage.insert_orphans(connection, rows)  # type: ignore[misc]
            )
            plan.orphans += len(orphans)
            plan.bytes += sum(info.size_bytes for info in orphans)
            times = [info.modified_at for info in orphans if info.modified_at is not None]
            plan.oldest = min([*times, plan.oldest] if plan.oldest is not None else times)

    async def _count_leftovers(self, plan: GarbagePlan, location: OpenLocation) -> None:
        """Without permission to list unfinished uploads, unused objects can still be found."""
        leftovers = location.backend.leftovers
        if leftovers is None:
            return
        try:
            plan.leftovers += await leftovers.count_incoming(older_than_seconds=_AGE.total_seconds())
        except (BackendDenied, NotSupported) as error:
            plan.skipped.append(f"{location.row.label}, unfinished uploads: {error.message}")

    async def _old_objects(self, location: OpenLocation) -> AsyncIterator[list[ObjectInfo]]:
        batch: list[ObjectInfo] = []
        async for info in location.backend.scan(_PREFIX):
            if self._is_old(info):
                batch.append(info)
            if len(batch) == _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _is_old(self, info: ObjectInfo) -> bool:
        """Has a name that we assign, and is older than any upload can be.

        Another location may be in a folder of this one: its names are longer.
        """
        old = info.modified_at is not None and info.modified_at < self._clock() - _AGE
        _, *folders, name = info.key.split("/")
        return old and folders == [name[:2], name[2:4]]

    async def _orphans_of(self, location: OpenLocation, infos: list[ObjectInfo]) -> list[ObjectInfo]:
        def find(connection: Connection) -> set[Key]:
            keys = {info.key for info in infos}
            unknown: set[Key] = keys.difference(garbage.keys_of_location(connection, location.row.id, keys))
            return unknown.difference(garbage.keys_anywhere(connection, unknown)) if unknown else unknown

        orphans = await self._catalogue.read(find)
        return [info for info in infos if info.key in orphans]

    async def _collect_batch(self, done: Collected, orphans: list[Orphan]) -> None:
        """Objects that have a row by now, or whose location is busy, are kept."""

        def find(connection: Connection) -> tuple[set[str], set[str]]:
            keys: set[Key] = {orphan.key for orphan in orphans}
            return garbage.keys_anywhere(connection, keys), garbage.busy_locations(connection)

        known, busy = await self._catalogue.read(find)
        doomed = [orphan for orphan in orphans if orphan.key not in known and orphan.location_id not in busy]
        for index in range(0, len(doomed), _TOGETHER):
            group = doomed[index : index + _TOGETHER]
            gone = await asyncio.gather(*(self._delete(orphan) for orphan in group))
            done.deleted += sum(gone)
            done.bytes += sum(orphan.size_bytes for orphan, deleted in zip(group, gone, strict=True) if deleted)

    async def _delete(self, orphan: Orphan) -> bool:
        try:
            backend = self._storage.location(orphan.location_id).backend
            if not self._is_old(await backend.stat(orphan.key)):
                return False
            await backend.delete(orphan.key)
        except ObjectNotFound:
            return False
        except AishareError as error:
            _log.warning("orphan_left", location=orphan.location_id, key=orphan.key, error=error.code)
            return False
        return True

    async def _sweep(self, done: Collected, location: OpenLocation) -> None:
        leftovers, age = location.backend.leftovers, _AGE.total_seconds()
        if leftovers is None:
            return
        try:
            done.leftovers += await leftovers.sweep_incoming(older_than_seconds=age)
            if remaining := await leftovers.count_incoming(older_than_seconds=age):
                done.skipped.append(f"{location.row.label}: {remaining} upload leftovers could not be deleted.")
        except AishareError as error:
            _log.warning("leftovers_left", location=location.row.id, error=error.code)
            done.skipped.append(f"{location.row.label}, upload leftovers: {error.message}")
