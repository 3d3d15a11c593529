"""Background tasks: deletes what was marked for deletion, and what has expired."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aishare.runtime.live import LiveRuntime
from aishare.runtime.nodes import serving_node
from aishare.services.integrity.scrub_schedule import ScrubSchedule
from aishare.services.work.periodic import every

_BURY_SECONDS: Final = 2
_PURGE_SECONDS: Final = 10
_SWEEP_SECONDS: Final = 3600
_LOCATIONS_SECONDS: Final = 5
_CHECK_SECONDS: Final = 1
_DRAIN_SECONDS: Final = 2
_SCRUB_SECONDS: Final = 2


@asynccontextmanager
async def background(live: LiveRuntime) -> AsyncIterator[None]:
    """Works while the context is open, always with the current services."""

    async def delete_marked() -> None:
        await live.current.content.storage.delete_marked()

    async def purge() -> None:
        while await live.current.moving.purge.purge():
            pass

    async def sweep() -> None:
        await live.current.people.sessions.sweep()
        await live.current.people.sign_in_throttle.sweep()
        await live.current.content.storage.sweep()
        await live.current.previews.thumbnails.sweep()

    async def check() -> None:
        await live.current.content.storage.check()
        await live.current.moving.spool.observe()
        await live.current.integrity.disks.observe()

    async def drain() -> None:
        await live.current.moving.spool.drain()

    schedule = ScrubSchedule(live.current.clock)

    async def scrub() -> None:
        settings = live.current.settings
        await schedule.look(live.current.integrity.scrubs, settings.scrub_schedule, settings.scrub_percent)
        await live.current.integrity.scrub_steps.work()

    tasks = [
        asyncio.create_task(every(_BURY_SECONDS, delete_marked, name="delete_marked")),
        asyncio.create_task(every(_PURGE_SECONDS, purge, name="purge")),
        asyncio.create_task(every(_SWEEP_SECONDS, sweep, name="sweep")),
        asyncio.create_task(every(_CHECK_SECONDS, check, name="check")),
        asyncio.create_task(every(_DRAIN_SECONDS, drain, name="drain")),
        asyncio.create_task(every(_SCRUB_SECONDS, scrub, name="scrub")),
        asyncio.create_task(every(_LOCATIONS_SECONDS, live.open_known_locations, name="locations")),
    ]
    try:
        await live.current.content.storage.sweep()
        await live.current.integrity.disks.observe()  # the first requests may fill a disk
        async with serving_node(live):
            yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
