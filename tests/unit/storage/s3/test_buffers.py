"""Parts of uploads: what is sent of them, from memory and from disk."""

from hashlib import md5

import pytest

from aishare.core.sizes import KiB
from aishare.storage.backends.s3.buffers import PartBudget, part_buffer

CONTENT = bytes(range(256)) * 4 * 700  # 700 KiB


async def _pieces(body):
    return [piece async for piece in body]


@pytest.mark.parametrize("budget", [1024 * KiB, 0], ids=["memory", "disk"])
async def test_a_part_is_sent_in_pieces_and_again(budget, tmp_path):
    async with part_buffer(PartBudget(budget), len(CONTENT), tmp_path) as buffer:
        assert buffer.in_memory == bool(budget)
        for start in range(0, len(CONTENT), 100_000):
            await buffer.add(CONTENT[start : start + 100_000])
        assert await buffer.md5() == md5(CONTENT, usedforsecurity=False).digest()
        for _ in range(2):
            pieces = await _pieces(buffer.sendable())
            assert b"".join(pieces) == CONTENT
            assert max(map(len, pieces)) == 256 * KiB
        body = buffer.body()
        assert await anext(aiter(body)) == CONTENT[: 256 * KiB]  # and then the connection breaks
        assert b"".join(await _pieces(body)) == CONTENT
        body = buffer.body()
        assert (body.read(3), body.tell(), body.seek(0), body.read()) == (CONTENT[:3], 3, 0, CONTENT)


async def test_a_little_is_sent_at_once(tmp_path):
    async with part_buffer(PartBudget(), 10, tmp_path) as buffer:
        await buffer.add(b"little")
        assert buffer.sendable() == b"little"
    async with part_buffer(PartBudget(0), 10, tmp_path) as buffer:
        await buffer.add(b"little")
        assert await _pieces(buffer.sendable()) == [b"little"]
