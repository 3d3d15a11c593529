"""What makes the circuit ask the storage, what the answer changes, and who waits meanwhile."""

import asyncio

import pytest

from aishare.core.errors import (
    BackendDenied,
    BackendTimeout,
    BackendUnavailable,
    BucketNotFound,
    CorruptObject,
    LocationUnavailable,
    ObjectNotFound,
    StorageFull,
    WrongRegion,
)
from aishare.core.keys import parse_key
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import Source
from aishare.storage.wrappers import breaking
from aishare.storage.wrappers.breaking import BreakingBackend, is_outage
from tests.support.sources import SourceFailed, endless_source, failing_source, read_all, source_of

KEY = parse_key("objects/x")
AWAY = BackendUnavailable("The connection was refused.")


class Store(MemoryStorageBackend):
    """Stores for real; `reading` and `writing` are errors that such verbs end in, and `hangs` lets all of them wait."""

    def __init__(self):
        super().__init__()
        self.reading = None
        self.writing = None
        self.hangs = False
        self.calls = []
        self.cancelled = 0

    async def _verb(self, name, error):
        self.calls.append(name)
        if self.hangs:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        if error is not None:
            raise error

    async def put(self, key, source, *, size, content_type):
        await self._verb("put", self.writing)
        return await super().put(key, source, size=size, content_type=content_type)

    async def stat(self, key):
        await self._verb("stat", self.reading)
        return await super().stat(key)

    async def delete(self, key):
        await self._verb("delete", self.writing)
        await super().delete(key)


class Time:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def time():
    return Time()


@pytest.fixture
async def backend(store, time):
    backend = BreakingBackend(store, clock=time)
    yield backend
    await backend.aclose()


@pytest.fixture
def soon(monkeypatch):
    """A storage that hangs is named sooner than in service."""
    monkeypatch.setattr(breaking, "CHECK_SECONDS", 0.05)


async def put(backend, source=None):
    return await backend.put(KEY, source or source_of(100), size=None, content_type="x")


