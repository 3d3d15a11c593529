"""Retries operations if that can help, within a total deadline.

Only errors marked `retryable` are retried. An interrupted download continues at the next byte, but only with the same
version of the object: a mixture of two versions would be worse than an error.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from aishare.core.errors import BackendError, BackendTimeout, CorruptObject, UnsatisfiableRange
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, Source
from aishare.storage.wrappers.wrapping import WrappingBackend

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`deadline_seconds` is for all attempts together; while data flows, for the time without a new byte."""

    attempts: int = 4
    base_delay_seconds: float = 0.2
    max_delay_seconds: float = 5
    deadline_seconds: float = 30
    stall_seconds: float = 10
    """A read that brings nothing for this long is requested again, because the response may be lost."""

    def delay_seconds(self, failures: int) -> float:
        """Full jitter: clients that failed together do not retry at the same time."""
        longest = min(self.max_delay_seconds, self.base_delay_seconds * 2 ** (failures - 1))
        return random.uniform(0, longest)  # noqa: S311 - spreads load, no security

    async def repeat(self, work: Callable[[], Awaitable[_T]]) -> _T:
        """The first success, or the last error."""
        failures = 0
        while True:
            try:
                return await work()
            except BackendError as error:
                failures += 1
                if not error.retryable or failures >= self.attempts:
                    raise
            await asyncio.sleep(self.delay_seconds(failures))

    async def repeat_in_time(self, work: Callable[[], Awaitable[_T]], doing: str) -> _T:
        """Like `repeat`; BackendTimeout if the deadline passes first."""
        async with _at_most(self.deadline_seconds, doing):
            return await self.repeat(work)

    async def repeat_stalled(self, work: Callable[[], Awaitable[_T]], doing: str) -> _T:
        """Like `repeat_in_time`, and stalled attempts are retried: not for listings, whose pages may take longer."""

        async def attempt() -> _T:
            async with _at_most(self.stall_seconds, doing):
                return await work()

        return await self.repeat_in_time(attempt, doing)


@asynccontextmanager
async def _at_most(seconds: float, doing: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise BackendTimeout(f"{doing} took longer than {seconds:g} seconds.") from error


class RetryingBackend(WrappingBackend):
    """`put` is only retried for a rewindable source, and has no deadline: large files and slow disks take long."""

    def __init__(self, inner: BaseStorageBackend, policy: RetryPolicy) -> None:
        super().__init__(inner)
        self._policy = policy

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        async def work() -> ObjectInfo:
            return await self._inner.put(key, source, size=size, content_type=content_type)

        return await (self._policy.repeat(work) if source.rewindable else work())

    @asynccontextmanager
    async def read(self, key: Key, byte_range: ByteRange | None = None) -> AsyncIterator[ObjectReader]:
        reading = _RetriedRead(self._inner, key, self._policy)
        try:
            reader = await reading.open(byte_range)
            async with aclosing(reading.pieces(reader)) as pieces:
                yield ObjectReader(reader.info, reader.byte_range, pieces)
        finally:
            await reading.close()

    async def stat(self, key: Key) -> ObjectInfo:
        return await self._policy.repeat_stalled(lambda: self._inner.stat(key), f"Looking up {key}")

    async def delete(self, key: Key) -> None:
        await self._policy.repeat_stalled(lambda: self._inner.delete(key), f"Deleting {key}")

    async def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        """Continues after the last object it returned; the deadline is for each step."""
        infos = aiter(self._inner.scan(prefix, after=after))

        async def following() -> ObjectInfo | None:
            nonlocal infos
            try:
                return await anext(infos, None)
            except BackendError:
                infos = aiter(self._inner.scan(prefix, after=after))  # a generator that raised has ended
                raise

        while info := await self._policy.repeat_in_time(following, "Listing objects"):
            after = info.key
            yield info


class _RetriedRead:
    """One download over as many readers of the inner backend as necessary, one at a time."""

    def __init__(self, inner: BaseStorageBackend, key: Key, policy: RetryPolicy) -> None:
        self._inner = inner
        self._key = key
        self._policy = policy
        self._stack = AsyncExitStack()
        self._pieces: AsyncIterator[bytes] | None = None
        """None after an interruption; it is then opened again."""

    async def open(self, byte_range: ByteRange | None) -> ObjectReader:
        return await self._policy.repeat_stalled(lambda: self._enter(byte_range), f"Opening {self._key}")

    async def close(self) -> None:
        await self._stack.aclose()

    async def pieces(self, reader: ObjectReader) -> AsyncGenerator[bytes, None]:
        position, stop = (reader.byte_range.start, reader.byte_range.stop) if reader.byte_range else (0, 0)
        while position < stop:
            piece = await self._progress(reader.info, ByteRange(position, stop))
            position += len(piece)
            yield piece
        if position > stop or (self._pieces is not None and await anext(self._pieces, None) is not None):
            raise self._corrupt("the storage returned more bytes than announced")

    async def _progress(self, info: ObjectInfo, rest: ByteRange) -> bytes:
        async def work() -> bytes:
            pieces, self._pieces = self._pieces, None
            if pieces is None:
                pieces = await self._reopen(info, rest)
            piece = await self._next(pieces)
            self._pieces = pieces
            return piece

        return await self._policy.repeat_stalled(work, f"Reading {self._key} from byte {rest.start}")

    async def _next(self, pieces: AsyncIterator[bytes]) -> bytes:
        try:
            return await anext(pieces)
        except StopAsyncIteration as error:
            raise self._corrupt("the storage returned fewer bytes than announced") from error

    async def _reopen(self, info: ObjectInfo, rest: ByteRange) -> AsyncIterator[bytes]:
        await self._stack.aclose()
        try:
            reader = await self._enter(rest)
        except UnsatisfiableRange as error:
            raise self._corrupt("it became shorter in the meantime") from error
        if _version(reader.info) != _version(info) or reader.byte_range != rest:
            raise self._corrupt("it changed in the meantime")
        return reader.pieces

    async def _enter(self, byte_range: ByteRange | None) -> ObjectReader:
        async with AsyncExitStack() as stack:
            reader = await stack.enter_async_context(self._inner.read(self._key, byte_range))
            self._stack = stack.pop_all()
            self._pieces = aiter(reader.pieces)
        return reader

    def _corrupt(self, what: str) -> CorruptObject:
        return CorruptObject(f"Reading {self._key} failed: {what}.")


def _version(info: ObjectInfo) -> tuple[str | None, int, datetime | None]:
    """What distinguishes two versions of an object. Some servers round times differently in different responses."""
    return info.etag, info.size_bytes, None if info.etag else info.modified_at
