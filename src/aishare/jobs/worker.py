"""Finds jobs that want to run, and sees to it that they do: in this process, or in whichever lives."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING, Final

import structlog

from aishare.catalogue import migrations
from aishare.catalogue.migrations import Migration
from aishare.core.errors import AishareError
from aishare.runtime import LiveRuntime
from aishare.services.migration_steps import Next
from aishare.services.periodic import every

if TYPE_CHECKING:
    from aishare.jobs.engine import JobEngine

_log = structlog.get_logger(__name__)

_LOOK_SECONDS: Final = 1.0
_LONGEST_WAIT_SECONDS: Final = 15.0


class JobWorker:
    """One per serving process."""

    def __init__(self, live: LiveRuntime) -> None:
        self._live = live
        self._engine: JobEngine | None = None
        self._waits: dict[str, float] = {}

    async def look(self) -> None:
        """Jobs whose lease is free get a workflow."""
        runtime = self._live.current
        for migration in await runtime.catalogue.read(
            lambda connection: migrations.list_migrations(connection, states=migrations.WORKING)
        ):
            if _is_free(migration, runtime.migration_steps.owner, runtime.migration_steps.now()):
                engine = await self._launched()
                await asyncio.to_thread(engine.ensure, migration.id, orphaned=True)

    async def step(self, job_id: str) -> bool:
        """One batch, and a pause that grows while a storage does not answer."""
        try:
            outcome = await self._live.current.migration_steps.step(job_id)
        except AishareError as error:
            _log.warning("job_waits", job=job_id, code=error.code, message=error.message)
            outcome = Next.WAIT
        if outcome is Next.WAIT:
            self._waits[job_id] = min(self._waits.get(job_id, 0.25) * 2, _LONGEST_WAIT_SECONDS)
            await asyncio.sleep(self._waits[job_id])
        else:
            self._waits.pop(job_id, None)
        return outcome is not Next.END

    async def aclose(self) -> None:
        """What runs is cut off, and goes on after the next start."""
        if self._engine is not None:
            await asyncio.to_thread(self._engine.close)

    async def _launched(self) -> "JobEngine":
        if self._engine is None:
            engine = await asyncio.to_thread(_import_engine)
            settings = self._live.current.settings
            self._engine = engine.JobEngine(
                database_url=settings.effective_database_url.get_secret_value(),
                data_dir=settings.data_dir,
                executor=self._live.current.migration_steps.owner,
                step=self.step,
            )
            await asyncio.to_thread(self._engine.launch)
            _log.info("jobs_started")
        return self._engine


@asynccontextmanager
async def working(live: LiveRuntime) -> AsyncIterator[None]:
    """Jobs run while the context is open."""
    worker = JobWorker(live)
    task = asyncio.create_task(every(_LOOK_SECONDS, worker.look, name="jobs"))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await worker.aclose()


def _is_free(migration: Migration, owner: str, now: datetime) -> bool:
    if migration.lease_owner in {None, owner} or migration.lease_until is None:
        return True
    return migration.lease_until < now


def _import_engine() -> ModuleType:
    """Seconds that nobody shall wait for who has no jobs."""
    return importlib.import_module("aishare.jobs.engine")
