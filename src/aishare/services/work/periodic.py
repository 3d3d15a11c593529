"""Periodic tasks that need no durable job."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

_log = structlog.get_logger(__name__)


async def every(seconds: float, work: Callable[[], Awaitable[object]], *, name: str) -> None:
    """Repeats `work` until cancelled. A failure is logged and retried in the next round."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the loop must survive any failure, which is logged
            _log.error("periodic_work_failed", work=name, error=type(error).__name__, message=str(error))
