"""Error codes of S3 servers, and the errors of aishare they are translated to.

AWS: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. The others are of MinIO, Ceph, SeaweedFS, Backblaze B2
and Cloudflare R2.
"""

import re
from typing import Final

from aishare.core.errors import (
    BackendDenied,
    BackendError,
    BackendTimeout,
    BackendUnavailable,
    BucketNotFound,
    ClockSkewed,
    CorruptObject,
    NotSupported,
    ObjectArchived,
    ObjectLocked,
    ObjectNotFound,
    StorageFull,
    UnknownAccessKey,
    WrongRegion,
    WrongSecret,
)

BY_CODE: Final[dict[str, type[BackendError]]] = {
    "NoSuchKey": ObjectNotFound,
    "NoSuchBucket": BucketNotFound,
    "InvalidBucketName": BucketNotFound,
    "SignatureDoesNotMatch": WrongSecret,
    "InvalidAccessKeyId": UnknownAccessKey,
    "InvalidClientTokenId": UnknownAccessKey,
    "UnrecognizedClientException": UnknownAccessKey,
    "XMinioAdminUserDisabled": UnknownAccessKey,
    "RequestTimeTooSkewed": ClockSkewed,
    "RequestExpired": ClockSkewed,
    "RequestInTheFuture": ClockSkewed,
    "InvalidObjectState": ObjectArchived,
    "ObjectLocked": ObjectLocked,
    "WORMProtected": ObjectLocked,
    "AccessDenied": BackendDenied,
    "AllAccessDisabled": BackendDenied,
    "AccountProblem": BackendDenied,
    "ExpiredToken": BackendDenied,
    "InvalidToken": BackendDenied,
    "Unauthorized": BackendDenied,
    "TokenRefreshRequired": BackendDenied,
    "NotSignedUp": BackendDenied,
    "InvalidPayer": BackendDenied,
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
    "RequestThrottled": BackendUnavailable,
    "RequestThrottledException": BackendUnavailable,
    "ThrottledException": BackendUnavailable,
    "ServerBusy": BackendUnavailable,
    "Busy": BackendUnavailable,
    "XMinioServerNotReady": BackendUnavailable,
    "XMinioReadQuorum": BackendUnavailable,
    "XMinioWriteQuorum": BackendUnavailable,
    "BandwidthLimitExceeded": BackendUnavailable,
    "OperationAborted": BackendUnavailable,
    "XMinioServerNotInitialized": BackendUnavailable,
    "RequestTimeout": BackendTimeout,
    "NotImplemented": NotSupported,
    "MethodNotAllowed": NotSupported,
    "QuotaExceeded": StorageFull,
    "QuotaExceededException": StorageFull,
    "ServiceQuotaExceeded": StorageFull,
    "BucketQuotaExceeded": StorageFull,
    "UserQuotaExceeded": StorageFull,
    "StorageQuotaExceeded": StorageFull,
    "StorageLimitExceeded": StorageFull,
    "LimitExceeded": StorageFull,
    "OverCapacity": StorageFull,
    "InsufficientStorage": StorageFull,
    "InsufficientStorageSpace": StorageFull,
    "CapExceeded": StorageFull,
    "InsufficientCapacity": StorageFull,
    "XMinioStorageFull": StorageFull,
    "XMinioAdminBucketQuotaExceeded": StorageFull,
    "BadDigest": CorruptObject,
    "InvalidDigest": CorruptObject,
    "IncompleteBody": CorruptObject,
    "XAmzContentSHA256Mismatch": CorruptObject,
    "XAmzContentChecksumMismatch": CorruptObject,
}

BY_STATUS: Final[dict[int, type[BackendError]]] = {
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

_BY_TEXT: Final[tuple[tuple[re.Pattern[str], type[BackendError]], ...]] = (
    (re.compile(r"(?i)object.?lock|\bWORM\b|retention|legal.?hold"), ObjectLocked),
    (re.compile(r"(?i)storage (cap|quota)"), StorageFull),
    (re.compile(r"(?i)(transaction|download|bandwidth) cap"), BackendUnavailable),
)
"""Causes that some storages only mention in the text of AccessDenied."""

_RUN_OUT: Final = (
    "The temporary keys are no longer valid: set new ones with their AWS_SESSION_TOKEN, or use permanent keys."
)
_ACCOUNT: Final = (
    "The provider has suspended the account or the bucket: check your account with the provider, including billing."
)
_RATE: Final = (
    "The storage limits the rate of requests. They are retried; if this persists, ask the provider for a higher limit."
)

HINTS: Final = {
    **dict.fromkeys(("ExpiredToken", "InvalidToken", "TokenRefreshRequired"), _RUN_OUT),
    **dict.fromkeys(("AllAccessDisabled", "AccountProblem", "NotSignedUp", "InvalidPayer"), _ACCOUNT),
    **dict.fromkeys(
        (
            "SlowDown", "SlowDownRead", "SlowDownWrite", "Throttling", "ThrottlingException", "ThrottledException",
            "RequestThrottled", "RequestThrottledException", "TooManyRequests", "TooManyRequestsException",
            "RequestLimitExceeded", "BandwidthLimitExceeded",
        ),
        _RATE,
    ),
}  # fmt: skip
"""More specific advice than that of the error class."""


def kind_by_text(text: str) -> type[BackendError] | None:
    """The cause of a refusal without its own code; None if its text does not say."""
    return next((kind for words, kind in _BY_TEXT if words.search(text)), None)
