"""One object from one backend to another, proven at both ends."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal

from aishare.core.digests import ContentDigests
from aishare.core.keys import Key
from aishare.storage.base import BaseStorageBackend, Source
from aishare.storage.verify import verified_read

Verification = Literal["read", "checksum"]
"""How the target is proven: by reading all of it back, or by its size and what the upload itself checked."""


async def replicate(  # noqa: PLR0913 - two places, and what lies there
    source: BaseStorageBackend,
    source_key: Key,
    target: BaseStorageBackend,
    target_key: Key,
    *,
    digests: ContentDigests,
    content_type: str,
    verification: Verification = "read",
    pace: Callable[[int], Awaitable[None]] | None = None,
) -> None:
    """Stream the object over, `pace` being told of each piece first.

    Raises CorruptObject or ObjectNotFound if the source is not what was once stored.

    Nothing is kept in memory but pieces. When it returns the target is durable and proven; when it raises, the target
    key may hold bytes that nothing points to, and the whole may be repeated.
    """

    async def pieces() -> AsyncIterator[bytes]:
        async with verified_read(source, source_key, None, digests) as reader:
            async for piece in reader.pieces:
                if pace is not None:
                    await pace(len(piece))
                yield piece

    await target.put(
        target_key, Source(open=pieces, rewindable=True), size=digests.size_bytes, content_type=content_type
    )
    await prove(target, target_key, digests, verification=verification)


async def prove(
    backend: BaseStorageBackend, key: Key, digests: ContentDigests, *, verification: Verification = "read"
) -> None:
    """Raises CorruptObject unless the bytes are those of `digests`."""
    async with verified_read(backend, key, None, digests) as reader:
        if verification == "checksum":
            return
        async for _piece in reader.pieces:
            pass
