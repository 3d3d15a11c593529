"""The processes that read: started when there is something to read, killed when they take too long or crash."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from aishare.core.errors import PreviewsBusy
from aishare.previews.answers import Unreadable
from aishare.previews.limits import ANSWER_BYTES, CHILDREN, SECONDS, WAITING
from aishare.previews.messages import ANSWER, DATA, HEADER, RANGE, READ, TASK, pack

_log = structlog.get_logger(__name__)

_IDLE_SECONDS: Final = 60.0
"""A child that nobody asks gives its memory back."""

_KEPT_VARIABLES: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TZDIR")
_VARIABLES: Final = {
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the others reserve more addresses than the child may have
    "OMP_NUM_THREADS": "1",
}

Read = Callable[[int, int], Awaitable[bytes]]
"""Start and length -> exactly these bytes."""


class Children:
    """A few children, and a short line of those who wait for one."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._free = asyncio.Semaphore(CHILDREN)
        self._waiting = 0
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()

    async def ask(self, task: bytes, read: Read) -> bytes:
        """The answer to a task. Unreadable if the child crashed or took too long; PreviewsBusy if too many wait."""
        async with self._turn():
            child = self._idle.pop() if self._idle else await self._start()
            child.stop_idling()
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await child.ask(task, read)
            except TimeoutError:
                raise Unreadable(f"Reading it takes longer than {self._seconds:g} seconds.") from None
            finally:
                if child.free:
                    self._keep(child)
                else:
                    await self._end(child)
            return answer

    async def aclose(self) -> None:
        for child in list(self._all):
            await self._end(child)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= WAITING:
            raise PreviewsBusy("Too many previews are being made.", hint="Try again in a moment.")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    async def _start(self) -> "_Child":
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "aishare.previews.reader",
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={**kept, **_VARIABLES}, cwd="/", start_new_session=True,
        )  # fmt: skip
        child = _Child(process)
        self._all.add(child)
        return child

    def _keep(self, child: "_Child") -> None:
        self._idle.append(child)
        child.idle_until(asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._retire, child))

    def _retire(self, child: "_Child") -> None:
        if child in self._idle:
            self._idle.remove(child)
            child.close()
            self._all.discard(child)

    async def _end(self, child: "_Child") -> None:
        self._all.discard(child)
        if child in self._idle:
            self._idle.remove(child)
        await child.kill()


class _Child:
    """One process. `free`: it has answered and can be asked again."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._timer: asyncio.TimerHandle | None = None
        self.free = True

    async def ask(self, task: bytes, read: Read) -> bytes:
        self.free = False
        try:
            await self._send(TASK, task)
            while True:
                kind, body = await self._receive()
                if kind == ANSWER:
                    self.free = True
                    return body
                if kind != READ or len(body) != RANGE.size:
                    raise Unreadable("The reader failed on this file.")
                await self._send(DATA, await read(*RANGE.unpack(body)))
        except (EOFError, ConnectionError):
            status = await self._process.wait()
            _log.warning("preview_reader_died", status=status)
            raise Unreadable("The reader failed on this file; it may be broken.") from None

    async def kill(self) -> None:
        self.stop_idling()
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._stdin.close()
        await self._process.wait()

    def close(self) -> None:
        """It ends by itself at the end of its tasks."""
        self._stdin.close()

    def idle_until(self, timer: asyncio.TimerHandle) -> None:
        self._timer = timer

    def stop_idling(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _send(self, kind: bytes, body: bytes) -> None:
        self._stdin.write(pack(kind, body))
        await self._stdin.drain()

    async def _receive(self) -> tuple[bytes, bytes]:
        length, kind = HEADER.unpack(await self._stdout.readexactly(HEADER.size))
        if length > ANSWER_BYTES:
            raise Unreadable("The reader failed on this file.")
        return kind, await self._stdout.readexactly(length)
