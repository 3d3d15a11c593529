"""The only table from S3 and network errors to aishare's errors.

Messages contain the provider's code and request id, never a secret, signature or presigned query.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from aishare.core.errors import (
    AishareError,
    BackendDenied,
    BackendError,
    BackendTimeout,
    BackendUnavailable,
    BucketNotFound,
    ClockSkewed,
    ObjectArchived,
    ObjectLocked,
    StorageFull,
    TlsFailure,
    UnknownAccessKey,
    WrongRegion,
    WrongSecret,
)
from aishare.storage.backends.s3.codes import BY_CODE, BY_STATUS, HINTS, kind_by_text
from aishare.storage.backends.s3.config import S3Config
from aishare.storage.backends.s3.proxies import proxy_for, without_proxy_hint

_BY_EXCEPTION: tuple[tuple[type[BaseException], type[BackendError], str], ...] = (
    (boto.SSLError, TlsFailure, "no TLS connection could be made"),
    (aiohttp.ClientSSLError, TlsFailure, "no TLS connection could be made"),
    (boto.ConnectTimeoutError, BackendTimeout, "it did not accept a connection in time"),
    (boto.ReadTimeoutError, BackendTimeout, "it did not respond in time"),
    (TimeoutError, BackendTimeout, "it did not respond in time"),
    (boto.EndpointConnectionError, BackendUnavailable, "it cannot be reached"),
    (boto.NoCredentialsError, BackendDenied, "no credentials are set or found"),
    (boto.PartialCredentialsError, BackendDenied, "the credentials found are incomplete"),
    (boto.CredentialRetrievalError, BackendDenied, "credentials could not be fetched"),
    (ResponseParserError, BackendError, "the server at this address does not support S3"),
    (boto.HTTPClientError, BackendUnavailable, "the connection was lost"),
    (aiohttp.ClientError, BackendUnavailable, "the connection was lost"),
    (OSError, BackendUnavailable, "the connection was lost"),
    (boto.BotoCoreError, BackendError, "the S3 client rejected the request"),
)

_PROXY_ERRORS = (
    boto.ProxyConnectionError,
    boto.InvalidProxiesConfigError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.ClientHttpProxyError,
)

VENDOR_ERRORS = (boto.ClientError, boto.BotoCoreError, ResponseParserError, aiohttp.ClientError, TimeoutError, OSError)

_CHECKSUM_HINT = "The storage does not support the AWS checksums: set STORAGE_TYPE=s3_compatible and S3_COMPATIBLE_*."

_SECRETIVE = re.compile(r"(?i)(\?\S*|(signature|credential|secret|token|authorization)\S*\s*[=:]\s*\S+)")
_MAX_VENDOR_TEXT = 200


class translated:  # noqa: N801 - used like contextlib's, which takes more than twice as long for each piece
    """Turns whatever the client raises inside into our errors; `doing` is a phrase like `reading objects/ab/cd/x`."""

    __slots__ = ("_config", "_doing")

    def __init__(self, doing: str, config: S3Config) -> None:
        self._doing = doing
        self._config = config

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, VENDOR_ERRORS):
            raise translate(error, doing=self._doing, config=self._config) from error


def translate(error: BaseException, *, doing: str, config: S3Config) -> AishareError:
    """The matching error; unknown codes become a BackendError that keeps code and request id."""
    if isinstance(error, boto.ClientError):
        return _from_answer(error, doing=doing, config=config)
    proxy = proxy_for(config.request_url)
    if proxy is not None and isinstance(error, _PROXY_ERRORS):
        return BackendUnavailable(
            f"{doing} in {config.label} failed: the proxy {proxy.place} ({proxy.variable}) does not allow it",
            hint=without_proxy_hint(proxy, urlsplit(config.request_url).hostname or ""),
        )
    for kind, ours, reason in _BY_EXCEPTION:
        if isinstance(error, kind):
            return _made(ours, f"{doing} in {config.label} failed: {reason}", config=config, region=None)
    return BackendError(f"{doing} in {config.label} failed: {type(error).__name__}")


def vendor_code(error: BaseException | None) -> str:
    """The code in S3's response; the empty string if there was none."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, boto.ClientError) else ""


