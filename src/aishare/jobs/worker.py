"""Finds migrations that no process is working on, and starts them in this process's engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from aishare.core.ids import new_id
from aishare.runtime import LiveRuntime
from aishare.services.moving.migration_steps import MigrationSteps
from aishare.services.work.periodic import every
from aishare.services.work.step import Step

if TYPE_CHECKING:
    from aishare.jobs.engine import Engine

_log = structlog.get_logger(__name__)

_POLL_SECONDS: Final = 1.0
_KEEP_RECORDS: Final = timedelta(days=7)
"""For people who examine the engine's own tables after a failure."""

_TIDY_EVERY: Final = timedelta(days=1)


@asynccontextmanager
async def jobs(live: LiveRuntime) -> AsyncIterator[None]:
    """Works while the context is open. A migration whose process died is free again when its lease expires."""
    worker = _Worker(live)
    task = asyncio.create_task(every(_POLL_SECONDS, worker.look, name="jobs"))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await worker.aclose()


class _Worker:
    """Leases contain the name of the node: restarted after a kill, it immediately resumes its work."""

    def __init__(self, live: LiveRuntime) -> None:
        self._live = live
        self._owner = live.current.node
        self._engine: Engine | None = None
        self._steps: set[asyncio.Task[Step]] = set()
        self._held: set[str] = set()
        self._closed = False
        self._tidy_at = datetime.min.replace(tzinfo=UTC)

    async def look(self) -> None:
        """Starts waiting work. The engine refuses to start the same work twice."""
        for migration_id in await self._service().waiting():
            engine = await self._started()
            await asyncio.to_thread(engine.work_on, migration_id)
        if self._engine is not None and self._live.current.clock() > self._tidy_at:
            await self._tidy(self._engine)

    async def _tidy(self, engine: "Engine") -> None:
        """Records only accumulate where jobs run, so it is enough that a process with a running engine deletes them."""
        now = self._live.current.clock()
        self._tidy_at = now + _TIDY_EVERY
        forgotten = await asyncio.to_thread(lambda: engine.forget(ended_before=now - _KEEP_RECORDS))
        if forgotten:
            _log.info("job_records_deleted", records=forgotten)

    async def step(self, migration_id: str) -> str:
        """One step on the server's event loop, with the current services."""
        if self._closed:
            raise asyncio.CancelledError
        self._held.add(migration_id)
        task = asyncio.create_task(self._service().step(migration_id))
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        return (await task).value

    async def aclose(self) -> None:
        """Stops between pieces: what was copied but not recorded is copied again later."""
        self._closed = True
        for task in self._steps:
            task.cancel()
        await asyncio.gather(*self._steps, return_exceptions=True)
        for migration_id in self._held:
            await self._service().release(migration_id)
        if self._engine is not None:
            await asyncio.to_thread(self._engine.close)

    def _service(self) -> MigrationSteps:
        runtime = self._live.current
        return MigrationSteps(
            catalogue=runtime.catalogue, storage=runtime.content.storage, clock=runtime.clock, owner=self._owner
        )

    async def _started(self) -> "Engine":
        if self._engine is None:
            loop = asyncio.get_running_loop()
            settings = self._live.current.settings

            def start() -> "Engine":
                from aishare.jobs.engine import Engine  # noqa: PLC0415 - takes a second or two, only needed for the first job

                return Engine(
                    settings.effective_database_url.get_secret_value(),
                    settings.data_dir,
                    name=new_id(),  # the engine does not recover anything itself: `look` does, and respects leases
                    step=lambda migration_id: asyncio.run_coroutine_threadsafe(self.step(migration_id), loop).result(),
                )

            self._engine = await asyncio.to_thread(start)
        return self._engine
