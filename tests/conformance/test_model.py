"""Random walks of a backend beside a dict: whatever order things happen in, both hold the same."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from aishare.core.errors import LengthMismatch, ObjectNotFound, UnsatisfiableRange
from aishare.core.keys import parse_key
from aishare.core.ranges import ByteRange
from aishare.storage.base import Source
from tests.conformance.backends import BACKENDS
from tests.support.s3servers import s3_server

KEYS = st.sampled_from(
    [parse_key(name) for name in ("objects/ab/cd/1", "objects/ab/cd/2", "objects/ab/ce/1", "objects/b/1", "probe/x")]
)
CONTENTS = st.binary(max_size=200)
SIZES = st.integers(0, 220)


class Broke(Exception):
    pass


def source_of(content, *, pieces=3, fail=False):
    async def give():
        step = max(len(content) // pieces, 1)
        for start in range(0, len(content), step):
            yield content[start : start + step]
        if fail:
            raise Broke

    return Source(give)


class Walk(RuleBasedStateMachine):
    """`factory` is set by the test."""

    factory = None

    def __init__(self):
        super().__init__()
        self.model = {}
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.backend = self.run(self.stack.enter_async_context(type(self).factory(Path(folder), s3_server)))

    def run(self, work):
        return self.runner.run(work)

    def teardown(self):
        self.run(self.stack.aclose())
        self.runner.close()

    def put(self, key, source, size):
        return self.run(self.backend.put(key, source, size=size, content_type="text/plain"))

    @rule(key=KEYS, content=CONTENTS, announced=st.booleans())
    def stores(self, key, content, announced):
        info = self.put(key, source_of(content), len(content) if announced else None)
        assert (info.key, info.size_bytes) == (key, len(content))
        self.model[key] = content

    @rule(key=KEYS, content=CONTENTS)
    def fails_to_store(self, key, content):
        with pytest.raises(Broke):
            self.put(key, source_of(content, fail=True), None)

    @rule(key=KEYS, content=CONTENTS, size=SIZES)
    def announces_a_size(self, key, content, size):
        if size == len(content):
            return
        with pytest.raises(LengthMismatch):
            self.put(key, source_of(content), size)

    @rule(key=KEYS)
    def deletes(self, key):
        self.run(self.backend.delete(key))
        self.model.pop(key, None)

    @rule(key=KEYS, start=SIZES, length=st.integers(1, 100))
    def reads_a_range(self, key, start, length):
        async def read():
            async with self.backend.read(key, ByteRange(start, start + length)) as reader:
                return reader, b"".join([piece async for piece in reader.pieces])

        content = self.model.get(key)
        if content is None:
            with pytest.raises(ObjectNotFound):
                self.run(read())
        elif start >= len(content):
            with pytest.raises(UnsatisfiableRange):
                self.run(read())
        else:
            reader, got = self.run(read())
            assert got == content[start : start + length]
            assert reader.byte_range == ByteRange(start, start + len(got))
            assert reader.info.size_bytes == len(content)

    @rule(key=KEYS)
    def asks(self, key):
        if key in self.model:
            assert self.run(self.backend.stat(key)).size_bytes == len(self.model[key])
        else:
            with pytest.raises(ObjectNotFound):
                self.run(self.backend.stat(key))

    @rule(prefix=st.sampled_from(["", "objects/", "objects/ab/c", "objects/b", "nothing"]), at=st.integers(0, 4))
    def lists(self, prefix, at):
        order = [info.key for info in self.run(self.listed(prefix))]
        assert sorted(order) == sorted(key for key in self.model if key.startswith(prefix))
        if at < len(order):
            rest = self.run(self.listed(prefix, after=order[at]))
            assert [info.key for info in rest] == order[at + 1 :]

    @invariant()
    def holds_the_same(self):
        assert self.run(self.everything()) == self.model

    async def listed(self, prefix, *, after=None):
        return [info async for info in self.backend.scan(prefix, after=after)]

    async def everything(self):
        found = {}
        for info in await self.listed(""):
            async with self.backend.read(info.key) as reader:
                found[info.key] = b"".join([piece async for piece in reader.pieces])
            assert len(found[info.key]) == info.size_bytes
        return found


@pytest.mark.parametrize("name", ["memory", "local", "wrapped-local"])
def test_a_random_walk_ends_as_the_dict_does(name):
    walk = type("Walk", (Walk,), {"factory": staticmethod(BACKENDS[name])})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
