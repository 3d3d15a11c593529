"""The one table from what S3 and the network say to the errors of aishare.

Messages carry the vendor's code and request id, never a secret, signature or presigned query.
"""

import re
from collections.abc import Mapping
from typing import Any

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
    CorruptObject,
    NotSupported,
    ObjectNotFound,
    StorageFull,
    TlsFailure,
    UnknownAccessKey,
    WrongRegion,
    WrongSecret,
)
from aishare.storage.s3.config import S3Config

_BY_CODE: dict[str, type[BackendError]] = {
    "NoSuchKey": ObjectNotFound,
    "NoSuchBucket": BucketNotFound,
    "InvalidBucketName": BucketNotFound,
    "SignatureDoesNotMatch": WrongSecret,
    "InvalidAccessKeyId": UnknownAccessKey,
    "InvalidClientTokenId": UnknownAccessKey,
    "RequestTimeTooSkewed": ClockSkewed,
    "AccessDenied": BackendDenied,
    "AllAccessDisabled": BackendDenied,
    "AccountProblem": BackendDenied,
    "ExpiredToken": BackendDenied,
    "InvalidToken": BackendDenied,
    "Unauthorized": BackendDenied,
    "PermanentRedirect": WrongRegion,
    "TemporaryRedirect": WrongRegion,
    "AuthorizationHeaderMalformed": WrongRegion,
    "IllegalLocationConstraintException": WrongRegion,
    "SlowDown": BackendUnavailable,
    "SlowDownRead": BackendUnavailable,
    "SlowDownWrite": BackendUnavailable,
    "ServiceUnavailable": BackendUnavailable,
    "InternalError": BackendUnavailable,
    "Throttling": BackendUnavailable,
    "ThrottlingException": BackendUnavailable,
    "TooManyRequests": BackendUnavailable,
    "TooManyRequestsException": BackendUnavailable,
    "RequestLimitExceeded": BackendUnavailable,
    "BandwidthLimitExceeded": BackendUnavailable,
    "OperationAborted": BackendUnavailable,
    "XMinioServerNotInitialized": BackendUnavailable,
    "RequestTimeout": BackendTimeout,
    "NotImplemented": NotSupported,
    "MethodNotAllowed": NotSupported,
    "QuotaExceeded": StorageFull,
    "ServiceQuotaExceeded": StorageFull,
    "InsufficientCapacity": StorageFull,
    "XMinioStorageFull": StorageFull,
    "XMinioAdminBucketQuotaExceeded": StorageFull,
    "BadDigest": CorruptObject,
    "InvalidDigest": CorruptObject,
    "IncompleteBody": CorruptObject,
    "XAmzContentSHA256Mismatch": CorruptObject,
    "XAmzContentChecksumMismatch": CorruptObject,
}

_BY_STATUS: dict[int, type[BackendError]] = {
    301: WrongRegion,
    307: WrongRegion,
    401: BackendDenied,
    403: BackendDenied,
    404: ObjectNotFound,
    405: NotSupported,
    408: BackendTimeout,
    429: BackendUnavailable,
    500: BackendUnavailable,
    501: NotSupported,
    502: BackendUnavailable,
    503: BackendUnavailable,
    504: BackendUnavailable,
    507: StorageFull,
}

_BY_EXCEPTION: tuple[tuple[type[BaseException], type[BackendError], str], ...] = (
    (boto.SSLError, TlsFailure, "TLS could not be established"),
    (aiohttp.ClientSSLError, TlsFailure, "TLS could not be established"),
    (boto.ConnectTimeoutError, BackendTimeout, "it did not accept a connection in time"),
    (boto.ReadTimeoutError, BackendTimeout, "it did not answer in time"),
    (TimeoutError, BackendTimeout, "it did not answer in time"),
    (boto.EndpointConnectionError, BackendUnavailable, "it can not be reached"),
    (boto.NoCredentialsError, BackendDenied, "no credentials are set or found"),
    (boto.PartialCredentialsError, BackendDenied, "the credentials found are not complete"),
    (boto.CredentialRetrievalError, BackendDenied, "credentials could not be fetched"),
    (ResponseParserError, BackendError, "what answers there does not speak S3"),
    (boto.HTTPClientError, BackendUnavailable, "the connection broke"),
    (aiohttp.ClientError, BackendUnavailable, "the connection broke"),
    (OSError, BackendUnavailable, "the connection broke"),
    (boto.BotoCoreError, BackendError, "the S3 client refused the request"),
)

