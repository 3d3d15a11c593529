"""Every error that aishare raises on purpose, on one screen.

A class has a stable `code` (it is part of the HTTP interface and of docs/errors.md) and a sentence of docstring. It
knows nothing of HTTP: the status is looked up in `aishare.api.errors`. The message says what failed, on what; the
hint says what to do about it. Neither ever holds a secret.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


class AishareError(Exception):
    """The root of the tree."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


# --- what a caller asked for ------------------------------------------------------------------------------------


class InvalidRequest(AishareError):
    """The request can not be understood: malformed JSON, form, header or parameter."""

    code = "invalid_request"


class InvalidInput(AishareError):
    """The request was understood, a value in it is not acceptable."""

    code = "invalid_input"


class InvalidPath(InvalidInput):
    """A file path is empty, absolute, too long or holds a forbidden segment or character."""

    code = "invalid_path"


class InvalidKey(InvalidInput):
    """Not an object key."""

    code = "invalid_key"


class LengthMismatch(InvalidRequest):
    """The body is shorter or longer than announced."""

    code = "length_mismatch"


class PartialUpload(InvalidRequest):
    """The body is only a part of a file (`Content-Range`), and would be stored as the whole."""

    code = "partial_upload"


class DigestMismatch(InvalidRequest):
    """The bytes that came are not those whose digest was sent along."""

    code = "digest_mismatch"


class UnsupportedEncoding(AishareError):
    """The content is compressed or otherwise encoded for the way; only plain bytes are taken."""

    code = "unsupported_encoding"


class ClientDisconnected(InvalidRequest):
    """The client went away before its request was complete."""

    code = "client_disconnected"


class RequestTimeout(AishareError):
    """The body of the request did not come, or too slowly."""

    code = "request_timeout"


class TooLarge(AishareError):
    """The content is larger than the limit."""

    code = "too_large"


class UnsatisfiableRange(AishareError):
    """No byte of the requested range exists."""

    code = "range_not_satisfiable"

    def __init__(self, message: str, *, size_bytes: int) -> None:
        super().__init__(message)
        self.size_bytes = size_bytes


class NotAllowed(AishareError):
    """The method is not one of those that this path answers."""

    code = "method_not_allowed"

    def __init__(self, methods: set[str]) -> None:
        super().__init__(f"This path answers {', '.join(sorted(methods))} only.")
        self.methods = methods


class PreconditionFailed(AishareError):
    """If-Match, If-None-Match or If-Unmodified-Since does not hold for what is there; nothing was changed."""

    code = "precondition_failed"


class NotFound(AishareError):
    """There is no such thing, or not for this caller."""

    code = "not_found"


class NoThumbnail(NotFound):
    """There is no thumbnail of this file; the detail says why."""

    code = "no_thumbnail"


class ThumbnailsBusy(AishareError):
    """More thumbnails are being made than this machine can make at once."""

    code = "thumbnails_busy"


class Gone(AishareError):
    """It existed and was ended: a revoked, expired or used-up link."""

    code = "gone"


class LinkNotFound(NotFound):
    """No link has this token: it was made up, altered, cut off, or made for something else."""

    code = "link_not_found"


class LinkExpired(Gone):
    """The time of the link is over."""

    code = "link_expired"


class LinkRevoked(Gone):
    """The owner has ended the link."""

    code = "link_revoked"


class LinkUsedUp(Gone):
    """The link had a number of uses, and they are taken."""

    code = "link_used_up"


class LinkGone(Gone):
    """What the link led to is deleted or has changed, or its owner is not active any more."""

    code = "link_gone"


class Conflict(AishareError):
    """The name is taken, or the thing changed meanwhile."""

    code = "conflict"


# --- who is calling ---------------------------------------------------------------------------------------------


class NotAuthenticated(AishareError):
    """Nobody is signed in, or the session or token is not valid any more."""

    code = "not_authenticated"


class WrongCredentials(NotAuthenticated):
    """User name or password is wrong; which of them is not said."""

    code = "wrong_credentials"


class LinkPasswordRequired(NotAuthenticated):
    """The link has a password, and this client has not given it."""

    code = "link_password_required"


class Forbidden(AishareError):
    """The caller is known and may not do this."""

    code = "forbidden"


class LinkOtherUser(Forbidden):
    """The link is for another user."""

    code = "link_other_user"


class LinkPrefetched(Forbidden):
    """A browser asks for the bytes of a link before anybody has clicked on it."""

    code = "link_prefetched"


class MissingScope(Forbidden):
    """The API token was made for less than this; the detail says which scope it lacks."""

    code = "missing_scope"

    def __init__(self, message: str, *, scope: str | None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.scope = scope
        """None where no scope is enough."""


class OutsideFolder(Forbidden):
    """The API token was made for one folder, and this lies outside of it."""

    code = "outside_folder"


class CrossOrigin(Forbidden):
    """A cookie request that changes something came from another origin."""

    code = "cross_origin"


class Throttled(AishareError):
    """Too many attempts."""

    code = "throttled"

    def __init__(self, message: str, *, retry_after_seconds: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_seconds = retry_after_seconds


# --- how aishare is configured ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """What is wrong with one variable, or one line. `place` says where it was set, `file` and `line` if in a file.

    `needs` is the variable that is missing because of it.
    """

    text: str
    variable: str | None = None
    place: str | None = None
    file: str | None = None
    line: int | None = None
    needs: str | None = None

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.variable, self.text) if part)


class InvalidSettings(AishareError):
    """One or more settings are wrong; `problems` names each with its file and line."""

    code = "invalid_settings"

    def __init__(
        self, problems: list[SettingProblem], *, steps: Sequence[Mapping[str, str | float | bool | None]] = ()
    ) -> None:
        super().__init__("; ".join(map(str, problems)), hint="Correct the lines named and try again.")
        self.problems = problems
        self.steps = steps
        """Of a connection test that failed."""


class PreviewsBusy(AishareError):
    """More previews are asked for than can be made at the same time."""

    code = "previews_busy"


class LocationOwned(AishareError):
    """The storage belongs to another installation of aishare."""

    code = "location_owned"


# --- catalogue --------------------------------------------------------------------------------------------------


class CatalogueUnavailable(AishareError):
    """The database can not be reached or did not say whether it committed."""

    code = "catalogue_unavailable"


class CatalogueNotOpened(CatalogueUnavailable):
    """The database cannot be opened: it is too new, read-only, damaged, closed to us, or not there."""

    code = "catalogue_not_opened"


# --- storage ----------------------------------------------------------------------------------------------------


class BackendError(AishareError):
    """The storage did something we have no better name for; code and request id of the vendor are in the message."""

    code = "storage_error"
    retryable: ClassVar[bool] = False


class ObjectNotFound(BackendError):
    """The storage has no object with this key."""

    code = "object_not_found"


class BackendUnavailable(BackendError):
    """The storage can not be reached, does not answer in time or asks to come back later."""

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
