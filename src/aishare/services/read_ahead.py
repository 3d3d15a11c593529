"""The contents of small objects, read in groups before their turn comes.

To read a tiny file by itself costs a way through a thread and back, which takes longer than to send it.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from aishare.catalogue.objects import StoredObject
from aishare.core.keys import Key
from aishare.core.sizes import KiB
from aishare.storage.base import BaseStorageBackend

_GROUP: Final = 32
_SMALL: Final = 64 * KiB
"""A group holds 2 MiB at most."""


async def read_ahead(
    backend: BaseStorageBackend, page: Sequence[StoredObject]
) -> AsyncIterator[tuple[StoredObject, bytes | None]]:
    """Each object with its content, or with None where it has to be read in the ordinary way. Nothing is proven yet."""
    for start in range(0, len(page), _GROUP):
        group = page[start : start + _GROUP]
        contents = await _contents(backend, group)
        for stored in group:
            yield stored, contents.get(stored.key)


async def _contents(backend: BaseStorageBackend, group: Sequence[StoredObject]) -> Mapping[Key, bytes]:
    small = [stored.key for stored in group if stored.digests.size_bytes <= _SMALL]
    if backend.small_reads is None or not small:
        return {}
    return await backend.small_reads.read_small(small, at_most_bytes=_SMALL)
