"""The administrator's view of the storage: its configuration, contents and state."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from aishare.catalogue.integrity.locations import LocationContent
from aishare.core.errors import AishareError, SettingProblem
from aishare.services.content import Status, StorageService
from aishare.services.integrity import DiskService, DiskState
from aishare.settings.catalog import Settings
from aishare.storage.base import BaseStorageBackend, Outage, Space
from aishare.storage.checks.probe import ProbeReport, ProbeStep, probe, report_of
from aishare.storage.wrappers.measured import LastError, Latency, StorageMetrics


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Optional features of the active storage."""

    presigned_urls: bool
    server_side_copy: bool
    local_files: bool
    multipart: bool


@dataclass(frozen=True, slots=True)
class Address:
    """Where an S3 storage is; empty for a local disk."""

    endpoint: str | None = None
    bucket: str | None = None
    region: str | None = None
    prefix: str = ""
    addressing: str | None = None


@dataclass(frozen=True, slots=True)
class StorageReport:
    """The current state of the storage. `problems` are those of its settings, if it could not be opened.

    `latency` is by operation, for the last minutes; `space` only for a disk.
    """

    settings: Settings
    active_id: str
    status: Status
    outage: Outage | None
    problems: tuple[SettingProblem, ...]
    label: str
    address: Address
    capabilities: Capabilities
    contents: list[LocationContent]
    space: Space | None
    disks: list[DiskState]
    last_error: LastError | None
    latency: dict[str, Latency]
    latency_window_seconds: int


class StorageAdminService:
    """Reads and tests; changes nothing."""

    LATENCY_WINDOW_SECONDS = 300

    def __init__(  # noqa: PLR0913 - the services it uses
        self,
        *,
        settings: Settings,
        storage: StorageService,
        disks: DiskService,
        metrics: StorageMetrics,
        open_trial: Callable[[Settings], Awaitable[BaseStorageBackend]],
        problems: Callable[[], Sequence[SettingProblem]] = tuple,
    ) -> None:
        self._settings = settings
        self._storage = storage
        self._disks = disks
        self._metrics = metrics
        self._open_trial = open_trial
        self._problems = problems

    async def report(self) -> StorageReport:
        """Checks whether the active storage responds, and counts the contents of each location."""
        info = await self._storage.info()
        backend = self._storage.active.backend
        disks = await self._disks.states()
        return StorageReport(
            settings=self._settings,
            active_id=info.active_id,
            status="degraded" if info.status == "ok" and any(disk.full for disk in disks) else info.status,
            outage=info.outage,
            problems=tuple(self._problems()),
            label=self._storage.active.row.label,
            address=_address(self._settings),
            capabilities=_capabilities(backend),
            contents=info.contents,
            space=await _space(backend),
            disks=disks,
            last_error=self._metrics.last_error(backend.label),
            latency=self._metrics.recent(backend.label, last_seconds=self.LATENCY_WINDOW_SECONDS),
            latency_window_seconds=self.LATENCY_WINDOW_SECONDS,
        )

    async def test(self, settings: Settings | None = None) -> ProbeReport:
        """The connection test of these settings, or of those in effect; nothing is left in the storage."""
        async with self.steps(settings) as steps:
            return report_of([step async for step in steps])

    @asynccontextmanager
    async def steps(self, settings: Settings | None = None) -> AsyncIterator[AsyncIterator[ProbeStep]]:
        """The same, yielding each step as it ends. Uses its own client, so it neither waits for others nor slows them
        down.
        """
        if settings is None and (problems := self._problems()):
            yield _unusable(problems)
            return
        backend = await self._open_trial(settings or self._settings)
        try:
            async with aclosing(probe(backend)) as steps:
                yield steps
        finally:
            await backend.aclose()


def _address(settings: Settings) -> Address:
    if settings.storage_type == "s3":
        return Address(None, settings.s3_bucket_name, settings.aws_default_region, settings.s3_key_prefix, "virtual")
    if settings.storage_type == "s3_compatible":
        style = settings.s3_compatible_addressing_style
        return Address(
            endpoint=settings.s3_compatible_endpoint_url,
            bucket=settings.s3_compatible_bucket_name,
            region=settings.s3_compatible_effective_region,
            prefix=settings.s3_key_prefix,
            addressing="path" if style == "auto" else style,
        )
    return Address()


def _capabilities(backend: BaseStorageBackend) -> Capabilities:
    return Capabilities(
        presigned_urls=backend.presigner is not None,
        server_side_copy=backend.copier is not None,
        local_files=backend.local_files is not None,
        multipart=backend.parts is not None,
    )


async def _unusable(problems: Sequence[SettingProblem]) -> AsyncGenerator[ProbeStep]:
    text = "; ".join(str(problem) for problem in problems)
    yield ProbeStep("settings", False, 0, text, "Correct these settings and try again.")


async def _space(backend: BaseStorageBackend) -> Space | None:
    try:
        return None if backend.capacity is None else await backend.capacity.space()
    except AishareError:
        return None  # the status says that the disk does not respond
