"""The next group is read while one is worked on, and no further."""

import asyncio
from contextlib import aclosing
from types import SimpleNamespace

import pytest

from aishare.core.errors import BackendUnavailable
from aishare.services.moving.read_ahead import read_ahead

SMALL = 10


class _Store:
    """Counts what it was asked for; `fails` from this group on."""

    def __init__(self, fails: int | None = None) -> None:
        self.groups: list[int] = []
        self.cancelled = 0
        self._fails = fails
        self.small_reads = self

    async def read_small(self, keys, *, at_most_bytes):
        assert at_most_bytes >= SMALL
        self.groups.append(len(keys))
        if self._fails is not None and len(self.groups) > self._fails:
            raise BackendUnavailable("gone")
        try:
            await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return {key: key.encode() for key in keys}


def _page(count, size=SMALL):
    return [SimpleNamespace(key=f"k{number}", digests=SimpleNamespace(size_bytes=size)) for number in range(count)]


async def test_all_come_in_order_each_with_its_content():
    page = _page(70)
    page[3].digests.size_bytes = 1 << 20
    found = [(stored.key, content) async for stored, content in read_ahead(_Store(), page)]
    assert found == [(one.key, None if one is page[3] else one.key.encode()) for one in page]
    assert [one async for one in read_ahead(_Store(), [])] == []


async def test_one_group_is_read_ahead():
    store = _Store()
    async with aclosing(read_ahead(store, _page(100))) as coming:
        await anext(coming)
        await asyncio.sleep(0.01)
        assert store.groups == [32, 32]


async def test_leaving_early_ends_what_is_being_read():
    store = _Store()
    async with aclosing(read_ahead(store, _page(100))) as coming:
        await anext(coming)
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert store.cancelled == 1


async def test_what_the_store_says_is_raised_where_its_group_begins():
    coming = read_ahead(_Store(fails=1), _page(100))
    for _ in range(32):
        await anext(coming)
    with pytest.raises(BackendUnavailable):
        await anext(coming)
