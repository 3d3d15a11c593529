"""The contents of small objects, read in groups before they are needed.

Reading a tiny file alone needs a switch to a thread and back, which takes longer than sending it.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Final

from aishare.catalogue.content.objects import StoredObject
from aishare.core.keys import Key
from aishare.core.sizes import SMALL_SIZE
from aishare.storage.base import BaseStorageBackend

_GROUP: Final = 32
"""Of small objects: 2 MiB at most."""


async def read_ahead(
    backend: BaseStorageBackend, page: Sequence[StoredObject]
) -> AsyncGenerator[tuple[StoredObject, bytes | None], None]:
    """Each object with its content, or with None if it must be read in the ordinary way. Nothing is verified yet.

    The next group is read while one is being worked on. Must be closed if not used up.
    """
    groups = [page[start : start + _GROUP] for start in range(0, len(page), _GROUP)]
    coming = [asyncio.ensure_future(_contents(backend, group)) for group in groups[:1]]
    try:
        for number, group in enumerate(groups):
            contents = await coming.pop()
            coming = [asyncio.ensure_future(_contents(backend, later)) for later in groups[number + 1 : number + 2]]
            for stored in group:
                yield stored, contents.get(stored.key)
    finally:
        for left in coming:
            left.cancel()
        await asyncio.gather(*coming, return_exceptions=True)


async def _contents(backend: BaseStorageBackend, group: Sequence[StoredObject]) -> Mapping[Key, bytes]:
    small = [stored.key for stored in group if stored.digests.size_bytes <= SMALL_SIZE]
    if backend.small_reads is None or not small:
        return {}
    return await backend.small_reads.read_small(small, at_most_bytes=SMALL_SIZE)