def _from_answer(error: boto.ClientError, *, doing: str, config: S3Config) -> AishareError:
    answer: Mapping[str, Any] = error.response
    details, metadata = answer.get("Error", {}), answer.get("ResponseMetadata", {})
    code, status = str(details.get("Code", "")), int(metadata.get("HTTPStatusCode", 0))
    ours = BY_CODE.get(code) or BY_STATUS.get(status, BackendError)
    if code == "AuthorizationHeaderMalformed" and "region" not in str(details).lower():
        ours = BackendDenied
    if code == "AccessDenied":
        ours = kind_by_text(str(details.get("Message", ""))) or ours
    text = _harmless(str(details.get("Message", "")), config)
    message = f"{doing} in {config.label} failed: {code or status}, {text} (request {_request_id(metadata)})"
    if "checksum" in text.lower() and ours is BackendError:
        return BackendError(message, hint=_CHECKSUM_HINT)
    made = _made(ours, message, config=config, region=_right_region(details, metadata))
    made.hint = HINTS.get(code, made.hint)
    return made


def _made(ours: type[BackendError], message: str, *, config: S3Config, region: str | None) -> BackendError:
    hint = _hint(ours, config, region=region)
    if (proxy := proxy_for(config.request_url)) is not None and issubclass(ours, BackendUnavailable):
        host = urlsplit(config.request_url).hostname or ""
        hint = f"Requests go through the proxy {proxy.place}. {without_proxy_hint(proxy, host)}"
    if ours is WrongRegion:
        where = f"; the bucket is in {region}" if region else ""
        return WrongRegion(message + where, region=region, hint=hint)
    return ours(message, hint=hint)


def _hint(ours: type[BackendError], config: S3Config, *, region: str | None) -> str | None:
    names = config.names
    hints: dict[type[BackendError], str] = {
        ObjectArchived: "The object is archived: restore it in the storage, and disable the lifecycle rule.",
        ObjectLocked: "The object is protected until its retention period ends; use a bucket without Object Lock.",
        WrongSecret: f"The secret key does not match the access key: correct {names.secret_key}.",
        UnknownAccessKey: f"The storage does not recognise the access key: correct {names.access_key}.",
        ClockSkewed: "Set the clock of this server (NTP); S3 allows a difference of 15 minutes at most.",
        BackendDenied: (
            "Allow the access key to list the bucket and to get, put and delete objects, or change "
            f"{names.access_key} and {names.secret_key}."
        ),
        BucketNotFound: f"Create the bucket {config.bucket!r} or correct {names.bucket}.",
        WrongRegion: f"Set {names.region}={region}." if region else f"Correct {names.region}.",
        TlsFailure: f"Check http:// or https:// and the certificate behind {names.endpoint}.",
        BackendTimeout: f"Check that {names.endpoint} is correct and that the storage is healthy.",
        BackendUnavailable: f"Check that {names.endpoint} is correct and that the storage is running.",
        StorageFull: "Free up space in the storage, or raise its quota.",
    }
    return hints.get(ours)


def _right_region(details: Mapping[str, Any], metadata: Mapping[str, Any]) -> str | None:
    """AWS names it in the error or a header, MinIO in the text: `expecting 'eu-west-1'`."""
    if region := details.get("Region") or metadata.get("HTTPHeaders", {}).get("x-amz-bucket-region"):
        return str(region)
    found = re.search(r"expecting '?([a-z0-9-]+)'?", str(details.get("Message", "")))
    return found.group(1) if found else None


def _request_id(metadata: Mapping[str, Any]) -> str:
    headers = metadata.get("HTTPHeaders", {})
    return str(metadata.get("RequestId") or headers.get("x-amz-request-id") or "unknown")[:100]


def _harmless(text: str, config: S3Config) -> str:
    """The provider's text may repeat what we sent."""
    if config.secret_key is not None and (secret := config.secret_key.get_secret_value()):
        text = text.replace(secret, "***")
    return _SECRETIVE.sub("***", text)[:_MAX_VENDOR_TEXT]
