"""put: one request up to 8 MiB, multipart beyond; every body proven by its MD5."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import AsyncExitStack, aclosing
from typing import Any, Final

from aishare.core.errors import LengthMismatch, ObjectNotFound
from aishare.core.keys import Key
from aishare.core.sizes import TiB
from aishare.storage.base import ObjectInfo, Part, Source
from aishare.storage.s3.buffers import PartBudget, PartBuffer, part_buffer
from aishare.storage.s3.client import Connection
from aishare.storage.s3.part_sizes import part_size
from aishare.storage.s3.parts import abort_upload, complete_upload, create_upload, multipart_etag, send_part
from aishare.storage.s3.read import stat
from aishare.storage.s3.sending import send_proven

PARTS_AT_ONCE: Final = 3
"""Per upload, the one being filled included. Three keep the connection busy while the next part comes in."""

CLEANUP_SECONDS: Final = 20
MAX_OBJECT_BYTES: Final = 5 * TiB


async def put(  # noqa: PLR0913 - the verb and what it shares
    connection: Connection, budget: PartBudget, key: Key, source: Source, *, size: int | None, content_type: str
) -> ObjectInfo:
    """See BaseStorageBackend.put."""
    upload = _Upload(connection, budget, key, size=size, content_type=content_type)
    pieces = source.open()
    async with AsyncExitStack() as stack:
        if isinstance(pieces, AsyncGenerator):
            await stack.enter_async_context(aclosing(pieces))
        return await upload.run(pieces)


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
        self._upload_id: str | None = None
        self._sending: dict[asyncio.Task[None], AsyncExitStack] = {}
        self._slots = asyncio.Semaphore(PARTS_AT_ONCE)
        self._parts: dict[int, Part] = {}
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
                buffer = await stack.enter_async_context(
                    part_buffer(self._budget, held, self._connection.config.temporary_folder)
                )
                rest = await self._fill(buffer, capacity, rest, pieces)
                last = buffer.size_bytes < capacity
                if number == 1 and (last or buffer.size_bytes == self._size):
                    rest = rest or memoryview(await anext(pieces, b""))
                    self._check_end(len(rest))
                    return await self._put_single(buffer)
                if buffer.size_bytes:
                    await self._start_part(number, buffer, stack.pop_all())
                if last:
                    break
        return await self._finish()

    async def _fill(
        self, buffer: PartBuffer, capacity: int, rest: memoryview, pieces: AsyncIterator[bytes]
    ) -> memoryview:
        """Adds up to `capacity` bytes; gives back what of the last piece did not fit."""
        while buffer.size_bytes < capacity:
            piece = rest or memoryview(await anext(pieces, b""))
            if not piece:
                break
            fitting = piece[: capacity - buffer.size_bytes]
            await buffer.add(fitting)
            rest = piece[len(fitting) :]
            self._received += len(fitting)
            self._check_length(at_least=self._received)
        return rest

    def _check_length(self, *, at_least: int) -> None:
        if self._size is not None and at_least > self._size:
            raise LengthMismatch(f"More than the {self._size} bytes announced came.")
        if at_least > MAX_OBJECT_BYTES:
            raise LengthMismatch("The object is larger than S3 allows.")

    def _check_end(self, surplus: int = 0) -> None:
        self._check_length(at_least=self._received + surplus)
        if self._size is not None and self._received != self._size:
            raise LengthMismatch(f"{self._received} bytes came, {self._size} were announced.")

    async def _put_single(self, buffer: PartBuffer) -> ObjectInfo:
        parameters = {**self._connection.place(self._key), "ContentType": self._content_type}
        async with self._budget.turn_to_send:
            answer = await send_proven(self._connection, buffer, "put_object", parameters, doing=f"writing {self._key}")
        return ObjectInfo(self._key, buffer.size_bytes, self._content_type, etag=str(answer["ETag"]).strip('"'))

    async def _start_part(self, number: int, buffer: PartBuffer, held: AsyncExitStack) -> None:
        """Hands buffer and slot over to a task of its own."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(held.aclose)
            if self._upload_id is None:
                self._upload_id = await create_upload(self._connection, self._key, self._content_type)
            stack.pop_all()
        task = asyncio.create_task(self._send(number, buffer, held))
        self._sending[task] = held

    async def _send(self, number: int, buffer: PartBuffer, held: AsyncExitStack) -> None:
        async with held, self._budget.turn_to_send:
            if self._upload_id is None:  # pragma: no cover - set before any task starts
                raise AssertionError
            self._parts[number] = await send_part(
                self._connection, self._key, self._upload_id, number=number, buffer=buffer
            )

    def _raise_failed(self) -> None:
        for task in [task for task in self._sending if task.done()]:
            del self._sending[task]
            task.result()

    async def _finish(self) -> ObjectInfo:
        while self._sending:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            self._raise_failed()
        self._check_end()
        if self._upload_id is None:  # pragma: no cover - the first part created it
            raise AssertionError
        parts = [self._parts[number] for number in sorted(self._parts)]
        self._completing = True
        return await complete_upload(
            self._connection, self._key, self._upload_id, parts=parts, content_type=self._content_type
        )

    async def _undo(self) -> None:
        """Ends the part tasks, then frees what the store holds of this upload."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        for held in self._sending.values():  # a task cancelled before its first step has freed nothing itself
            await held.aclose()
        if self._upload_id is None:
            return
        if self._completing and await self._is_complete():
            # Aborting a completed upload has destroyed the finished object (seaweedfs/seaweedfs#10663): delete instead.
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
    """Runs `cleanup` to its end, or to a limit, even while the task is cancelled again and again.

    Its own failure is dropped: the error that led here says more, and leftovers can be swept.
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
