"""Copies one object from one backend to another, verified at both ends."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Literal

from aishare.core.digests import ContentDigests
from aishare.core.errors import AishareError, CorruptObject
from aishare.core.keys import Key
from aishare.core.sizes import SMALL_SIZE
from aishare.storage.base import BaseStorageBackend, ObjectInfo, Source
from aishare.storage.flow.verify import verified_read

Verification = Literal["read", "checksum"]
"""How the copy is verified: by reading it back, or by its size and the checks of the upload itself."""


Pace = Callable[[int], Awaitable[None]]
"""Waits until this many more bytes may be moved."""


async def replicate(  # noqa: PLR0913 - two locations and the object
    source: BaseStorageBackend,
    source_key: Key,
    target: BaseStorageBackend,
    target_key: Key,
    *,
    digests: ContentDigests,
    content_type: str,
    verification: Verification = "read",
) -> ObjectInfo:
    """Copies the object; returns the info of the copy. Raises CorruptObject or ObjectNotFound if the source is not what
    was stored.

    Only pieces are kept in memory. When it returns, the target is durable and verified; when it raises, the target key
    may contain bytes that nothing refers to, and everything may be repeated.
    """
    origin = CopySource(source, source_key, digests)
    await target.put(target_key, origin.source(), size=digests.size_bytes, content_type=content_type)
    return await prove(target, target_key, digests, verification=verification)


async def copied_inside(origin: "CopySource", target: BaseStorageBackend, target_key: Key) -> bool:
    """Whether the storage copied it itself, on the target's side; nothing is verified. False if it cannot."""
    here, there = target.copier, origin.backend.copier
    if here is None or there is None or not here.reaches(there):
        return False
    await origin.wait_for_pace()
    try:
        await here.copy(origin.key, target_key, origin=there)
    except AishareError:
        return False  # sent through us, the same object shows which end is to blame
    return True


class CopySource:
    """An object to be copied. `error` is the error of reading it: then the target is not to blame.

    `content`, if it was already read and is correct, is sent instead of reading it again.
    """

    def __init__(
        self,
        backend: BaseStorageBackend,
        key: Key,
        digests: ContentDigests,
        *,
        pace: Pace | None = None,
        content: bytes | None = None,
    ) -> None:
        self.backend = backend
        self.key = key
        self._digests = digests
        self._pace = pace
        self._content = content if content is not None and digests.are_of(content) else None
        self.error: AishareError | None = None

    def source(self, *, read_back: bool = False) -> Source:
        """For `put`; may be opened again. Verified piece by piece, unless the copy is `read_back`, which
        verifies both.
        """
        pieces = partial(self._pieces, proven=not read_back) if self._content is None else self._at_once
        return Source(open=pieces, rewindable=True, read_back=read_back)

    async def wait_for_pace(self) -> None:
        """Until all of it may be moved at once."""
        if self._pace is not None:
            await self._pace(self._digests.size_bytes)

    async def _at_once(self) -> AsyncIterator[bytes]:
        await self.wait_for_pace()
        if self._content:
            yield self._content

    async def _pieces(self, *, proven: bool) -> AsyncIterator[bytes]:
        self.error = None
        reading = verified_read(self.backend, self.key, None, self._digests) if proven else self.backend.read(self.key)
        try:
            async with reading as reader:
                async for piece in reader.pieces:
                    if self._pace is not None:
                        await self._pace(len(piece))
                    yield piece
        except AishareError as error:
            self.error = error
            raise


async def prove(
    backend: BaseStorageBackend, key: Key, digests: ContentDigests, *, verification: Verification = "read"
) -> ObjectInfo:
    """Raises CorruptObject unless the content matches `digests`. The info is from before it was read."""
    if verification == "read" and 0 < digests.size_bytes <= SMALL_SIZE:
        return await _prove_small(backend, key, digests)
    async with verified_read(backend, key, None, digests) as reader:
        if verification == "read":
            async for _piece in reader.pieces:
                pass
        return reader.info


async def _prove_small(backend: BaseStorageBackend, key: Key, digests: ContentDigests) -> ObjectInfo:
    """Without the overhead of a verified read, which costs as much as the request."""
    content = b""
    async with backend.read(key) as reader:
        async for piece in reader.pieces:
            content += piece
            if len(content) > digests.size_bytes:
                break
    if not digests.are_of(content):
        raise CorruptObject(f"The storage has different bytes than were stored ({reader.info.size_bytes} bytes).")
    return reader.info
