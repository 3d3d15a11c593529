"""Every file that is made to hurt is answered in time, with a reason, by a child that may die of it."""

import asyncio
import random
import time

import pytest

from aishare.previews.answers import Answer, Nothing
from aishare.previews.limits import MEMORY_BYTES, SECONDS
from aishare.previews.looking import Task, look, reader_pool
from aishare.sandbox.pool import Pool
from tests.previews.corpus import Hostile, corpus, honest_parquet, of
from tests.support.memory import peak

CORPUS = corpus()
ENDLESS = ("csv-rows-and-no-more-for-1-gb", "csv-page-ten-million")
"""Nothing but the clock ends these."""


@pytest.fixture(scope="module")
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def pool(loop):
    async def make(seconds):
        return reader_pool(seconds=seconds)

    made = loop.run_until_complete(make(SECONDS))
    yield made
    loop.run_until_complete(made.aclose())


async def look_into(pool: Pool, file: Hostile) -> Answer:
    async def read(start, length):
        data = file.read(start, length)
        assert len(data) == length
        return data

    return await look(pool, Task(file.reader, "a", file.size, file.page), read)


@pytest.mark.parametrize("name", sorted(CORPUS.keys() - ENDLESS))
def test_a_hostile_file_is_answered_in_time_and_with_a_reason(loop, pool, name):
    file = CORPUS[name]
    started = time.monotonic()
    answer = loop.run_until_complete(look_into(pool, file))
    assert time.monotonic() - started < SECONDS + 30
    if file.reason is None:
        assert not isinstance(answer, Nothing), answer
    else:
        assert isinstance(answer, Nothing)
        assert file.reason in answer.reason


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_ended_by_the_clock(loop, name):
    async def ended():
        pool = reader_pool(seconds=1)
        started = time.monotonic()
        answer = await look_into(pool, CORPUS[name])
        taken = time.monotonic() - started
        assert pool.pids == []
        await pool.aclose()
        return answer, taken

    answer, taken = loop.run_until_complete(ended())
    assert isinstance(answer, Nothing)
    assert "takes longer" in answer.reason
    assert taken < SECONDS


def test_the_corpus_is_large_enough():
    assert len(CORPUS) >= 60


def test_damaged_parquet_files_never_harm_more_than_themselves(loop, pool):
    honest, chance = honest_parquet(), random.Random(5)
    for _ in range(60):
        damaged = bytearray(honest)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        loop.run_until_complete(look_into(pool, of("parquet", bytes(damaged))))
    answer = loop.run_until_complete(look_into(pool, of("parquet", honest, None)))
    assert answer.row_count == 300


def test_the_child_has_no_more_memory_than_it_may(loop, pool):
    loop.run_until_complete(look_into(pool, CORPUS["parquet-one-value-for-all-rows"]))
    assert pool.pids
    assert max(map(peak, pool.pids)) < MEMORY_BYTES
