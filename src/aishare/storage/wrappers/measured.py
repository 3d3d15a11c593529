"""Counts and times every operation: for Prometheus, and the last minutes for the administrator's page."""

import asyncio
import hashlib
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from aishare.core.clock import utc_now
from aishare.core.errors import AishareError, BackendError, ObjectNotFound
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.storage.base import BaseStorageBackend, LocalFiles, ObjectInfo, ObjectReader, SmallReads, Source
from aishare.storage.wrappers.wrapping import WrappingBackend

_REMEMBERED: Final = 1024
"""Durations kept per location and operation: 64 KiB each, enough for a 95th percentile."""

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
"""In seconds, from a cached stat on a local disk to a large upload."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the last operations took; for a read, until it was open."""

    count: int
    p50_seconds: float
    p95_seconds: float


@dataclass(frozen=True, slots=True)
class LastError:
    """The latest failure of a location; errors caused by the request (no such object) do not count."""

    at: datetime
    operation: str
    code: str
    message: str


class StorageMetrics:
    """The collectors, shared by all locations: made once per registry."""

    def __init__(self, registry: CollectorRegistry, *, clock: Callable[[], float] = time.monotonic) -> None:
        names = ["location", "operation"]
        self.operations = Counter(
            "aishare_storage_operations", "Completed operations.", [*names, "outcome"], registry=registry
        )
        self.seconds = Histogram(
            "aishare_storage_operation_seconds",
            "Duration of operations in seconds; for reads, until the first byte.",
            names,
            buckets=_BUCKETS,
            registry=registry,
        )
        self.moved = Counter(
            "aishare_storage_bytes",
            "Bytes written to and read from the storage.",
            ["location", "direction"],
            registry=registry,
        )
        self.in_flight = Gauge(
            "aishare_storage_operations_in_flight",
            "Operations in progress, including open reads.",
            names,
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._last_errors: dict[str, LastError] = {}
        self._clock = clock
        self._recent: defaultdict[tuple[str, str], deque[tuple[float, float]]] = defaultdict(
            lambda: deque(maxlen=_REMEMBERED)
        )

    def failed(self, location: str, operation: str, error: BackendError) -> None:
        self._last_errors[location] = LastError(utc_now(), operation, error.code, error.message)

    def last_error(self, location: str) -> LastError | None:
        """Since this process started."""
        return self._last_errors.get(location)

    def took(self, location: str, operation: str, seconds: float) -> None:
        self.seconds.labels(nameless(location), operation).observe(seconds)
        self._recent[location, operation].append((self._clock(), seconds))

    def recent(self, location: str, *, last_seconds: float = 300) -> dict[str, Latency]:
        """By operation; operations that did not occur in this time are missing."""
        since = self._clock() - last_seconds
        found = {
            operation: sorted(seconds for at, seconds in entries if at >= since)
            for (place, operation), entries in self._recent.items()
            if place == location
        }
        return {operation: _latency(durations) for operation, durations in found.items() if durations}


class MeasuredBackend(WrappingBackend):
    """Measures `inner` under its label."""

    def __init__(self, inner: BaseStorageBackend, metrics: StorageMetrics) -> None:
        super().__init__(inner)
        self._metrics = metrics
        self._place = nameless(self.label)
        self._bytes_in = metrics.moved.labels(self._place, "in")
        self._bytes_out = metrics.moved.labels(self._place, "out")
        if inner.local_files is not None:
            self.local_files = _MeasuredFiles(inner.local_files, self._bytes_out)
        if inner.small_reads is not None:
            self.small_reads = _MeasuredSmallReads(inner.small_reads, self._bytes_out)

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        async def counted() -> AsyncIterator[bytes]:
            async for piece in source.open():
                self._bytes_in.inc(len(piece))
                yield piece

        with self._operation("put"), self._timed("put"):
            return await self._inner.put(key, replace(source, open=counted), size=size, content_type=content_type)

    @asynccontextmanager
    async def read(self, key: Key, byte_range: ByteRange | None = None) -> AsyncIterator[ObjectReader]:
        with self._operation("read"):
            async with AsyncExitStack() as stack:
                with self._timed("read"):
                    reader = await stack.enter_async_context(self._inner.read(key, byte_range))
                yield replace(reader, pieces=self._counted(reader.pieces))

    async def stat(self, key: Key) -> ObjectInfo:
        with self._operation("stat"), self._timed("stat"):
            return await self._inner.stat(key)

    async def delete(self, key: Key) -> None:
        with self._operation("delete"), self._timed("delete"):
            await self._inner.delete(key)

    async def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        with self._operation("scan"):
            async for info in self._inner.scan(prefix, after=after):
                yield info

    async def _counted(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            self._bytes_out.inc(len(piece))
            yield piece

    @contextmanager
    def _operation(self, name: str) -> Iterator[None]:
        running = self._metrics.in_flight.labels(self._place, name)
        running.inc()
        outcome = "error"
        try:
            yield
            outcome = "ok"
        except AishareError as error:
            outcome = error.code
            if isinstance(error, BackendError) and not isinstance(error, ObjectNotFound):
                self._metrics.failed(self.label, name, error)
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except GeneratorExit:  # a scan that was not read to its end
            outcome = "ok"
            raise
        finally:
            running.dec()
            self._metrics.operations.labels(self._place, name, outcome).inc()

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        """Includes failures: a storage that refuses slowly is slow."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._metrics.took(self.label, name, time.perf_counter() - began)


@cache
def nameless(label: str) -> str:
    """`s3:team-data` as `s3-` and a digest: metrics are public, names of buckets are not."""
    kind, named, _ = label.partition(":")
    return f"{kind}-{hashlib.sha256(label.encode()).hexdigest()[:8]}" if named else kind


class _MeasuredFiles:
    """What the kernel sends, or a child process reads, does not pass through our readers."""

    def __init__(self, inner: LocalFiles, bytes_out: Counter) -> None:
        self.path_of = inner.path_of
        self.given_out = bytes_out.inc


class _MeasuredSmallReads:
    def __init__(self, inner: SmallReads, bytes_out: Counter) -> None:
        self._inner = inner
        self._bytes_out = bytes_out

    async def read_small(self, keys: Sequence[Key], *, at_most_bytes: int) -> Mapping[Key, bytes]:
        contents = await self._inner.read_small(keys, at_most_bytes=at_most_bytes)
        self._bytes_out.inc(sum(map(len, contents.values())))
        return contents


def _latency(durations: list[float]) -> Latency:
    """From sorted durations, by nearest rank."""
    count = len(durations)
    return Latency(count, durations[(count - 1) // 2], durations[-(-count * 95 // 100) - 1])
