"""StorageService: the front of all storage. It knows the active location and finds the location of any object."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from aishare.catalogue import objects
from aishare.catalogue.locations import Location, LocationContent, list_contents
from aishare.catalogue.objects import StoredObject
from aishare.catalogue.session import Catalogue
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, BackendError, BackendTimeout, LocationUnavailable, ObjectNotFound
from aishare.core.ids import new_id
from aishare.core.keys import object_key, parse_key
from aishare.core.ranges import ByteRange
from aishare.storage.base import BaseStorageBackend, ObjectReader
from aishare.storage.ingest import ingest
from aishare.storage.verify import verified_read

_log = structlog.get_logger(__name__)

_DOOMED_GRACE: Final = timedelta(seconds=5)
"""Bytes outlive their row this long: a download that has just looked up the row still finds them."""

_SWEEP_BATCH: Final = 256

_INCOMING_SECONDS: Final = 24 * 3600
"""Temporary files older than this belong to no running upload."""

_PING_SECONDS: Final = 5.0
"""Whoever asks waits for the answer: a person before a page, or a load balancer."""

_PING_KEY: Final = parse_key("objects/ping")
"""No object has this name: asking for it costs little and shows that the storage answers."""


@dataclass(frozen=True, slots=True)
class OpenLocation:
    """A location of the catalogue together with the backend that speaks to it."""

    row: Location
    backend: BaseStorageBackend


@dataclass(frozen=True, slots=True)
class Incoming:
    """Bytes on their way in. `media_type_of` sees their first 64 KiB at most."""

    pieces: AsyncIterator[bytes]
    announced_bytes: int | None
    media_type_of: Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class StorageInfo:
    """What an administrator sees. `status` is `ok`, or `down` when the active location does not answer."""

    active_id: str
    status: str
    contents: list[LocationContent]


class StorageService:
    """Stores in the active location; reads, deletes and everything else go to the object's own location."""

    def __init__(
        self, *, active: OpenLocation, readable: Mapping[str, OpenLocation], catalogue: Catalogue, clock: Clock
    ) -> None:
        self._active = active
        self._locations = {**readable, active.row.id: active}
        self._catalogue = catalogue
        self._clock = clock

    @property
    def active(self) -> OpenLocation:
        """Where new objects go."""
        return self._active

    async def store(self, incoming: Incoming, *, limit_bytes: int | None) -> StoredObject:
        """The object, durable but in no row yet: the caller commits one or calls `discard`."""
        object_id = new_id()
        key = object_key(object_id)
        result = await ingest(
            self._active.backend,
            key,
            incoming.pieces,
            limit_bytes=limit_bytes,
            announced_bytes=incoming.announced_bytes,
            content_type=incoming.media_type_of,
        )
        return StoredObject(
            id=object_id,
            location_id=self._active.row.id,
            key=key,
            digests=result.digests,
            generation=1,
            content_type=result.content_type,
            created_at=self._clock(),
        )

    def read(self, stored: StoredObject, byte_range: ByteRange | None) -> AbstractAsyncContextManager[ObjectReader]:
        """The bytes, each chunk checked against its digest before its end is given out."""
        backend = self._location_of(stored).backend
        return verified_read(backend, stored.key, byte_range, stored.digests)

    async def ping(self) -> None:
        """Raises what is wrong if the active location does not answer, and soon."""
        try:
            async with asyncio.timeout(_PING_SECONDS):
                await self._active.backend.stat(_PING_KEY)
        except ObjectNotFound:
            return
        except TimeoutError:
            raise BackendTimeout(f"The storage did not answer within {_PING_SECONDS:g} seconds.") from None

    async def info(self) -> StorageInfo:
        """All locations with their counts, and whether the active one answers."""
        try:
            await self.ping()
            status = "ok"
        except BackendError:
            status = "down"
        contents = await self._catalogue.read(list_contents)
        return StorageInfo(self._active.row.id, status, contents)

    async def sweep(self) -> int:
        """Remove what uploads that crashed left in the active location; the number of things removed."""
        leftovers = self._active.backend.leftovers
        return 0 if leftovers is None else await leftovers.sweep_incoming(older_than_seconds=_INCOMING_SECONDS)

    def local_path(self, stored: StoredObject) -> str | None:
        """The object as a file, where its location has files. Such bytes are sent as they are on the disk."""
        local_files = self._location_of(stored).backend.local_files
        return None if local_files is None else local_files.path_of(stored.key)

    async def discard(self, stored: StoredObject) -> None:
        """Remove the bytes of an object that got no row. Failing leaves an orphan, which is swept one day."""
        try:
            await self._location_of(stored).backend.delete(stored.key)
        except AishareError as error:
            _log.warning("orphan_left", location=stored.location_id, key=stored.key, error=error.code)

    async def bury(self) -> int:
        """Delete the bytes of objects whose rows were marked deleted; the number of those that are gone."""
        before = self._clock() - _DOOMED_GRACE
        doomed = await self._catalogue.read(
            lambda connection: objects.doomed_objects(connection, before=before, limit=_SWEEP_BATCH)
        )
        buried = [stored.id for stored in doomed if await self._delete_bytes(stored)]
        if buried:
            await self._catalogue.write(lambda connection: objects.forget_objects(connection, buried))
        return len(buried)

    def _location_of(self, stored: StoredObject) -> OpenLocation:
        location = self._locations.get(stored.location_id)
        if location is None:
            raise LocationUnavailable(
                "The file lies in a storage that is not configured any more.",
                hint="An administrator can add the settings of that storage again.",
            )
        return location

    async def _delete_bytes(self, stored: StoredObject) -> bool:
        try:
            await self._location_of(stored).backend.delete(stored.key)
        except AishareError as error:
            _log.warning("delete_postponed", location=stored.location_id, key=stored.key, error=error.code)
            return False
        return True
