"""Pieces on their way in: gathered, cut, and none lost."""

import hashlib
import os

import pytest

from aishare.core.ids import new_id
from aishare.core.keys import object_key
from aishare.core.sizes import PIECE_SIZE
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import Source
from aishare.storage.flow.ingest import ingest


class NotingBackend(MemoryStorageBackend):
    """Notes the sizes of the pieces it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    async def put(self, key, source, *, size, content_type):
        async def noted():
            async for piece in source.open():
                self.sizes.append(len(piece))
                yield piece

        return await super().put(key, Source(open=noted), size=size, content_type=content_type)


@pytest.mark.parametrize(
    ("sizes", "given"),
    [
        ([], []),
        ([1], [1]),
        ([PIECE_SIZE // 4] * 9, [PIECE_SIZE, PIECE_SIZE, PIECE_SIZE // 4]),
        ([PIECE_SIZE - 1, PIECE_SIZE], [2 * PIECE_SIZE - 1]),
        ([2 * PIECE_SIZE, 3], [2 * PIECE_SIZE, 3]),
        ([5 * PIECE_SIZE + 3], [PIECE_SIZE] * 5 + [3]),
    ],
)
async def test_pieces_are_gathered_and_cut_and_nothing_is_lost(sizes, given):
    pieces = [os.urandom(size) for size in sizes]

    async def coming():
        for piece in pieces:
            yield piece

    backend, key = NotingBackend(), object_key(new_id())
    ingested = await ingest(
        backend, key, coming(), limit_bytes=None, announced_bytes=None, content_type=lambda _: "application/x-test"
    )
    assert backend.sizes == given
    assert ingested.digests.sha256 == hashlib.sha256(b"".join(pieces)).digest()
    async with backend.read(key) as reader:
        assert b"".join([piece async for piece in reader.pieces]) == b"".join(pieces)
