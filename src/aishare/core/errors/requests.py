"""What was asked for cannot be done, or not so."""

from aishare.core.errors.root import AishareError


class InvalidRequest(AishareError):
    """The request cannot be understood: malformed JSON, form, header or parameter."""

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
    """The content does not match the digest that was sent along."""

    code = "digest_mismatch"


class UnsupportedEncoding(AishareError):
    """The content is compressed or otherwise encoded; only plain bytes are accepted."""

    code = "unsupported_encoding"


class ClientDisconnected(InvalidRequest):
    """The client went away before its request was complete."""

    code = "client_disconnected"


class RequestTimeout(AishareError):
    """The body of the request did not come, or came too slowly."""

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


class PreviewsBusy(AishareError):
    """More previews are asked for than can be made at the same time."""

    code = "previews_busy"
