"""StorageService: the front of all storage. It knows the active location and finds the location of any object."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Literal

import structlog

from aishare.catalogue.content import objects
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.integrity.locations import Location, LocationContent, list_contents
from aishare.core.clock import Clock
from aishare.core.errors import (
    AishareError,
    BackendError,
    BackendTimeout,
    BackendUnavailable,
    CorruptObject,
    LocationMissing,
    LocationUnavailable,
)
from aishare.core.ids import new_id
from aishare.core.keys import object_key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import MiB
from aishare.services.content.delivery import Presign
from aishare.services.content.proofs import LocalObject
from aishare.services.content.retrieval import Retrieval
from aishare.storage.base import BaseStorageBackend, ObjectReader, Outage
from aishare.storage.checks.ping import ping
from aishare.storage.flow.holding import HoldingSpace
from aishare.storage.flow.ingest import ingest
from aishare.storage.wrappers.breaking import is_outage

_log = structlog.get_logger(__name__)

_DOOMED_GRACE: Final = timedelta(seconds=5)
"""Content is deleted this long after its row, so that a download that has just read the row still finds it."""

_SWEEP_BATCH: Final = 256

_INCOMING_SECONDS: Final = 24 * 3600
"""Temporary files older than this belong to no running upload."""

_PING_SECONDS: Final = 5.0
"""A person or a load balancer is waiting for the answer."""

_PRESIGNED_SECONDS: Final = 60
"""A signed URL cannot be revoked: it is valid only as long as a client needs to start the download, and cached half as
long.
"""


_SMALL: Final = MiB
"""Content up to this size is held in memory until it is stored. Larger content passes in pieces of about this size
anyway.
"""

_SMALL_SECONDS: Final = 6.0
"""How long a storage may take for small content before the spool takes it."""

_SILENT_SECONDS: Final = 2.0


_NONE: Final[Mapping[str, str]] = MappingProxyType({})

Status = Literal["ok", "degraded", "down"]


@dataclass(frozen=True, slots=True)
class Health:
    """`ok`; if the active location accepts no files, `degraded` if the spool does instead, otherwise `down`; `code`
    says what is wrong.
    """

    status: Status
    code: str


@dataclass(frozen=True, slots=True)
class OpenLocation:
    """A location of the catalogue together with its backend."""

    row: Location
    backend: BaseStorageBackend


@dataclass(frozen=True, slots=True)
class NewContent:
    """Content being uploaded. `media_type_of` gets its first 64 KiB at most."""

    pieces: AsyncIterator[bytes]
    announced_bytes: int | None
    media_type_of: Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class StorageInfo:
    """What an administrator sees."""

    active_id: str
    status: Status
    outage: Outage | None
    contents: list[LocationContent]


class StorageService:
    """Stores in the active location; reads, deletes and everything else go to the object's own location.

    `readable` is a live view that includes locations opened later. The spool from `make_spool` is used when the active
    location is unavailable; None: no spool. `problems` are those of locations that could not be opened, by id.
    """

    def __init__(  # noqa: PLR0913 - the locations and the services it uses
        self,
        *,
        active: OpenLocation,
        make_spool: Callable[[], Awaitable[OpenLocation]] | None = None,
        readable: Mapping[str, OpenLocation],
        catalogue: Catalogue,
        clock: Clock,
        discover: Callable[[], Awaitable[None]] | None = None,
        refusal: Callable[[], Outage | None] = lambda: None,
        room: HoldingSpace | None = None,
        require_room: Callable[[], None] = lambda: None,
        problems: Mapping[str, str] = _NONE,
    ) -> None:
        self._active = active
        self._make_spool = make_spool
        self._locations = readable
        self._catalogue = catalogue
        self._clock = clock
        self._refusal = refusal
        self._require_room = require_room
        self._problems = problems
        self._retrieval = Retrieval(
            catalogue=catalogue,
            clock=clock,
            backend_of=self._backend_of,
            discover=discover,
            room=room or HoldingSpace(),
        )

    @property
    def active(self) -> OpenLocation:
        """Where new objects are stored."""
        return self._active

    @property
    def outage(self) -> Outage | None:
        """Why the active location accepts no files, as far as known: it does not work, or belongs to another
        installation.
        """
        circuit = self._active.backend.circuit
        return (None if circuit is None else circuit.outage) or self._refusal()

    async def check(self) -> None:
        """Checks every location that may not be working."""
        circuits = [location.backend.circuit for location in self._locations.values()]
        await asyncio.gather(*(circuit.watch() for circuit in circuits if circuit is not None))

    async def store(self, incoming: NewContent, *, limit_bytes: int | None) -> StoredObject:
        """Stores the object durably, but without a row: the caller commits one or calls `discard`.

        In the active location, or in the spool if that does not work and a spool is allowed. Small content is kept in
        memory until it is stored, so it can go to the spool at once; if the storage fails during larger content, this
        request fails (BackendUnavailable), and the next goes to the spool. A disk has no time limit. StorageFull if the
        disk of the storage, or that of the database, has no space besides its reserve.
        """
        self._require_room()
        place = await self._writable()
        circuit = place.backend.circuit
        if circuit is None or place.backend.local_files is not None or not _is_small(incoming):
            return await self._store_in(place, incoming, limit_bytes=limit_bytes)
        pieces = [piece async for piece in incoming.pieces]
        try:
            async with asyncio.timeout(_SMALL_SECONDS):
                return await self._store_in(place, _again(incoming, pieces), limit_bytes=limit_bytes)
        except TimeoutError:
            circuit.suspect(writes=True)
            error: BackendError = BackendTimeout(
                f"The storage did not store the file within {_SMALL_SECONDS:g} seconds."
            )
        except BackendError as failure:
            error = failure
        spool = await self._fallback() if is_outage(error) or isinstance(error, CorruptObject) else None
        if spool is None:
            raise error
        _log.warning("stored_in_spool", code=error.code)
        return await self._store_in(spool, _again(incoming, pieces), limit_bytes=limit_bytes)

    async def _writable(self) -> OpenLocation:
        """A storage that has been silent for a while is checked before a body is accepted that could not be sent again;
        a disk, which responds at once, is always checked.
        """
        circuit, is_disk = self._active.backend.circuit, self._active.backend.local_files is not None
        if circuit is not None and circuit.outage is None and (is_disk or circuit.idle_seconds > _SILENT_SECONDS):
            await circuit.check()
        outage = self.outage
        if outage is None:
            return self._active
        if (spool := await self._fallback()) is not None:
            return spool
        raise BackendUnavailable(
            f"The storage is unavailable at the moment: {outage.reason}", hint=outage.hint or "Try again in a moment."
        )

    async def _fallback(self) -> OpenLocation | None:
        return None if self._make_spool is None else await self._make_spool()

    async def _store_in(self, place: OpenLocation, incoming: NewContent, *, limit_bytes: int | None) -> StoredObject:
        object_id = new_id()
        key = object_key(object_id)
        result = await ingest(
            place.backend,
            key,
            incoming.pieces,
            limit_bytes=limit_bytes,
            announced_bytes=incoming.announced_bytes,
            content_type=incoming.media_type_of,
        )
        return StoredObject(
            id=object_id,
            location_id=place.row.id,
            key=key,
            digests=result.digests,
            generation=1,
            content_type=result.content_type,
            created_at=self._clock(),
            stamps=result.info.stamps,
        )

    def read(self, stored: StoredObject, byte_range: ByteRange | None) -> AbstractAsyncContextManager[ObjectReader]:
        """The content, each chunk checked against its digest before it is returned; from copies if necessary."""
        return self._retrieval.read(stored, byte_range)

    async def require_good(self, stored: StoredObject) -> None:
        """CorruptObject or ObjectNotFound if it is known that no place has intact content."""
        await self._retrieval.good_places(stored)

    async def ping(self, location_id: str | None = None) -> None:
        """Raises an error if the location, by default the active one, does not respond soon."""
        backend = self._active.backend if location_id is None else self.location(location_id).backend
        await ping(backend, seconds=_PING_SECONDS)

    async def info(self) -> StorageInfo:
        """All locations with their contents, and whether the active one responds."""
        health = await self.health()
        contents = await self._catalogue.read(list_contents)
        return StorageInfo(self._active.row.id, health.status, self.outage, contents)

    async def health(self) -> Health:
        """Checks the active location. If it was emptied or replaced it is down, even if the spool works: its files are
        unavailable until an administrator acts.
        """
        try:
            await self.ping()
            code = "ok" if (refusal := self._refusal()) is None else refusal.code
        except BackendError as error:
            code = error.code if (outage := self.outage) is None else outage.code
        if code == "ok":
            return Health("ok", code)
        falls_back = self._make_spool is not None and code != LocationMissing.code
        return Health("degraded" if falls_back else "down", code)

    async def sweep(self) -> int:
        """Deletes temporary files of crashed uploads in the active location, if it is a disk; returns their number.

        S3 storages are left to the clean-up of unused objects, because they may not respond.
        """
        leftovers = self._active.backend.leftovers
        if leftovers is None or self._active.backend.local_files is None:
            return 0
        try:
            return await leftovers.sweep_incoming(older_than_seconds=_INCOMING_SECONDS)
        except BackendError as error:
            _log.warning("sweep_postponed", location=self._active.row.id, code=error.code)
            return 0

    def local_object(self, stored: StoredObject) -> LocalObject | None:
        """The object as a file, if its location has files; it must be verified before it is sent."""
        location = self._locations.get(stored.location_id)
        if location is None or (location.backend.circuit is not None and location.backend.circuit.outage is not None):
            return None
        files = location.backend.local_files
        return None if files is None else self._retrieval.local_object(stored, files)

    def presign(self, stored: StoredObject) -> Presign | None:
        """Signs URLs of the object, if its location supports this, responds (as far as known) and has
        intact content.
        """
        if stored.damage is not None:
            return None
        location = self._locations.get(stored.location_id)
        presigner = None if location is None else location.backend.presigner
        circuit = None if location is None else location.backend.circuit
        if presigner is None or (circuit is not None and circuit.outage is not None):
            return None
        if stored.location_id == self._active.row.id and self.outage is not None:
            return None

        async def sign(content_type: str, disposition: str) -> str:
            request = await presigner.presign_get(
                stored.key,
                expires_in_seconds=_PRESIGNED_SECONDS,
                content_type=content_type,
                content_disposition=disposition,
            )
            return request.url

        return sign

    async def discard(self, stored: StoredObject) -> None:
        """Deletes the content of an object that got no row. If this fails, an unused object remains for the
        clean-up.
        """
        try:
            await self._backend_of(stored.location_id).delete(stored.key)
        except AishareError as error:
            _log.warning("orphan_left", location=stored.location_id, key=stored.key, error=error.code)

    async def delete_marked(self) -> int:
        """Deletes the content of objects whose rows were marked deleted; returns the number of those deleted."""
        before = self._clock() - _DOOMED_GRACE
        doomed = await self._catalogue.read(
            lambda connection: objects.doomed_objects(connection, before=before, limit=_SWEEP_BATCH)
        )
        buried = [stored.id for stored in doomed if await self._delete_bytes(stored)]
        if buried:
            await self._catalogue.write(lambda connection: objects.forget_objects(connection, buried))
        return len(buried)

    def location(self, location_id: str) -> OpenLocation:
        """Where objects of this location are read and deleted; LocationUnavailable if its settings are not known."""
        self._refuse_lost(location_id)
        location = self._locations.get(location_id)
        if location is None:
            raise LocationUnavailable(
                self._problems.get(location_id, "The file is in a storage that is no longer configured."),
                hint="An administrator can add the settings of that storage again.",
            )
        return location

    def _refuse_lost(self, location_id: str) -> None:
        """If a bucket was emptied or replaced, its objects are not reported missing, because the real storage may come
        back.
        """
        lost = self._refusal() if location_id == self._active.row.id else None
        if lost is not None and lost.code == LocationMissing.code:
            raise LocationMissing(lost.reason, hint=lost.hint)

    def _backend_of(self, location_id: str) -> BaseStorageBackend:
        self._refuse_lost(location_id)
        return (self._active if location_id == self._active.row.id else self.location(location_id)).backend

    async def _delete_bytes(self, stored: StoredObject) -> bool:
        try:
            await self._backend_of(stored.location_id).delete(stored.key)
        except AishareError as error:
            _log.warning("delete_postponed", location=stored.location_id, key=stored.key, error=error.code)
            return False
        return True


def _is_small(incoming: NewContent) -> bool:
    return incoming.announced_bytes is not None and incoming.announced_bytes <= _SMALL


def _again(incoming: NewContent, pieces: list[bytes]) -> NewContent:
    async def iterate() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return replace(incoming, pieces=iterate())
