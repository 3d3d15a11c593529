"""Health checks and metrics for monitoring."""

import os
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, Response, status
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from pydantic import BaseModel

from aishare.api.http.deps import LiveDep, RuntimeDep
from aishare.core.errors import AishareError, NotFound
from aishare.services.integrity.disks import DiskState

router = APIRouter(tags=["health"])


class LiveJson(BaseModel):
    """The process is running."""

    status: Literal["ok"] = "ok"


class DiskRoomJson(BaseModel):
    """A disk and what is on it: data, database, storage."""

    holds: list[str]
    state: Literal["ok", "full"]
    free_bytes: int


class ReadyJson(BaseModel):
    """Whether requests can be served, for each part: `ok` or an error code. `degraded`: the storage is unavailable, so
    new files are kept in the spool and its files cannot be read, or a disk is full and nothing new is stored.
    """

    status: Literal["ok", "degraded", "down"]
    catalogue: str
    storage: str
    disks: list[DiskRoomJson]


@router.get("/api/health/live")
async def get_liveness() -> LiveJson:
    """200 as long as the process is running."""
    return LiveJson()


@router.get("/api/health/ready", responses={503: {"model": ReadyJson}})
async def get_readiness(response: Response, running: LiveDep, runtime: RuntimeDep) -> ReadyJson:
    """200 if the database accepts writes, and so does the active storage or the spool in its place; otherwise 503."""
    catalogue = await _state(running.node.check)
    storage, disks = await runtime.content.storage.health(), await runtime.integrity.disks.states()
    state = storage.status if catalogue == "ok" else "down"
    if state == "ok" and any(disk.full for disk in disks):
        state = "degraded"
    if state == "down":
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        response.headers["retry-after"] = "10"
    return ReadyJson(status=state, catalogue=catalogue, storage=storage.code, disks=[_room(disk) for disk in disks])


@router.get("/metrics", include_in_schema=False)
async def get_metrics(runtime: RuntimeDep) -> Response:
    """Prometheus text format."""
    if not runtime.settings.metrics_enabled:
        raise NotFound("Metrics are turned off.")
    return Response(generate_latest(_counted(runtime.registry)), media_type=CONTENT_TYPE_LATEST)


def _room(disk: DiskState) -> DiskRoomJson:
    return DiskRoomJson(holds=list(disk.holds), state="full" if disk.full else "ok", free_bytes=disk.free_bytes)


def _counted(registry: CollectorRegistry) -> CollectorRegistry:
    """The counters of this process, or the sums over all workers, which store their counters in a folder of the parent
    process.
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return registry
    sums = CollectorRegistry()
    MultiProcessCollector(sums, folder)  # type: ignore[no-untyped-call]  # the package has no types here
    return sums


async def _state(check: Callable[[], Awaitable[None]]) -> str:
    try:
        await check()
    except AishareError as error:
        return error.code
    return "ok"