async def asked():
    """Lets a check that was begun in the background come to its end."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("error", "tells"),
    [
        (BackendUnavailable("x"), True),
        (BackendTimeout("x"), True),
        (BackendDenied("x"), True),
        (BucketNotFound("x"), True),
        (WrongRegion("x"), True),
        (ObjectNotFound("x"), False),
        (CorruptObject("x"), False),
        (StorageFull("x"), False),
        (LocationUnavailable("x"), False),
        (SourceFailed("x"), False),
    ],
)
def test_what_may_mean_that_the_storage_does_not_work(error, tells):
    assert is_outage(error) is tells


async def test_one_failure_is_not_an_outage_when_the_storage_answers(backend, store):
    store.reading = AWAY
    with pytest.raises(BackendUnavailable):
        await backend.stat(KEY)
    store.reading = None
    await asked()
    assert store.calls == ["stat", "stat"]
    assert backend.outage is None


async def test_while_the_storage_does_not_work_nobody_asks_it_for_anything(backend, store):
    await put(backend)
    store.reading = AWAY
    with pytest.raises(BackendUnavailable):
        await backend.stat(KEY)
    await asked()
    assert (backend.outage.code, backend.outage.reason) == ("storage_unavailable", AWAY.message)
    store.reading, store.calls = None, []
    for work in (put(backend), read_all(backend, KEY), backend.stat(KEY), backend.delete(KEY), anext(backend.scan())):
        with pytest.raises(BackendUnavailable, match="refused"):
            await work
    assert store.calls == []


async def test_it_is_noticed_that_the_storage_works_again(backend, store):
    store.reading = AWAY
    await backend.check()
    since = backend.outage.since
    store.reading = BackendDenied("The key is not known.")
    await backend.watch()
    assert (backend.outage.code, backend.outage.since) == (BackendDenied.code, since)
    store.reading = None
    await backend.watch()
    assert backend.outage is None
    await put(backend)
    assert len(await read_all(backend, KEY)) == 100


async def test_a_failed_write_is_followed_by_a_write(backend, store):
    """A storage may look up objects and yet take none."""
    store.writing = BackendDenied("Read only.")
    with pytest.raises(BackendDenied):
        await put(backend)
    await asked()
    assert backend.outage.code == BackendDenied.code
    await backend.watch()
    assert backend.outage is not None
    store.writing = None
    await backend.watch()
    assert backend.outage is None
    assert [info.key async for info in backend.scan()] == []


async def test_errors_of_one_object_or_of_the_sender_ask_nothing(backend, store):
    with pytest.raises(ObjectNotFound):
        await backend.stat(KEY)
    with pytest.raises(SourceFailed):
        await put(backend, failing_source(10))
    store.writing = StorageFull("No space.")
    with pytest.raises(StorageFull):
        await put(backend)
    await asked()
    assert store.calls == ["stat", "put", "put"]
    assert backend.outage is None


async def test_idle_is_the_time_since_something_went_well(backend, store, time):
    assert backend.idle_seconds == float("inf")
    await put(backend)
    time.now += 4
    assert backend.idle_seconds == 4
    with pytest.raises(ObjectNotFound):
        await backend.stat(parse_key("objects/none"))
    assert backend.idle_seconds == 0
    time.now += 4
    store.reading = StorageFull("x")
    with pytest.raises(StorageFull):
        await backend.stat(KEY)
    assert backend.idle_seconds == 4


async def test_a_storage_at_rest_is_left_alone(backend, store, time):
    await put(backend)
    time.now += 1000
    store.calls = []
    await backend.watch()
    assert store.calls == []


async def test_those_who_ask_at_the_same_time_share_the_answer(backend, store):
    await asyncio.gather(*(backend.check() for _ in range(20)))
    assert store.calls == ["stat"]


@pytest.mark.usefixtures("soon")
async def test_a_storage_that_hangs_while_somebody_waits_is_asked_and_named(backend, store, time):
    await put(backend)
    store.hangs, store.calls = True, []
    writing = asyncio.create_task(put(backend))
    await asked()
    await backend.watch()
    assert backend.outage is None  # it has just worked
    time.now += 6
    await backend.watch()
    assert backend.outage.code == "storage_timeout"
    assert not writing.done()  # one failed check may be bad luck
    await backend.watch()
    with pytest.raises(BackendUnavailable, match="during a write"):
        await writing
    await asked()
    assert store.cancelled == 7  # two checks of three questions and the write: nothing waits on


@pytest.mark.usefixtures("soon")
async def test_a_question_that_was_lost_in_a_bad_moment_does_not_make_an_outage(backend, store):
    store.hangs = True
    backend.suspect(writes=False)
    await asked()
    store.hangs = False
    await backend.check()
    assert backend.outage is None
    assert store.calls == ["stat", "stat"]
    assert store.cancelled == 1


@pytest.mark.usefixtures("soon")
async def test_a_storage_that_came_back_after_the_last_question_is_asked_again_at_once(backend, store):
    store.hangs = True
    await backend.check()
    assert backend.outage is not None
    store.hangs = False
    async with asyncio.timeout(5):
        while backend.outage is not None:  # nobody asks for a check
            await asyncio.sleep(0.005)


@pytest.mark.usefixtures("soon")
async def test_a_slow_write_survives_one_failed_check(backend, store):
    """Something else is asked for meanwhile and fails: the write goes on, for it may well end."""
    reached, release = asyncio.Event(), asyncio.Event()

    async def pieces():
        yield b"first"
        reached.set()
        await release.wait()
        yield b" second"

    writing = asyncio.create_task(put(backend, Source(pieces)))
    await reached.wait()
    store.reading = AWAY
    await backend.check()
    store.reading = None
    await backend.check()
    store.reading = AWAY
    await backend.check()  # the second failure, but not in a row
    assert not writing.done()
    release.set()
    assert (await writing).size_bytes == len(b"first second")


@pytest.mark.usefixtures("soon")
async def test_writes_after_an_outage_are_not_given_up(backend, store):
    store.reading = AWAY
    await backend.check()
    await backend.check()
    store.reading = None
    await backend.check()
    reached = asyncio.Event()
    writing = asyncio.create_task(put(backend, endless_source(10, reached)))
    await reached.wait()
    await asked()
    assert not writing.done()
    writing.cancel()
    await asyncio.wait({writing})


async def test_who_cancels_a_write_ends_it(backend):
    reached = asyncio.Event()
    writing = asyncio.create_task(put(backend, endless_source(10, reached)))
    await reached.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await backend.check()
    assert backend.outage is None
    with pytest.raises(ObjectNotFound):
        await backend.stat(KEY)


async def test_closing_ends_a_check_that_hangs(backend, store):
    store.hangs = True
    backend.suspect(writes=False)
    await asked()
    await backend.aclose()
    await asked()
    assert store.cancelled == 1
