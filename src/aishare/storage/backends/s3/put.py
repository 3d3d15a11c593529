"""put: one request up to 8 MiB, multipart for more; every body is verified by its MD5, unless it is read back."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import AsyncExitStack, aclosing
from typing import Any, Final

from aishare.core.errors import ObjectNotFound
from aishare.core.keys import Key
from aishare.core.sizes import SMALL_SIZE
from aishare.storage.backends.s3.buffers import PartBudget, PartBuffer, part_buffer
from aishare.storage.backends.s3.client import Connection
from aishare.storage.backends.s3.lengths import check_end, check_length
from aishare.storage.backends.s3.part_sizes import part_size
from aishare.storage.backends.s3.parts import abort_upload, complete_upload, create_upload, multipart_etag, send_part
from aishare.storage.backends.s3.read import stat
from aishare.storage.backends.s3.sending import send_proven
from aishare.storage.backends.s3.stream import put_stream
from aishare.storage.base import ObjectInfo, Source, UploadPart

PARTS_AT_ONCE: Final = 3
"""Parts per upload, including the one being filled. Three keep the connection busy while the next part arrives."""

CLEANUP_SECONDS: Final = 20


async def put(  # noqa: PLR0913 - the method and shared state
    connection: Connection, budget: PartBudget, key: Key, source: Source, *, size: int | None, content_type: str
) -> ObjectInfo:
    """See BaseStorageBackend.put."""
    streamed = await put_stream(connection, key, source, size=size, content_type=content_type)
    if streamed is not None:
        return streamed
    pieces = source.open()
    async with AsyncExitStack() as stack:
        if isinstance(pieces, AsyncGenerator):
            await stack.enter_async_context(aclosing(pieces))
        if size is not None and size <= SMALL_SIZE:
            return await _put_small(connection, budget, key, pieces, size=size, content_type=content_type)
        return await _Upload(connection, budget, key, size=size, content_type=content_type).run(pieces)


async def _put_small(  # noqa: PLR0913 - like put
    connection: Connection, budget: PartBudget, key: Key, pieces: AsyncIterator[bytes], *, size: int, content_type: str
) -> ObjectInfo:
    """Without parts, and so without anything to undo."""
    async with part_buffer(budget, size, connection.config.temporary_folder, connection.config.reserve) as buffer:
        async for piece in pieces:
            await buffer.add(piece)
            check_length(buffer.size_bytes, size)
        check_end(buffer.size_bytes, size)
        return await _put_single(connection, budget, key, buffer, content_type)


async def _put_single(
    connection: Connection, budget: PartBudget, key: Key, buffer: PartBuffer, content_type: str
) -> ObjectInfo:
    parameters = {**connection.place(key), "ContentType": content_type}
    async with budget.turn_to_send:
        answer = await send_proven(connection, buffer, "put_object", parameters, doing=f"writing {key}")
    return ObjectInfo(key, buffer.size_bytes, content_type, etag=str(answer["ETag"]).strip('"'))


class _Upload:
    """One put. Cuts the pieces into parts and sends each while the next fills."""

    def __init__(
        self, connection: Connection, budget: PartBudget, key: Key, *, size: int | None, content_type: str
    ) -> None:
        self._connection = connection
        self._budget = budget
        self._key = key
        self._size = size
        self._content_type = content_type
        self._received = 0
        self._creating: asyncio.Task[str] | None = None
        self._upload_id: str | None = None
        self._sending: dict[asyncio.Task[None], AsyncExitStack] = {}
        self._sent_from_memory = 0
        self._slots = asyncio.Semaphore(PARTS_AT_ONCE)
        self._parts: dict[int, UploadPart] = {}
        self._completing = False

    async def run(self, pieces: AsyncIterator[bytes]) -> ObjectInfo:
        try:
            return await self._run(pieces)
        except BaseException:
            await _bounded(self._undo())
            raise

    async def _run(self, pieces: AsyncIterator[bytes]) -> ObjectInfo:
        rest = memoryview(b"")
        number = 0
        while True:
            number += 1
            capacity = part_size(number, self._size)
            await self._slots.acquire()
            async with AsyncExitStack() as stack:
                stack.callback(self._slots.release)
                self._raise_failed()
                held = capacity if self._size is None else min(capacity, max(self._size - self._received, 1))
                await self._wait_for_own_memory(held)
                buffer = await stack.enter_async_context(
                    part_buffer(
                        self._budget, held, self._connection.config.temporary_folder, self._connection.config.reserve
                    )
                )
                rest = await self._fill(buffer, capacity, rest, pieces)
                last = buffer.size_bytes < capacity
                if number == 1 and (last or buffer.size_bytes == self._size):
                    rest = rest or memoryview(await anext(pieces, b""))
                    check_end(self._received + len(rest), self._size)
                    return await _put_single(self._connection, self._budget, self._key, buffer, self._content_type)
                if buffer.size_bytes:
                    await self._start_part(number, buffer, stack.pop_all())
                if last:
                    break
        return await self._finish()

    async def _wait_for_own_memory(self, size_bytes: int) -> None:
        """Rather than writing to disk: memory of the upload's own parts is soon free again."""
        while self._sent_from_memory and size_bytes > self._budget.free_bytes:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            self._raise_failed()

    async def _fill(
        self, buffer: PartBuffer, capacity: int, rest: memoryview, pieces: AsyncIterator[bytes]
    ) -> memoryview:
        """Adds up to `capacity` bytes; returns the rest of the last piece."""
        while buffer.size_bytes < capacity:
            piece = rest or memoryview(await anext(pieces, b""))
            if not piece:
                break
            fitting = piece[: capacity - buffer.size_bytes]
            await buffer.add(fitting)
            rest = piece[len(fitting) :]
            self._received += len(fitting)
            check_length(self._received, self._size)
        return rest

    async def _start_part(self, number: int, buffer: PartBuffer, held: AsyncExitStack) -> None:
        """Passes buffer and slot to a separate task."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(held.aclose)
            if self._upload_id is None:
                creating = create_upload(self._connection, self._key, self._content_type)
                self._creating = asyncio.create_task(creating)
                # if cancelled now, the upload may still be created in the storage
                self._upload_id = await asyncio.shield(self._creating)
            stack.pop_all()
        self._sent_from_memory += buffer.in_memory
        task = asyncio.create_task(self._send(number, buffer, held))
        self._sending[task] = held

    async def _send(self, number: int, buffer: PartBuffer, held: AsyncExitStack) -> None:
        async with held, self._budget.turn_to_send:
            if self._upload_id is None:  # pragma: no cover - set before any task starts
                raise AssertionError
            self._parts[number] = await send_part(
                self._connection, self._key, self._upload_id, number=number, buffer=buffer
            )
        self._sent_from_memory -= buffer.in_memory

    def _raise_failed(self) -> None:
        for task in [task for task in self._sending if task.done()]:
            del self._sending[task]
            task.result()

    async def _finish(self) -> ObjectInfo:
        while self._sending:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            self._raise_failed()
        check_end(self._received, self._size)
        if self._upload_id is None:  # pragma: no cover - the first part created it
            raise AssertionError
        parts = [self._parts[number] for number in sorted(self._parts)]
        self._completing = True
        return await complete_upload(
            self._connection, self._key, self._upload_id, parts=parts, content_type=self._content_type
        )

    async def _undo(self) -> None:
        """Ends the tasks of the parts, then removes this upload from the storage."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        for held in self._sending.values():  # a task cancelled before its first step has freed nothing itself
            await held.aclose()
        if self._creating is None:
            return
        self._upload_id = await self._creating
        if self._completing and await self._is_complete():
            # Aborting a completed upload can destroy the finished object (seaweedfs/seaweedfs#10663): delete it
            # instead.
            await self._connection.client.delete_object(**self._connection.place(self._key))
            return
        await abort_upload(self._connection, self._key, self._upload_id)

    async def _is_complete(self) -> bool:
        parts = [self._parts[number] for number in sorted(self._parts)]
        try:
            return (await stat(self._connection, self._key)).etag == multipart_etag(parts)
        except ObjectNotFound:
            return False


async def _bounded(cleanup: Coroutine[Any, Any, None]) -> None:
    """Runs `cleanup` to its end, or to a time limit, even if the task is cancelled repeatedly.

    Its own failure is ignored: the original error says more, and leftovers can be cleaned up.
    """
    task = asyncio.ensure_future(_limited(cleanup))
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            continue


async def _limited(cleanup: Coroutine[Any, Any, None]) -> None:
    try:
        async with asyncio.timeout(CLEANUP_SECONDS):
            await cleanup
    except Exception:  # noqa: BLE001 - see _bounded
        return
