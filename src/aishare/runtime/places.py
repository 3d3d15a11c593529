"""From settings to storage: which location a configuration refers to, and its backend."""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from aishare.catalogue.integrity import locations
from aishare.catalogue.integrity.locations import Location
from aishare.core.clock import utc_now
from aishare.core.ids import new_id
from aishare.settings.catalog import Settings
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.s3.config import AddressingStyle, Profile, S3Config
from aishare.storage.base import BaseStorageBackend
from aishare.storage.flow.reserve import DiskReserve
from aishare.storage.wrappers.breaking import BreakingBackend
from aishare.storage.wrappers.limited import LimitedBackend
from aishare.storage.wrappers.measured import MeasuredBackend, StorageMetrics
from aishare.storage.wrappers.retrying import RetryingBackend, RetryPolicy

_S3_READS: Final = 256
_S3_WRITES: Final = 256
"""Uploads wait for their clients, not for connections: sending is limited elsewhere (`storage.backends.s3.buffers`)."""

_DISK_SECONDS: Final = 30.0
"""A disk may be slow; only a disk that hangs counts as failed."""

_S3_RETRIES: Final = RetryPolicy(attempts=3, deadline_seconds=9, stall_seconds=5)
"""The client itself repeats failed requests; this covers what it does not detect: incomplete bodies and stalls."""


@dataclass(frozen=True, slots=True)
class ConfiguredLocation:
    """The place that a configuration refers to, and its row if it is new."""

    row: Location
    backend: BaseStorageBackend


async def open_place(settings: Settings, metrics: StorageMetrics, reserve: DiskReserve) -> ConfiguredLocation:
    """The configured place, as used by the service. A local folder without a marker gets one: it is a new place."""
    if settings.storage_type == "local":
        row = await new_folder(settings)
        return ConfiguredLocation(row, await open_backend(settings, metrics, reserve, fingerprint=row.fingerprint))
    config = _s3_config(settings)
    row = _new_row(settings.storage_type, config.label, _identity(config))
    return ConfiguredLocation(row, await open_backend(settings, metrics, reserve))


async def open_backend(
    settings: Settings, metrics: StorageMetrics, reserve: DiskReserve, *, fingerprint: str | None = None
) -> BaseStorageBackend:
    """With metrics and health checks; over a network also with limits and retries.

    A local folder is used while its marker matches `fingerprint`, otherwise it is unavailable; nothing is created in
    it.
    """
    if settings.storage_type == "local":
        local = LocalStorageBackend(replace(_recognising(settings, fingerprint), reserve=reserve))
        measured = MeasuredBackend(local, metrics)
        return BreakingBackend(measured, check_seconds=_DISK_SECONDS, always=True)
    measured = MeasuredBackend(await _open_s3(replace(_s3_config(settings), reserve=reserve)), metrics)
    limited = LimitedBackend(measured, reads=_S3_READS, writes=_S3_WRITES)
    return BreakingBackend(RetryingBackend(limited, _S3_RETRIES))


def fingerprint_of(kind: str, identity: str) -> str:
    """Identifies a place; the identity itself is not stored."""
    return hashlib.sha256(f"{kind}\n{identity}".encode()).hexdigest()


def s3_fingerprint(settings: Settings) -> str:
    """Of the bucket, or the part of it, in these settings."""
    return fingerprint_of(settings.storage_type, _identity(_s3_config(settings)))


async def new_folder(settings: Settings) -> Location:
    """The local folder of these settings as a new location; it gets a marker if it has none."""
    backend = LocalStorageBackend(_local_config(settings))
    try:
        return _new_row("local", "Local disk", await backend.identity())
    finally:
        await backend.aclose()


async def local_marker(settings: Settings) -> str | None:
    """The marker in the local folder of these settings. Creates nothing."""
    return await _marker_of(_local_config(settings))


async def spool_marker(settings: Settings) -> str | None:
    """The same for the spool."""
    return await _marker_of(_spool_config(settings))


async def open_spool(settings: Settings, metrics: StorageMetrics, reserve: DiskReserve) -> ConfiguredLocation:
    """The folder that takes files while the configured storage cannot."""
    spool = LocalStorageBackend(replace(_spool_config(settings), reserve=reserve))
    row = replace(_new_row("local", "Spool", f"spool:{await spool.identity()}"), state=locations.SPOOL)
    return ConfiguredLocation(row, MeasuredBackend(spool, metrics))


async def open_trial(settings: Settings, *, fingerprint: str | None = None) -> BaseStorageBackend:
    """For a connection test: without wrappers, with its own client that gives up soon. Must be closed.

    A local folder must match `fingerprint`, if given.
    """
    if settings.storage_type == "local":
        return LocalStorageBackend(_recognising(settings, fingerprint) if fingerprint else _local_config(settings))
    return await _open_s3(_s3_config(settings).impatient())


def storage_config(settings: Settings) -> LocalConfig | S3Config:
    """Equal for settings that make no difference to the storage."""
    return _local_config(settings) if settings.storage_type == "local" else _s3_config(settings)


async def _marker_of(config: LocalConfig) -> str | None:
    backend = LocalStorageBackend(config)
    try:
        return await backend.marker()
    finally:
        await backend.aclose()


async def _open_s3(config: S3Config) -> BaseStorageBackend:
    from aishare.storage.backends.s3.backend import open_s3  # noqa: PLC0415 - saves a sixth of the startup time with local disks

    return await open_s3(config)


def _s3_config(settings: Settings) -> S3Config:
    config = _aws_config(settings) if settings.storage_type == "s3" else _compatible_config(settings)
    return replace(config, temporary_folder=settings.data_dir)


def _identity(config: S3Config) -> str:
    return f"{config.reachable_url}\n{config.bucket}\n{config.prefix}"


def _new_row(kind: str, label: str, identity: str) -> Location:
    """`identity` distinguishes places and is only stored as a digest."""
    return Location(
        id=f"{kind.replace('_', '-')}-{new_id()[:8]}",
        kind=kind,
        label=label,
        fingerprint=fingerprint_of(kind, identity),
        state=locations.ACTIVE,
        created_at=utc_now(),
    )


def _spool_config(settings: Settings) -> LocalConfig:
    return LocalConfig(settings.data_dir / "spool", label="spool")


def _local_config(settings: Settings) -> LocalConfig:
    return LocalConfig(settings.local_storage_path, excluded=(settings.image_storage_path,))


def _recognising(settings: Settings, fingerprint: str | None) -> LocalConfig:
    return replace(_local_config(settings), knows=lambda marker: fingerprint_of("local", marker) == fingerprint)


def _aws_config(settings: Settings) -> S3Config:
    key = settings.aws_access_key_id
    return S3Config(
        profile=Profile.AWS,
        bucket=settings.s3_bucket_name or "",
        region=settings.aws_default_region,
        access_key=None if key is None else key.get_secret_value(),
        secret_key=settings.aws_secret_access_key,
        session_token=settings.aws_session_token,
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
