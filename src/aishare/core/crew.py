"""A number of parallel tasks, which can change at any time."""

import asyncio
from collections.abc import Coroutine


class Crew:
    """Cheaper per task than `asyncio.wait`, which goes through all of them each time. Only one task may wait for it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._errors: list[BaseException] = []
        self._news = asyncio.Event()

    def start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._end)

    async def wait_below(self, size: int) -> None:
        """Waits until fewer than `size` are running. Raises the first error of any that ended, immediately and on every
        later call.
        """
        while True:
            self.check()
            if len(self._running) < size:
                return
            self._news.clear()
            await self._news.wait()

    def check(self) -> None:
        """Raises the first error of any that ended."""
        if self._errors:
            raise self._errors[0]

    async def dismiss(self) -> None:
        """Cancels the running tasks and waits for them; their errors no longer matter."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._errors.append(error)
        self._news.set()
