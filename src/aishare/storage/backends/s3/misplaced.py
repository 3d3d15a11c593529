"""Detects a bucket written into the endpoint, as some providers show it for copying."""

from urllib.parse import urlsplit

from aishare.core.errors import BackendError, ObjectNotFound
from aishare.storage.backends.s3.config import S3Config


def in_host(config: S3Config) -> str | None:
    """The host without the bucket before it. Only a guess: a bucket named `minio` may really be at
    `minio.example.org`.
    """
    host = urlsplit(config.endpoint_url or "").netloc
    return host.removeprefix(f"{config.bucket}.") if host.startswith(f"{config.bucket}.") else None


def explained(error: BackendError, config: S3Config) -> BackendError:
    """`error`, with a hint about an endpoint that contains more than an address."""
    parts = urlsplit(config.endpoint_url or "")
    path, host = parts.path.strip("/"), in_host(config)
    if path:
        error.hint = hint_for(config, parts.netloc, path)
    elif host is not None and isinstance(error, ObjectNotFound):
        error.hint = hint_for(config, host, config.bucket)
    return error


def hint_for(config: S3Config, host: str, extra: str) -> str:
    """Which endpoint to set instead; `extra` is the superfluous part."""
    names, root = config.names, f"{urlsplit(config.endpoint_url or '').scheme}://{host}"
    if extra == config.bucket:
        return f"{names.endpoint} must not contain the bucket, which is set in {names.bucket}: use {root}."
    return f"Set {names.endpoint}={root} without /{extra}."
