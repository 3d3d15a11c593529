"""From settings to storage: which place a configuration leads to, and the backend that speaks to it."""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from aishare.catalogue import locations
from aishare.catalogue.locations import Location
from aishare.core.clock import utc_now
from aishare.core.ids import new_id
from aishare.settings.catalog import Settings
from aishare.storage.base import BaseStorageBackend
from aishare.storage.breaking import BreakingBackend
from aishare.storage.limited import LimitedBackend
from aishare.storage.local import LocalConfig, LocalStorageBackend
from aishare.storage.measured import MeasuredBackend, StorageMetrics
from aishare.storage.reserve import DiskReserve
from aishare.storage.retrying import RetryingBackend, RetryPolicy
from aishare.storage.s3.config import AddressingStyle, Profile, S3Config

_S3_READS: Final = 256
_S3_WRITES: Final = 256
"""Uploads wait for their clients, not for connections: what they send takes turns (`storage.s3.buffers`)."""

_S3_RETRIES: Final = RetryPolicy(attempts=3, deadline_seconds=9, stall_seconds=5)
"""The client itself sends a refused request again; this is for what it does not see: broken bodies and stalls."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a configuration leads: `identity` tells two places apart, and is kept as a digest only."""

    kind: str
    label: str
    identity: str
    backend: BaseStorageBackend

    def as_location(self) -> Location:
        """The row this place would get if it is new."""
        return Location(
            id=f"{self.kind.replace('_', '-')}-{new_id()[:8]}",
            kind=self.kind,
            label=self.label,
            fingerprint=hashlib.sha256(f"{self.kind}\n{self.identity}".encode()).hexdigest(),
            state=locations.ACTIVE,
            created_at=utc_now(),
        )


async def open_place(settings: Settings, metrics: StorageMetrics, reserve: DiskReserve) -> Place:
    """The configured place as the service uses it: measured, and over a network limited and patient."""
    if settings.storage_type == "local":
        local = LocalStorageBackend(replace(_local_config(settings), reserve=reserve))
        return Place("local", "Local disk", await local.identity(), MeasuredBackend(local, metrics))
    config = replace(_s3_config(settings), reserve=reserve)
    measured = MeasuredBackend(await _open_s3(config), metrics)
    limited = LimitedBackend(measured, reads=_S3_READS, writes=_S3_WRITES)
    patient = RetryingBackend(limited, _S3_RETRIES)
    return Place(settings.storage_type, config.label, _identity(config), BreakingBackend(patient))


async def open_spool(settings: Settings, metrics: StorageMetrics, reserve: DiskReserve) -> Place:
    """The folder that takes files while the configured storage can not."""
    spool = LocalStorageBackend(LocalConfig(settings.data_dir / "spool", label="spool", reserve=reserve))
    return Place("local", "Spool", f"spool:{await spool.identity()}", MeasuredBackend(spool, metrics))


async def open_trial(settings: Settings) -> BaseStorageBackend:
    """For a connection test: bare, with a client of its own that gives up soon. Close it."""
    if settings.storage_type == "local":
        return LocalStorageBackend(_local_config(settings))
    return await _open_s3(_s3_config(settings).impatient())


def storage_config(settings: Settings) -> LocalConfig | S3Config:
    """Equal for settings that make no difference to the storage."""
    return _local_config(settings) if settings.storage_type == "local" else _s3_config(settings)


async def _open_s3(config: S3Config) -> BaseStorageBackend:
    from aishare.storage.s3.backend import open_s3  # noqa: PLC0415 - a sixth of the start, which local disks save

    return await open_s3(config)


def _s3_config(settings: Settings) -> S3Config:
    config = _aws_config(settings) if settings.storage_type == "s3" else _compatible_config(settings)
    return replace(config, temporary_folder=settings.data_dir)


def _identity(config: S3Config) -> str:
    return f"{config.reachable_url}\n{config.bucket}\n{config.prefix}"


def _local_config(settings: Settings) -> LocalConfig:
    return LocalConfig(settings.local_storage_path, excluded=(settings.image_storage_path,))


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
