"""Reading objects as they were stored: not from places where they are known to be damaged; new damage is recorded."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from aishare.catalogue.content import objects
from aishare.catalogue.content.objects import StoredObject
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.moving import copies
from aishare.core.clock import Clock
from aishare.core.errors import BackendError, CorruptObject, ObjectNotFound
from aishare.core.ranges import ByteRange
from aishare.services.content.proofs import LocalObject, Proofs
from aishare.services.content.reading import Search, Whereabouts, resilient_read
from aishare.storage.base import BaseStorageBackend, LocalFiles, ObjectInfo, ObjectReader
from aishare.storage.flow.holding import HoldingSpace


class Retrieval:
    """`backend_of` raises LocationUnavailable; `discover` opens locations that another process has just created."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        clock: Clock,
        backend_of: Callable[[str], BaseStorageBackend],
        discover: Callable[[], Awaitable[None]] | None,
        room: HoldingSpace,
    ) -> None:
        self._catalogue = catalogue
        self._backend_of = backend_of
        self._discover = discover
        self._room = room
        self._proofs = Proofs(catalogue=catalogue, clock=clock)

    def read(self, stored: StoredObject, byte_range: ByteRange | None) -> AbstractAsyncContextManager[ObjectReader]:
        """The content, each chunk checked against its digest before it is returned; from copies if necessary."""
        if self._proofs.suspects(stored):
            return self._read_damaged(stored, byte_range)
        search = self._search(stored, Whereabouts(stored.location_id, stored.key))
        return resilient_read(search, byte_range, stored.digests, self._room)

    def local_object(self, stored: StoredObject, files: LocalFiles) -> LocalObject:
        """An object in a location that has files."""
        return LocalObject(self._proofs, stored, files.path_of(stored.key), files.given_out)

    def _search(self, stored: StoredObject, first: Whereabouts) -> Search:
        others, condemn = partial(self._places, stored), partial(self._condemn, stored)
        return Search(first, others, self._backend_of, self._discover, condemn)

    @asynccontextmanager
    async def _read_damaged(self, stored: StoredObject, byte_range: ByteRange | None) -> AsyncIterator[ObjectReader]:
        places = await self.good_places(stored)
        search = self._search(stored, places[0])
        async with resilient_read(search, byte_range, stored.digests, self._room) as reader:
            yield reader

    async def good_places(self, stored: StoredObject) -> list[Whereabouts]:
        """At least one; CorruptObject or ObjectNotFound if it is known that there is none."""
        places = await self._places(stored)
        if not places:
            kind = ObjectNotFound if stored.damage == ObjectNotFound.code else CorruptObject
            raise kind(
                "The bytes of this file are damaged in the storage, and there is no other copy.",
                hint="Upload the file again.",
            )
        return places

    async def _places(self, stored: StoredObject) -> list[Whereabouts]:
        """Where its content may be now: not where it is known to be damaged."""
        now, left = await self._catalogue.read(
            lambda connection: (objects.find_object(connection, stored.id), copies.copies_of(connection, stored.id))
        )
        elsewhere = [Whereabouts(copy.location_id, copy.key) for copy in left]
        if now is None or (now.damage is not None and not await self._was_touched(now)):
            return elsewhere
        return [Whereabouts(now.location_id, now.key), *elsewhere]

    async def _was_touched(self, stored: StoredObject) -> bool:
        """Whether its file is not the one that was found damaged: someone may have restored it."""
        try:
            backend = self._backend_of(stored.location_id)
            return backend.local_files is not None and (await backend.stat(stored.key)).stamps != stored.stamps
        except BackendError:
            return False

    async def _condemn(
        self, stored: StoredObject, place: Whereabouts, error: BackendError, info: ObjectInfo | None
    ) -> bool:
        """Whether the damage is permanent, as on a disk. Damage in the object's own location is recorded; data from a
        network may have been damaged in transit.
        """
        try:
            backend = self._backend_of(place.location_id)
            if backend.local_files is None:
                return False
            info = info or await backend.stat(place.key)  # another size, so nothing was read
        except BackendError:
            return False  # just deleted
        if place == Whereabouts(stored.location_id, stored.key):
            await self._proofs.condemn(stored, error, info.stamps)
        return True
