"""Reading objects: from their own location first, then from copies left by a migration.

Every byte is verified before it is sent, so a reader can switch to another location in the middle of a download, or
read damaged data again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from aishare.core.digests import ContentDigests
from aishare.core.errors import BackendError, CorruptObject, LocationUnavailable
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, cut_range
from aishare.storage.flow.holding import HoldingSpace
from aishare.storage.flow.verify import verified_read

_PAUSES: Final = (0.1, 0.1, 0.3, 0.6, 1.2, 2.4, 4.8)
"""Seconds between attempts while no location has intact bytes for a download that has already begun. It can no longer
respond with 503, and a storage that fails briefly or restarts is back within this time.
"""

_SPOILED_PAUSES: Final = 6
"""Number of attempts if the bytes are damaged: on a bad network the next attempt may succeed, on a bad disk it will
not.
"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place where the content may be."""

    location_id: str
    key: Key


@dataclass(frozen=True, slots=True)
class Search:
    """`backend_of` raises LocationUnavailable; `others` queries the database again, because the object may
    have moved.
    """

    first: Whereabouts
    others: Callable[[], Awaitable[list[Whereabouts]]]
    backend_of: Callable[[str], BaseStorageBackend]
    discover: Callable[[], Awaitable[None]] | None = None
    """Opens locations that another process has just created."""
    condemn: Callable[[Whereabouts, BackendError, ObjectInfo | None], Awaitable[bool]] | None = None
    """Called with the place and the object that damaged bytes came from; returns whether the damage is permanent."""

    async def backend(self, location_id: str) -> BaseStorageBackend:
        """LocationUnavailable if its settings are not known."""
        try:
            return self.backend_of(location_id)
        except LocationUnavailable:
            if self.discover is None:
                raise
        await self.discover()
        return self.backend_of(location_id)


@asynccontextmanager
async def resilient_read(
    search: Search, byte_range: ByteRange | None, digests: ContentDigests, room: HoldingSpace
) -> AsyncIterator[ObjectReader]:
    """Like `verified_read`. Raises the error of the first place if no place has the content."""
    wanted = cut_range(byte_range, digests.size_bytes)
    reading = _ResilientRead(search, digests, room)
    try:
        reader = await reading.open(wanted)
        yield ObjectReader(reader.info, wanted, reading.pieces(wanted))
    finally:
        await reading.close()


class _ResilientRead:
    def __init__(self, search: Search, digests: ContentDigests, room: HoldingSpace) -> None:
        self._search = search
        self._digests = digests
        self._room = room
        self._stack = AsyncExitStack()
        self._pieces: AsyncIterator[bytes] | None = None
        self._place = search.first
        self._info: ObjectInfo | None = None
        self._tried: set[Whereabouts] = set()
        self._condemned: set[Whereabouts] = set()
        self._first_error: BackendError | None = None

    async def open(self, wanted: ByteRange | None) -> ObjectReader:
        """From the first place that can be opened."""
        while True:
            try:
                return await self._enter(wanted)
            except BackendError as error:
                await self._next_place(error)

    async def pieces(self, wanted: ByteRange | None) -> AsyncIterator[bytes]:
        """What was sent stays sent: another place continues after it."""
        position, stop = (wanted.start, wanted.stop) if wanted else (0, 0)
        failures = 0
        while position < stop:
            try:
                if self._pieces is None:
                    await self._enter(ByteRange(position, stop))
                assert self._pieces is not None
                async for piece in self._pieces:
                    position += len(piece)
                    failures = 0
                    yield piece
            except BackendError as error:
                self._pieces = None
                failures += 1
                if failures > 1 or not isinstance(
                    error, CorruptObject
                ):  # possibly damaged in transit: try there once more
                    await self._other_place(error, failures=failures)

    async def close(self) -> None:
        await self._stack.aclose()

    async def _enter(self, wanted: ByteRange | None) -> ObjectReader:
        await self._stack.aclose()
        self._info = None
        backend = await self._search.backend(self._place.location_id)
        async with AsyncExitStack() as stack:
            reader = await stack.enter_async_context(
                verified_read(backend, self._place.key, wanted, self._digests, self._room)
            )
            self._stack = stack.pop_all()
        self._info = reader.info
        self._pieces = aiter(reader.pieces)
        return reader

    async def _other_place(self, error: BackendError, *, failures: int) -> None:
        """The next place; if there is none and waiting may help, all places again a little later."""
        try:
            await self._next_place(error)
        except BackendError:
            if failures > _pauses(error) or self._tried <= self._condemned:
                raise
            self._tried.clear()
            await asyncio.sleep(_PAUSES[failures - 1])

    async def _next_place(self, error: BackendError) -> None:
        """Raises the first error if there is none left."""
        self._first_error = self._first_error or error
        self._tried.add(self._place)
        condemn = self._search.condemn if isinstance(error, CorruptObject) else None
        if condemn is not None and await condemn(self._place, error, self._info):
            self._condemned.add(self._place)
        left = [place for place in await self._search.others() if place not in self._tried]
        if not left:
            raise self._first_error
        if not isinstance(error, LocationUnavailable):
            _log.warning("read_elsewhere", location=self._place.location_id, code=error.code, now=left[0].location_id)
        self._place = left[0]


def _pauses(error: BackendError) -> int:
    """How many pauses make sense after this error."""
    if isinstance(error, CorruptObject):
        return _SPOILED_PAUSES
    return len(_PAUSES) if error.retryable else 0
