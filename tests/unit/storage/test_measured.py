"""Every operation is counted once, with its outcome, its duration and its bytes."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from aishare.core.errors import ObjectNotFound, TooLarge
from aishare.core.keys import parse_key
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import Source
from aishare.storage.wrappers.measured import MeasuredBackend, StorageMetrics

KEY = parse_key("objects/x")
PLACE = {"location": "here"}


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def backend(registry):
    return MeasuredBackend(MemoryStorageBackend("here"), StorageMetrics(registry))


def source_of(content, error=None):
    async def pieces():
        yield content
        if error:
            raise error

    return Source(pieces)


async def put(backend, source, size=7):
    await backend.put(KEY, source, size=size, content_type="text/plain")


def operations(registry, operation, outcome):
    labels = {**PLACE, "operation": operation, "outcome": outcome}
    return registry.get_sample_value("aishare_storage_operations_total", labels)


async def test_outcomes_are_counted(backend, registry):
    await put(backend, source_of(b"content"))
    with pytest.raises(TooLarge):
        await put(backend, source_of(b"content", TooLarge("no")))
    with pytest.raises(RuntimeError):
        await put(backend, source_of(b"content", RuntimeError("bug")))
    await backend.stat(KEY)
    async with backend.read(KEY) as reader:
        assert [piece async for piece in reader.pieces] == [b"content"]
    async with backend.read(KEY):
        pass
    await backend.delete(KEY)
    with pytest.raises(ObjectNotFound):
        await backend.stat(KEY)
    with pytest.raises(ObjectNotFound):
        async with backend.read(KEY):
            pytest.fail("entered")
    found = {
        (sample.labels["operation"], sample.labels["outcome"]): sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name == "aishare_storage_operations_total"
    }
    assert found == {
        ("put", "ok"): 1,
        ("put", "too_large"): 1,
        ("put", "error"): 1,
        ("stat", "ok"): 1,
        ("stat", "object_not_found"): 1,
        ("read", "ok"): 2,
        ("read", "object_not_found"): 1,
        ("delete", "ok"): 1,
    }


async def test_a_cancelled_operation_is_counted_and_ends(backend, registry):
    async def pieces():
        yield b"x"
        await asyncio.sleep(60)

    task = asyncio.create_task(put(backend, Source(pieces)))
    await asyncio.sleep(0.01)
    in_flight = {**PLACE, "operation": "put"}
    assert registry.get_sample_value("aishare_storage_operations_in_flight", in_flight) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert registry.get_sample_value("aishare_storage_operations_in_flight", in_flight) == 0
    assert operations(registry, "put", "cancelled") == 1


async def test_bytes_are_counted_in_both_directions(backend, registry):
    await put(backend, source_of(b"content"))
    for _ in range(2):
        async with backend.read(KEY) as reader:
            assert [piece async for piece in reader.pieces]
    assert registry.get_sample_value("aishare_storage_bytes_total", {**PLACE, "direction": "in"}) == 7
    assert registry.get_sample_value("aishare_storage_bytes_total", {**PLACE, "direction": "out"}) == 14


async def test_an_open_reader_is_in_flight_and_its_time_is_that_of_opening(backend, registry):
    await put(backend, source_of(b"content"))
    labels = {**PLACE, "operation": "read"}
    async with backend.read(KEY):
        assert registry.get_sample_value("aishare_storage_operations_in_flight", labels) == 1
        await asyncio.sleep(0.1)
    assert registry.get_sample_value("aishare_storage_operations_in_flight", labels) == 0
    assert registry.get_sample_value("aishare_storage_operation_seconds_count", labels) == 1
    assert registry.get_sample_value("aishare_storage_operation_seconds_sum", labels) < 0.1


async def test_a_scan_left_early_is_no_error(backend, registry):
    await put(backend, source_of(b"content"))
    scan = backend.scan()
    await anext(scan)
    await scan.aclose()
    assert operations(registry, "scan", "ok") == 1


def test_the_last_minutes_are_kept_as_percentiles(registry):
    now = [0.0]
    metrics = StorageMetrics(registry, clock=lambda: now[0])
    for _ in range(50):
        metrics.took("here", "put", 9.0)
    now[0] = 400
    for number in range(1, 101):
        metrics.took("here", "put", number / 100)
    metrics.took("there", "put", 5.0)
    recent = metrics.recent("here", last_seconds=300)
    assert recent.keys() == {"put"}
    assert (recent["put"].count, recent["put"].p50_seconds, recent["put"].p95_seconds) == (100, 0.5, 0.95)
    now[0] = 1000
    assert metrics.recent("here") == {}
