"""The plan of a migration: counted in the database and measured on a sample; nothing is moved."""

import asyncio
import time
from typing import Any, Final

from aishare.catalogue.content import objects
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.moving import migrations
from aishare.core.errors import AishareError, CorruptObject, ObjectNotFound, StorageFull
from aishare.core.ids import new_id
from aishare.core.keys import object_key
from aishare.core.sizes import MiB
from aishare.services.content import OpenLocation
from aishare.storage.base import BaseStorageBackend
from aishare.storage.flow.replicate import CopySource, prove

_SAMPLE: Final = 24
"""Objects copied to measure the speed. Ids are random, so the first ones are a fair sample."""
_SAMPLE_SECONDS: Final = 4.0
_SAMPLE_MAX_BYTES: Final = 16 * MiB
_AT_ONCE: Final = 6


async def make_plan(catalogue: Catalogue, source: OpenLocation, target: OpenLocation) -> dict[str, Any]:
    """In JSON types: counts, known problems, time, requests and space."""
    count, size, parts = await catalogue.read(lambda connection: migrations.measure_contents(connection, source.row.id))
    known = await catalogue.read(lambda connection: migrations.known_damages(connection, source.row.id))
    first = await catalogue.read(
        lambda connection: objects.objects_after(connection, source.row.id, after="", limit=_SAMPLE)
    )
    sample = _Sample(source.backend, target.backend)
    await sample.run([stored for stored in first if stored.digests.size_bytes <= _SAMPLE_MAX_BYTES])
    codes = list({**known, **sample.damages}.values())
    free = None if target.backend.capacity is None else (await target.backend.capacity.space()).free_bytes
    return {
        "objects": count,
        "bytes": size,
        "missing": codes.count(ObjectNotFound.code),
        "corrupt": codes.count(CorruptObject.code),
        "measured_bytes_per_second": sample.bytes_per_second(),
        "estimated_seconds": sample.estimate(count, size),
        "requests": _requests(source, count, 1, 0) + _requests(target, count, 2, parts),
        "free_bytes": free,
        "enough_space": await _has_room(target, size),
        "server_side_copy": False,
    }


async def _has_room(location: OpenLocation, size: int) -> bool:
    """Including the reserve of its disk."""
    capacity = location.backend.capacity
    if capacity is None:
        return True
    try:
        await capacity.require(size)
    except StorageFull:
        return False
    return True


def _requests(location: OpenLocation, count: int, each: int, parts: int) -> int:
    """A disk needs no requests. A multipart upload takes one per part and two more, one of which is already counted."""
    return 0 if location.row.kind in {"local", "spool"} else count * each + parts


class _Sample:
    """Copies to its own keys and deletes the copies again."""

    def __init__(self, source: BaseStorageBackend, target: BaseStorageBackend) -> None:
        self._source = source
        self._target = target
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self.damages: dict[str, str] = {}
        self._objects = 0
        self._bytes = 0
        self._seconds = 0.0

    async def run(self, sample: list[StoredObject]) -> None:
        """Within a few seconds, however slow the storages are. Failures of the target are a result of the plan."""
        began = time.monotonic()
        tasks = [asyncio.create_task(self._one(stored)) for stored in sample]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_SAMPLE_SECONDS)
            self._seconds = time.monotonic() - began
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def bytes_per_second(self) -> float | None:
        """Copied and verified."""
        return self._bytes / self._seconds if self._objects else None

    def estimate(self, count: int, size: int) -> float | None:
        """By the slower of both measures: tiny objects cost per object, large ones per byte."""
        if not self._objects:
            return None
        by_bytes = size * self._seconds / self._bytes if self._bytes else 0.0
        return max(count * self._seconds / self._objects if by_bytes == 0 else 0.0, by_bytes)

    async def _one(self, stored: StoredObject) -> None:
        async with self._slots:
            key = object_key(new_id())
            origin = CopySource(self._source, stored.key, stored.digests)
            try:
                await self._target.put(
                    key, origin.source(), size=stored.digests.size_bytes, content_type=stored.content_type
                )
                await prove(self._target, key, stored.digests)
            except (ObjectNotFound, CorruptObject) as error:
                if origin.error is not None:
                    self.damages[stored.id] = error.code
            except AishareError:
                return
            else:
                self._objects += 1
                self._bytes += stored.digests.size_bytes
            finally:
                await asyncio.shield(_gone(self._target, key))


async def _gone(backend: BaseStorageBackend, key: Any) -> None:
    try:
        await backend.delete(key)
    except AishareError:
        return  # an unused object, found by the clean-up
