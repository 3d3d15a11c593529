"""Errors of a storage, and storages that belong to another installation."""

from typing import ClassVar

from aishare.core.errors.root import AishareError


class BackendError(AishareError):
    """The storage returned an error not listed here; `detail` contains its own code and request id."""

    code = "storage_error"
    retryable: ClassVar[bool] = False


class ObjectNotFound(BackendError):
    """The object is missing from the storage."""

    code = "object_not_found"


class BackendUnavailable(BackendError):
    """The storage cannot be reached, does not respond in time, or asks to try again later."""

    code = "storage_unavailable"
    retryable = True


class BackendTimeout(BackendUnavailable):
    """The storage did not respond in time."""

    code = "storage_timeout"


class TlsFailure(BackendUnavailable):
    """No TLS connection could be made: the certificate is not trusted, or the port does not use TLS."""

    code = "storage_tls"
    retryable = False


class BackendDenied(BackendError):
    """The storage accepts the access key but denies the operation."""

    code = "storage_denied"


class ObjectArchived(BackendDenied):
    """The storage has archived the object; it must be restored before it can be read."""

    code = "object_archived"


class ObjectLocked(BackendDenied):
    """The object is protected by a retention period or a legal hold."""

    code = "object_locked"


class WrongSecret(BackendDenied):
    """The access key exists, but the secret key does not match it."""

    code = "storage_wrong_secret"


class UnknownAccessKey(BackendDenied):
    """The storage does not know the access key."""

    code = "storage_unknown_key"


class ClockSkewed(BackendDenied):
    """The clocks of this server and the storage differ too much."""

    code = "storage_clock_skew"


class BucketNotFound(BackendError):
    """The bucket does not exist."""

    code = "storage_no_bucket"


class WrongRegion(BackendError):
    """The bucket is in another region."""

    code = "storage_wrong_region"

    def __init__(self, message: str, *, region: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.region = region


class NotSupported(BackendError):
    """The storage does not support this operation."""

    code = "storage_not_supported"


class StorageFull(BackendError):
    """The disk or quota is full; nothing was stored."""

    code = "storage_full"


class CorruptObject(BackendError):
    """The content is not what was stored: its size or SHA-256 differs."""

    code = "object_corrupt"


class LocationMissing(BackendUnavailable):
    """The storage does not contain its owner marker: its disk is not mounted, or it was emptied or replaced."""

    code = "location_missing"
    retryable = False


class StorageNotConfigured(BackendUnavailable):
    """The storage settings are incomplete or not valid, so the storage could not be opened at startup."""

    code = "storage_not_configured"
    retryable = False


class LocationUnavailable(BackendUnavailable):
    """The object is stored in a location that is no longer configured."""

    code = "location_unavailable"
    retryable = False


class LocationOwned(AishareError):
    """The storage belongs to another installation of aishare."""

    code = "location_owned"
