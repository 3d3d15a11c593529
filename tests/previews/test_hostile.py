"""Every file that is made to hurt is answered in time, with a reason, by a child that may die of it."""

import asyncio
import json
import random
import resource
import time

import pytest

from aishare.previews.answers import Nothing, Unreadable, decode
from aishare.previews.children import Children
from aishare.previews.limits import SECONDS
from tests.previews.corpus import Hostile, corpus, honest_parquet, of

CORPUS = corpus()


@pytest.fixture(scope="module")
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def children(loop):
    async def make():
        return Children()

    made = loop.run_until_complete(make())
    yield made
    loop.run_until_complete(made.aclose())


async def look(children: Children, file: Hostile):
    async def read(start, length):
        data = file.read(start, length)
        assert len(data) == length
        return data

    task = {"reader": file.reader, "name": "a", "size": file.size, "page": file.page}
    try:
        return decode(await children.ask(json.dumps(task).encode(), read))
    except Unreadable as reason:
        return Nothing(str(reason))


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_is_answered_in_time_and_with_a_reason(loop, children, name):
    file = CORPUS[name]
    started = time.monotonic()
    answer = loop.run_until_complete(look(children, file))
    assert time.monotonic() - started < SECONDS + 2
    if file.reason is None:
        assert not isinstance(answer, Nothing), answer
    else:
        assert isinstance(answer, Nothing)
        assert file.reason in answer.reason


def test_the_corpus_is_large_enough():
    assert len(CORPUS) >= 60


def test_damaged_parquet_files_never_harm_more_than_themselves(loop, children):
    honest, chance = honest_parquet(), random.Random(5)
    for _ in range(60):
        damaged = bytearray(honest)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        loop.run_until_complete(look(children, of("parquet", bytes(damaged))))
    answer = loop.run_until_complete(look(children, of("parquet", honest, None)))
    assert answer.row_count == 300


def test_the_child_has_no_more_memory_than_it_may(loop, children):
    loop.run_until_complete(look(children, CORPUS["parquet-one-value-for-all-rows"]))
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert usage.ru_maxrss < 1 << 20  # KiB
