"""Requests that cannot be carried out as they were sent."""

from aishare.core.errors.root import AishareError


class InvalidRequest(AishareError):
    """The request is malformed: invalid JSON, form, header or parameter."""

    code = "invalid_request"


class InvalidInput(AishareError):
    """The request is well-formed, but a value in it is not allowed."""

    code = "invalid_input"


class InvalidPath(InvalidInput):
    """The path is empty, absolute or too long, or contains a name or character that is not allowed."""

    code = "invalid_path"


class InvalidKey(InvalidInput):
    """Not an object key."""

    code = "invalid_key"


class LengthMismatch(InvalidRequest):
    """The body is shorter or longer than the client announced."""

    code = "length_mismatch"


class PartialUpload(InvalidRequest):
    """The body is only part of a file (`Content-Range`); only whole files can be uploaded."""

    code = "partial_upload"


class DigestMismatch(InvalidRequest):
    """The content does not match the digest sent with it."""

    code = "digest_mismatch"


class UnsupportedEncoding(AishareError):
    """The body is compressed or otherwise encoded; only unencoded content is accepted."""

    code = "unsupported_encoding"


class ClientDisconnected(InvalidRequest):
    """The client disconnected before the request was complete."""

    code = "client_disconnected"


class RequestTimeout(AishareError):
    """The body of the request did not arrive, or arrived too slowly."""

    code = "request_timeout"


class TooLarge(AishareError):
    """The content is larger than the limit allows."""

    code = "too_large"


class UnsatisfiableRange(AishareError):
    """The requested range is outside the file."""

    code = "range_not_satisfiable"

    def __init__(self, message: str, *, size_bytes: int) -> None:
        super().__init__(message)
        self.size_bytes = size_bytes


class NotAllowed(AishareError):
    """The path does not support this method."""

    code = "method_not_allowed"

    def __init__(self, methods: set[str]) -> None:
        super().__init__(f"This path supports only {', '.join(sorted(methods))}.")
        self.methods = methods


class PreconditionFailed(AishareError):
    """The condition in If-Match, If-None-Match or If-Unmodified-Since is not met; nothing was changed."""

    code = "precondition_failed"


class NotFound(AishareError):
    """It does not exist, or you do not have access to it."""

    code = "not_found"


class NoThumbnail(NotFound):
    """The file has no thumbnail; `detail` says why."""

    code = "no_thumbnail"


class ThumbnailsBusy(AishareError):
    """Too many thumbnails are being made at the moment."""

    code = "thumbnails_busy"


class Gone(AishareError):
    """It is no longer available, such as a link that was revoked or has expired."""

    code = "gone"


class LinkNotFound(NotFound):
    """There is no link at this address; the address may be incomplete or wrong."""

    code = "link_not_found"


class LinkExpired(Gone):
    """The link has expired."""

    code = "link_expired"


class LinkRevoked(Gone):
    """The link was revoked."""

    code = "link_revoked"


class LinkUsedUp(Gone):
    """The link has reached its download limit."""

    code = "link_used_up"


class LinkGone(Gone):
    """The file or folder behind the link was deleted or changed, or its owner's account is disabled."""

    code = "link_gone"


class Conflict(AishareError):
    """The name is taken, or someone else made a change in the meantime."""

    code = "conflict"


class PreviewsBusy(AishareError):
    """Too many previews are being made at the moment."""

    code = "previews_busy"
