"""Cooperation of several server processes: reporting that they are alive, and applying each other's changes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aishare.core.errors import AishareError, CatalogueUnavailable
from aishare.runtime.live import LiveRuntime
from aishare.services.configuration.nodes import NodeService
from aishare.services.work.periodic import every

_FOLLOW_SECONDS: Final = 0.5
_EXPIRE_SECONDS: Final = 1
_WATCH_SECONDS: Final = 2


@asynccontextmanager
async def serving_node(live: LiveRuntime) -> AsyncIterator[None]:
    """Visible to the others while the context is open."""

    async def follow() -> None:
        with contextlib.suppress(CatalogueUnavailable):  # the renewals report an unavailable database too, less often
            await live.configuration.follow()

    async def expire() -> None:
        with contextlib.suppress(CatalogueUnavailable):
            await live.configuration.expire()

    await live.node.renew()
    tasks = [
        asyncio.create_task(every(NodeService.RENEW_SECONDS, live.node.renew, name="renew_node")),
        asyncio.create_task(every(_FOLLOW_SECONDS, follow, name="follow_changes")),
        asyncio.create_task(every(_EXPIRE_SECONDS, expire, name="expire_changes")),
        asyncio.create_task(every(_WATCH_SECONDS, live.configuration.watch, name="watch_files")),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(AishareError):
            await live.node.leave()
