"""A storage does not do its work, or is not ours."""

from typing import ClassVar

from aishare.core.errors.root import AishareError


class BackendError(AishareError):
    """The storage did something we have no better name for; code and request id of the vendor are in the message."""

    code = "storage_error"
    retryable: ClassVar[bool] = False


class ObjectNotFound(BackendError):
    """The storage has no object with this key."""

    code = "object_not_found"


class BackendUnavailable(BackendError):
    """The storage cannot be reached, does not answer in time or asks to come back later."""

    code = "storage_unavailable"
    retryable = True


class BackendTimeout(BackendUnavailable):
    """The storage did not answer within the deadline."""

    code = "storage_timeout"


class TlsFailure(BackendUnavailable):
    """TLS could not be established: certificate, or a plain-text port."""

    code = "storage_tls"
    retryable = False


class BackendDenied(BackendError):
    """The storage knows the key and refuses the operation."""

    code = "storage_denied"


class ObjectArchived(BackendDenied):
    """The storage has moved the object to an archive, from which it must be restored before it can be read."""

    code = "object_archived"


class ObjectLocked(BackendDenied):
    """The storage keeps the object until its retention or legal hold ends."""

    code = "object_locked"


class WrongSecret(BackendDenied):
    """The access key exists, the secret does not fit."""

    code = "storage_wrong_secret"


class UnknownAccessKey(BackendDenied):
    """The storage does not know the access key."""

    code = "storage_unknown_key"


class ClockSkewed(BackendDenied):
    """The clocks of this machine and the storage differ too much."""

    code = "storage_clock_skew"


class BucketNotFound(BackendError):
    """There is no such bucket."""

    code = "storage_no_bucket"


class WrongRegion(BackendError):
    """The bucket lies in another region."""

    code = "storage_wrong_region"

    def __init__(self, message: str, *, region: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.region = region


class NotSupported(BackendError):
    """The storage does not implement this operation."""

    code = "storage_not_supported"


class StorageFull(BackendError):
    """The disk or quota is full; nothing of the write is left."""

    code = "storage_full"


class CorruptObject(BackendError):
    """Bytes read are not the bytes once written: length or SHA-256 differ."""

    code = "object_corrupt"


class LocationMissing(BackendUnavailable):
    """The place is there without its marker: its disk is not mounted, or another or an emptied one is in its place."""

    code = "location_missing"
    retryable = False


class StorageNotConfigured(BackendUnavailable):
    """The settings of the storage are incomplete or wrong, so that it could not be opened at the start."""

    code = "storage_not_configured"
    retryable = False


class LocationUnavailable(BackendUnavailable):
    """The object lies in a location that is not configured here any more."""

    code = "location_unavailable"
    retryable = False


class LocationOwned(AishareError):
    """The storage belongs to another installation of aishare."""

    code = "location_owned"
