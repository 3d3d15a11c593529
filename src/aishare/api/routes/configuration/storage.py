"""Routes of the storage: state, connection test, take-over. Administrators only."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Header
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from aishare.api.http.deps import LiveDep, SuperuserDep
from aishare.api.routes.configuration.configuration import ProblemJson, problem_json
from aishare.catalogue.integrity.locations import SPOOL
from aishare.core.errors import with_advice
from aishare.runtime import LiveRuntime
from aishare.services.configuration.storage_admin import StorageReport
from aishare.settings.candidate import storage_candidate
from aishare.settings.catalog import CATALOGUE, Settings
from aishare.settings.masking import masked
from aishare.storage.checks.probe import ProbeStep

router = APIRouter(prefix="/api/admin/storage-service", tags=["administration"])

_NDJSON = "application/x-ndjson"
_LOCAL_ONLY = {"LOCAL_STORAGE_PATH"}

Value = str | int | float | bool | None


class CapabilitiesJson(BaseModel):
    """Optional features of the storage."""

    presigned_urls: bool
    server_side_copy: bool
    local_files: bool
    multipart: bool


class LocationJson(BaseModel):
    """A storage location and what it contains."""

    id: str
    kind: str
    label: str
    state: str
    objects: int
    bytes: int


class LastErrorJson(BaseModel):
    """The latest error since the server started."""

    at: datetime
    operation: str
    code: str
    message: str


class LatencyJson(BaseModel):
    """Durations of an operation in the last few minutes; for reads, until the first byte."""

    operation: str
    count: int
    p50_ms: float
    p95_ms: float


class SpoolJson(BaseModel):
    """Files waiting in the spool; `reason` and `since` say why the storage is unavailable."""

    objects: int
    bytes: int
    reason: str | None
    since: datetime | None


class DiskJson(BaseModel):
    """A disk of this server, and which data is on it. When it is `full` except for `reserve_bytes`, nothing new is
    stored there; existing files can be read and deleted.
    """

    holds: list[str]
    full: bool
    free_bytes: int
    total_bytes: int
    reserve_bytes: int


class StorageInfoJson(BaseModel):
    """Where files are stored, and the state of the storage. Secrets are masked. `code` says what is wrong, as in
    /api/health/ready. `problems` lists what must be corrected before the storage can be used again, by variable if
    known.
    """

    storage_type: Literal["local", "s3", "s3_compatible"]
    location_id: str
    status: Literal["ok", "degraded", "down"]
    code: str
    degraded: bool
    spool: SpoolJson
    problems: list[ProblemJson]
    label: str
    endpoint: str | None
    bucket: str | None
    region: str | None
    prefix: str
    addressing: str | None
    capabilities: CapabilitiesJson
    configuration: dict[str, str]
    locations: list[LocationJson]
    objects: int
    bytes: int
    free_bytes: int | None
    total_bytes: int | None
    disks: list[DiskJson]
    last_error: LastErrorJson | None
    latency: list[LatencyJson]
    latency_window_seconds: int


class StepJson(BaseModel):
    """One step of a connection test; `ok` is null if the step was skipped."""

    name: str
    ok: bool | None
    ms: float
    message: str
    hint: str | None


class OwnerJson(BaseModel):
    """The aishare installation a storage belongs to, and since when."""

    installation: str
    name: str
    created_at: str


class TakenOverJson(BaseModel):
    """The storage now belongs to this installation. `previous` is its former owner, or null."""

    ok: bool
    previous: OwnerJson | None


class TestReportJson(BaseModel):
    """All steps; `ok` is true if none failed."""

    ok: bool
    steps: list[StepJson]


@router.get("/info")
async def get_storage_info(live: LiveDep, _admin: SuperuserDep) -> StorageInfoJson:
    """The state of the storage, all locations, and the latency of the last few minutes."""
    return storage_info_json(await live.current.configuration.storage.report())


@router.post(
    "/test-connection",
    response_model=TestReportJson,
    responses={200: {"content": {_NDJSON: {"schema": {"type": "string"}}}}},
)
async def check_storage_connection(
    live: LiveDep,
    _admin: SuperuserDep,
    candidate: Annotated[dict[str, Value] | None, Body()] = None,
    accept: Annotated[str, Header()] = "",
) -> TestReportJson | StreamingResponse:
    """Test storage settings with small real operations, within 10 seconds; everything written is deleted again.

    The body contains the variables that differ from the running configuration; without a body, the running
    configuration is tested. For a secret that is masked, empty or missing, the running one is used. With `Accept:
    application/x-ndjson`, each step is sent on its own line as it ends, followed by `{"ok": …}`.
    """
    settings = await _candidate(live, candidate or {})
    if _NDJSON not in accept:
        return TestReportJson.model_validate(asdict(await live.current.configuration.storage.test(settings)))
    stack = AsyncExitStack()
    steps = await stack.enter_async_context(live.current.configuration.storage.steps(settings))
    return StreamingResponse(_lines(steps, stack), media_type=_NDJSON, headers={"cache-control": "no-store"})


@router.post("/take-over")
async def take_over_storage(
    live: LiveDep, admin: SuperuserDep, candidate: Annotated[dict[str, Value] | None, Body()] = None
) -> TakenOverJson:
    """Take over a storage that belongs to another installation of aishare, which can then no longer use it. The body is
    the same as for the connection test. The settings are not applied; do that afterwards.
    """
    runtime = live.current
    previous = await runtime.integrity.marker.take_over(
        admin.user, await _candidate(live, candidate or {}) or runtime.settings
    )
    return TakenOverJson(ok=True, previous=None if previous is None else OwnerJson.model_validate(asdict(previous)))


def storage_info_json(report: StorageReport) -> StorageInfoJson:
    """The report as the API and the command line show it."""
    space, settings = report.space, report.settings
    return StorageInfoJson(
        storage_type=settings.storage_type,
        location_id=report.active_id,
        status=report.status,
        code="ok" if report.outage is None else report.outage.code,
        degraded=report.status != "ok",
        spool=_spool_json(report),
        problems=_problems_json(report),
        label=report.label,
        endpoint=report.address.endpoint,
        bucket=report.address.bucket,
        region=report.address.region,
        prefix=report.address.prefix,
        addressing=report.address.addressing,
        capabilities=CapabilitiesJson.model_validate(asdict(report.capabilities)),
        configuration=_configuration(settings),
        locations=[
            LocationJson(
                id=content.location.id,
                kind=content.location.kind,
                label=content.location.label,
                state=content.location.state,
                objects=content.objects,
                bytes=content.bytes,
            )
            for content in report.contents
        ],
        objects=sum(content.objects for content in report.contents),
        bytes=sum(content.bytes for content in report.contents),
        free_bytes=None if space is None else space.free_bytes,
        total_bytes=None if space is None else space.total_bytes,
        disks=[DiskJson.model_validate(asdict(disk)) for disk in report.disks],
        last_error=None if report.last_error is None else LastErrorJson.model_validate(asdict(report.last_error)),
        latency=[
            LatencyJson(
                operation=operation,
                count=found.count,
                p50_ms=round(found.p50_seconds * 1000, 2),
                p95_ms=round(found.p95_seconds * 1000, 2),
            )
            for operation, found in sorted(report.latency.items())
        ],
        latency_window_seconds=report.latency_window_seconds,
    )


async def _candidate(live: LiveRuntime, values: dict[str, Value]) -> Settings | None:
    if not values:
        return None
    changes = {name.upper(): _text(value) for name, value in values.items()}
    running, base_dir = live.current.settings, live.configuration.base_dir
    return await asyncio.to_thread(storage_candidate, running, changes, base_dir=base_dir)


def _text(value: Value) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


async def _lines(steps: AsyncIterator[ProbeStep], stack: AsyncExitStack) -> AsyncIterator[bytes]:
    async with stack:
        ok = True
        async for step in steps:
            ok = ok and step.ok is not False
            yield json.dumps(asdict(step)).encode() + b"\n"
        yield json.dumps({"ok": ok}).encode() + b"\n"


def _configuration(settings: Settings) -> dict[str, str]:
    """The variables that matter for this kind of storage; S3_* variables apply to both kinds of S3."""
    shown, local = {"storage", settings.storage_type}, settings.storage_type == "local"
    specs = [
        spec
        for spec in CATALOGUE
        if spec.group in shown and not (spec.name.startswith("S3_") if local else spec.name in _LOCAL_ONLY)
    ]
    return {spec.name: masked(spec, getattr(settings, spec.field)) for spec in specs}


def _problems_json(report: StorageReport) -> list[ProblemJson]:
    if report.problems:
        return [problem_json(problem) for problem in report.problems]
    outage = report.outage
    if outage is None:
        return []
    message = with_advice(outage.reason, outage.hint)
    return [ProblemJson(variable=None, file=None, line=None, message=message)]


def _spool_json(report: StorageReport) -> SpoolJson:
    waiting = [content for content in report.contents if content.location.state == SPOOL]
    outage = report.outage
    return SpoolJson(
        objects=sum(content.objects for content in waiting),
        bytes=sum(content.bytes for content in waiting),
        reason=None if outage is None else outage.reason,
        since=None if outage is None else outage.since,
    )