VENDOR_ERRORS = (boto.ClientError, boto.BotoCoreError, ResponseParserError, aiohttp.ClientError, TimeoutError, OSError)

_CHECKSUM_HINT = "The store does not know the checksums of AWS: set STORAGE_TYPE=s3_compatible and S3_COMPATIBLE_*."

_SECRETIVE = re.compile(r"(?i)(\?\S*|(signature|credential|secret|token|authorization)\S*\s*[=:]\s*\S+)")
_MAX_VENDOR_TEXT = 200


class translated:  # noqa: N801 - used like contextlib's, which costs twice as much and more, for each piece read
    """Turns whatever the client raises inside into our errors; `doing` reads like `reading objects/ab/cd/x`."""

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
    """The error of ours that says the same; unknown codes become a BackendError that keeps code and request id."""
    if isinstance(error, boto.ClientError):
        return _from_answer(error, doing=doing, config=config)
    for kind, ours, reason in _BY_EXCEPTION:
        if isinstance(error, kind):
            return _made(ours, f"{doing} in {config.label} failed: {reason}", config=config, region=None)
    return BackendError(f"{doing} in {config.label} failed: {type(error).__name__}")


def vendor_code(error: BaseException | None) -> str:
    """The code in S3's answer; the empty string if there was none."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, boto.ClientError) else ""


def _from_answer(error: boto.ClientError, *, doing: str, config: S3Config) -> AishareError:
    answer: Mapping[str, Any] = error.response
    details, metadata = answer.get("Error", {}), answer.get("ResponseMetadata", {})
    code, status = str(details.get("Code", "")), int(metadata.get("HTTPStatusCode", 0))
    ours = _BY_CODE.get(code) or _BY_STATUS.get(status, BackendError)
    if code == "AuthorizationHeaderMalformed" and "region" not in str(details).lower():
        ours = BackendDenied
    text = _harmless(str(details.get("Message", "")), config)
    message = f"{doing} in {config.label} failed: {code or status}, {text} (request {_request_id(metadata)})"
    if "checksum" in text.lower() and ours is BackendError:
        return BackendError(message, hint=_CHECKSUM_HINT)
    return _made(ours, message, config=config, region=_right_region(details, metadata))


def _made(ours: type[BackendError], message: str, *, config: S3Config, region: str | None) -> BackendError:
    hint = _hint(ours, config, region=region)
    if ours is WrongRegion:
        where = f"; the bucket lies in {region}" if region else ""
        return WrongRegion(message + where, region=region, hint=hint)
    return ours(message, hint=hint)


def _hint(ours: type[BackendError], config: S3Config, *, region: str | None) -> str | None:
    names = config.names
    hints: dict[type[BackendError], str] = {
        WrongSecret: f"The secret does not belong to the access key: correct {names.secret_key}.",
        UnknownAccessKey: f"The store does not know the access key: correct {names.access_key}.",
        ClockSkewed: "Set the clock of this machine (NTP); S3 accepts 15 minutes of difference.",
        BackendDenied: f"Allow the key to list the bucket and to get, put and delete objects, or change "
        f"{names.access_key} and {names.secret_key}.",
        BucketNotFound: f"Create the bucket {config.bucket!r} or correct {names.bucket}.",
        WrongRegion: f"Set {names.region}={region}." if region else f"Correct {names.region}.",
        TlsFailure: f"Check http:// or https:// and the certificate behind {names.endpoint}.",
        BackendTimeout: f"Check that {names.endpoint} is right and that the store is healthy.",
        BackendUnavailable: f"Check that {names.endpoint} is right and that the store runs.",
        StorageFull: "Free space in the store or raise its quota.",
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
    """A vendor's text may echo what we sent."""
    if config.secret_key is not None and (secret := config.secret_key.get_secret_value()):
        text = text.replace(secret, "***")
    return _SECRETIVE.sub("***", text)[:_MAX_VENDOR_TEXT]
