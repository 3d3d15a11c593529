"""A few child processes of one program: started when there is work, ended when there is none, replaced when
they die.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from aishare.sandbox.framing import Message
from aishare.sandbox.process import Answer, ChildDied, ChildTimedOut, Program, SandboxProcess

__all__ = ["ChildDied", "ChildTimedOut", "Message", "Pool", "PoolBusy", "Program"]

_IDLE_SECONDS: Final = 60.0


class PoolBusy(Exception):
    """Too many jobs are already waiting."""


class Pool:
    """Costs nothing until the first job."""

    def __init__(
        self, program: Program, *, size: int = 2, waiting: int = 64, idle_seconds: float = _IDLE_SECONDS
    ) -> None:
        self._program = program
        self._slots = asyncio.Semaphore(size)
        self._size = size
        self._waiting_max = waiting
        self._idle_seconds = idle_seconds
        self._jobs = 0
        self._idle: list[SandboxProcess] = []
        self._busy: set[SandboxProcess] = set()
        self._timers: dict[SandboxProcess, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def pids(self) -> list[int]:
        """Process ids of all children."""
        return [child.pid for child in (*self._busy, *self._idle)]

    @property
    def waiting(self) -> int:
        """Jobs that no child has started yet."""
        return max(self._jobs - self._size, 0)

    async def run(self, message: Message, *, files: Sequence[int] = (), answer: Answer | None = None) -> Message:
        """The result of a child for this message. Raises PoolBusy immediately; after ChildTimedOut or ChildDied the
        same should not be tried again.

        `files` are open descriptors, which remain the caller's; `answer` answers the child's questions.
        """
        if self._closed or self.waiting >= self._waiting_max:
            raise PoolBusy
        self._jobs += 1
        try:
            async with self._slots:
                child = await self._child()
                self._busy.add(child)
                try:
                    result = await child.run(message, files=files, answer=answer)
                finally:
                    self._busy.discard(child)
                self._give_back(child)
                return result
        finally:
            self._jobs -= 1

    async def aclose(self) -> None:
        """Ends all children; for running jobs it is as if their child had died."""
        self._closed = True
        for child in list(self._busy):
            await child.kill()
        for child in list(self._idle):
            self._retire(child)
        while self._ending:
            await asyncio.gather(*self._ending)

    async def _child(self) -> SandboxProcess:
        while self._idle:
            child = self._idle.pop()  # the most recently used one, so that the others become old and end
            self._timers.pop(child).cancel()
            if not child.worn:
                return child
            self._end(child)
        return await SandboxProcess.start(self._program)

    def _give_back(self, child: SandboxProcess) -> None:
        if child.worn or self._closed:
            self._end(child)
            return
        self._idle.append(child)
        timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire, child)
        self._timers[child] = timer

    def _retire(self, child: SandboxProcess) -> None:
        self._timers.pop(child).cancel()
        self._idle.remove(child)
        self._end(child)

    def _end(self, child: SandboxProcess) -> None:
        task = asyncio.ensure_future(child.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
