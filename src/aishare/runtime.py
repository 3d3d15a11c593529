"""Builds everything from settings: the one place of wiring."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry

from aishare.catalogue import locations
from aishare.catalogue.locations import Location
from aishare.catalogue.opening import open_catalogue
from aishare.catalogue.session import Catalogue
from aishare.catalogue.throttle import Limit
from aishare.core.clock import utc_now
from aishare.core.ids import new_id
from aishare.services.demo import seed_demo
from aishare.services.downloads import DownloadService
from aishare.services.files import FileService
from aishare.services.folders import FolderService
from aishare.services.passwords import PasswordService
from aishare.services.periodic import every
from aishare.services.sessions import SessionLimits, SessionService, TokenService
from aishare.services.setup import SetupService
from aishare.services.storage import OpenLocation, StorageService
from aishare.services.uploads import UploadService
from aishare.services.users import UserService
from aishare.settings.catalog import Settings
from aishare.storage.base import BaseStorageBackend
from aishare.storage.local import LocalConfig, LocalStorageBackend
from aishare.storage.probe import ProbeReport, run_probe
from aishare.storage.s3.backend import open_s3
from aishare.storage.s3.config import AddressingStyle, Profile, S3Config

_BURY_SECONDS: Final = 2
_SWEEP_SECONDS: Final = 3600
_INCOMING_SECONDS: Final = 24 * 3600
"""Temporary files older than this belong to no running upload."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a door needs. Replaced whole when settings change."""

    settings: Settings
    registry: CollectorRegistry
    catalogue: Catalogue
    storage: StorageService
    users: UserService
    setup: SetupService
    sessions: SessionService
    tokens: TokenService
    files: FileService
    folders: FolderService
    uploads: UploadService
    downloads: DownloadService


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Opens database and storage, and closes them in the end. Does no background work: see `background`."""
    async with AsyncExitStack() as stack:
        catalogue = await open_catalogue(settings.effective_database_url.get_secret_value())
        stack.push_async_callback(catalogue.aclose)
        active = await _open_active(settings, catalogue)
        stack.push_async_callback(active.backend.aclose)
        passwords = PasswordService()
        stack.callback(passwords.close)
        yield _wire(settings, catalogue, active, passwords)


@asynccontextmanager
async def background(runtime: Runtime) -> AsyncIterator[None]:
    """Deletes what was marked deleted and sweeps what ended, while the context is open."""
    await _sweep_incoming(runtime)
    tasks = [
        asyncio.create_task(every(_BURY_SECONDS, runtime.storage.bury, name="bury")),
        asyncio.create_task(every(_SWEEP_SECONDS, runtime.sessions.sweep, name="sweep_sessions")),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def seed(runtime: Runtime) -> bool:
    """Demo users and sample files, in an installation that has no users yet."""
    return await seed_demo(users=runtime.users, uploads=runtime.uploads)


def _wire(settings: Settings, catalogue: Catalogue, active: OpenLocation, passwords: PasswordService) -> Runtime:
    storage = StorageService(active=active, readable={}, catalogue=catalogue, clock=utc_now)
    lock = timedelta(seconds=settings.login_lock_seconds)
    limits = SessionLimits(
        idle=timedelta(hours=settings.session_idle_hours), absolute=timedelta(days=settings.session_max_days)
    )
    files = FileService(catalogue=catalogue, clock=utc_now)
    users = UserService(
        catalogue=catalogue,
        passwords=passwords,
        limit=Limit(failures=settings.login_max_failures, window=lock, lock=lock),
        clock=utc_now,
    )
    return Runtime(
        settings=settings,
        registry=CollectorRegistry(),
        catalogue=catalogue,
        storage=storage,
        users=users,
        setup=SetupService(catalogue=catalogue, users=users),
        sessions=SessionService(catalogue=catalogue, limits=limits, clock=utc_now),
        tokens=TokenService(catalogue=catalogue, clock=utc_now),
        files=files,
        folders=FolderService(catalogue=catalogue, clock=utc_now),
        uploads=UploadService(
            storage=storage, catalogue=catalogue, limit_bytes=settings.max_upload_size_bytes, clock=utc_now
        ),
        downloads=DownloadService(files=files, storage=storage),
    )


async def probe_storage(settings: Settings) -> ProbeReport:
    """The connection test of these settings, with a client of its own; nothing stays behind in the storage."""
    place = await (_local(settings) if settings.storage_type == "local" else _s3(settings, patient=False))
    try:
        return await run_probe(place.backend)
    finally:
        await place.backend.aclose()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a configuration leads: `identity` tells two places apart, and is kept as a digest only."""

    kind: str
    label: str
    identity: str
    backend: BaseStorageBackend


async def _open_active(settings: Settings, catalogue: Catalogue) -> OpenLocation:
    place = await (_local(settings) if settings.storage_type == "local" else _s3(settings))
    wanted = Location(
        id=f"{place.kind.replace('_', '-')}-{new_id()[:8]}",
        kind=place.kind,
        label=place.label,
        fingerprint=hashlib.sha256(f"{place.kind}\n{place.identity}".encode()).hexdigest(),
        state=locations.ACTIVE,
        created_at=utc_now(),
    )
    row = await catalogue.write(lambda connection: locations.activate_location(connection, wanted))
    return OpenLocation(row, place.backend)


async def _local(settings: Settings) -> _Place:
    config = LocalConfig(settings.local_storage_path, excluded=(settings.image_storage_path,))
    backend = LocalStorageBackend(config)
    return _Place("local", "Local disk", await backend.identity(), backend)


async def _s3(settings: Settings, *, patient: bool = True) -> _Place:
    config = _aws_config(settings) if settings.storage_type == "s3" else _compatible_config(settings)
    config = config if patient else config.impatient()
    identity = f"{config.reachable_url}\n{config.bucket}\n{config.prefix}"
    return _Place(settings.storage_type, config.label, identity, await open_s3(config))


def _aws_config(settings: Settings) -> S3Config:
    key = settings.aws_access_key_id
    return S3Config(
        profile=Profile.AWS,
        bucket=settings.s3_bucket_name or "",
        region=settings.aws_default_region,
        access_key=None if key is None else key.get_secret_value(),
        secret_key=settings.aws_secret_access_key,
        prefix=settings.s3_key_prefix,
        public_endpoint_url=settings.s3_public_endpoint,
        ca_bundle=settings.s3_ca_bundle,
        sign_payload=settings.s3_sign_payload,
    )


def _compatible_config(settings: Settings) -> S3Config:
    key = settings.s3_compatible_access_key
    return S3Config(
        profile=Profile.S3_COMPATIBLE,
        bucket=settings.s3_compatible_bucket_name or "",
        endpoint_url=settings.s3_compatible_endpoint_url,
        region=settings.s3_compatible_effective_region,
        access_key=None if key is None else key.get_secret_value(),
        secret_key=settings.s3_compatible_secret_key,
        prefix=settings.s3_key_prefix,
        addressing_style=AddressingStyle(settings.s3_compatible_addressing_style),
        public_endpoint_url=settings.s3_public_endpoint,
        ca_bundle=settings.s3_ca_bundle,
        sign_payload=settings.s3_sign_payload,
    )


async def _sweep_incoming(runtime: Runtime) -> None:
    backend = runtime.storage.active.backend
    if isinstance(backend, LocalStorageBackend):
        await backend.sweep_incoming(older_than_seconds=_INCOMING_SECONDS)
