"""Errors as responses: tables of HTTP statuses and public messages, and problem documents (RFC 9457)."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final, NamedTuple

import structlog
from starlette.types import Scope

from aishare.core import errors
from aishare.core.errors import AishareError

_log = structlog.get_logger("aishare.requests")

STATUS: Final[Mapping[type[AishareError], HTTPStatus]] = {
    errors.InvalidRequest: HTTPStatus.BAD_REQUEST,
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RequestTimeout: HTTPStatus.REQUEST_TIMEOUT,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedEncoding: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.UnsatisfiableRange: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    errors.NotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Gone: HTTPStatus.GONE,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.ThumbnailsBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    errors.PreviewsBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.InvalidSettings: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.LocationOwned: HTTPStatus.CONFLICT,
    errors.CatalogueUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.BackendError: HTTPStatus.BAD_GATEWAY,
    errors.BackendUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StorageFull: HTTPStatus.INSUFFICIENT_STORAGE,
}
"""A class without a row uses the row of its nearest base class; a test checks every error class."""

PLAIN: Final[Mapping[type[AishareError], str]] = {
    errors.BackendError: "The storage is not working properly.",
    errors.BackendUnavailable: "The storage is unavailable at the moment.",
    errors.ObjectNotFound: "The content is missing from the storage.",
    errors.CorruptObject: "The content is damaged and cannot be sent.",
    errors.StorageFull: "There is no free space left.",
    errors.CatalogueUnavailable: "The database is unavailable at the moment.",
    errors.LocationOwned: "The storage does not accept files at the moment.",
    errors.InvalidSettings: "The settings are not valid.",
}
"""What users other than administrators see instead of messages that name buckets, keys, folders and settings. A class
without a row uses the row of its nearest base class; if there is none, its own message is shown.
"""

_PLAIN_HINT: Final = "Try again later. If the problem persists, send the request id to your administrator."
_FULL_HINT: Final = "Delete files you no longer need, or ask your administrator for more space."

_RETRY_AFTER_SECONDS: Final = 10
"""The value of `Retry-After` when a storage or the database is down."""


def status_of(error: type[AishareError]) -> HTTPStatus:
    """The row of the class or of its nearest base class."""
    for base in error.__mro__:
        if base in STATUS:
            return STATUS[base]
    raise LookupError(f"no status for {error.__name__}")


class Said(NamedTuple):
    """The text of an error for one caller."""

    detail: str
    hint: str | None


def said_to(scope: Scope, error: AishareError) -> Said:
    """Details for administrators, a general sentence for others; the log has the details."""
    plain = _plain(type(error))
    if plain is None:
        return Said(error.message, error.hint)
    hint = _FULL_HINT if isinstance(error, errors.StorageFull) else _PLAIN_HINT
    _log.warning("request_refused", code=error.code, detail=error.message, hint=error.hint)
    return Said(error.message, error.hint) if _state(scope).get("superuser") else Said(plain, hint)


def show_details(scope: Scope) -> None:
    """From here on, errors of this request include their details, because the caller is an administrator."""
    _state(scope)["superuser"] = True


def problem_headers(error: AishareError) -> Iterator[tuple[str, str]]:
    """Headers that belong to the error: when to retry, how to sign in, the size of the content."""
    if isinstance(error, errors.Throttled):
        yield "retry-after", str(error.retry_after_seconds)
    elif status_of(type(error)) is HTTPStatus.SERVICE_UNAVAILABLE:
        yield "retry-after", str(_RETRY_AFTER_SECONDS)
    if isinstance(error, errors.RequestTimeout):
        yield "connection", "close"  # RFC 9110 §15.5.9
    if isinstance(error, errors.NotAuthenticated):
        yield "www-authenticate", 'Bearer realm="aishare"'
    if isinstance(error, errors.MissingScope):  # RFC 6750 §3.1
        lacks = "" if error.scope is None else f', scope="{error.scope}"'
        yield "www-authenticate", f'Bearer realm="aishare", error="insufficient_scope"{lacks}'
    if isinstance(error, errors.NotAllowed):
        yield "allow", ", ".join(sorted(error.methods))
    if isinstance(error, errors.UnsupportedEncoding):
        yield "accept-encoding", "identity"
    if isinstance(error, errors.DigestMismatch):
        yield "want-repr-digest", "sha-256=10, sha-512=5"
    if isinstance(error, errors.UnsatisfiableRange):
        yield "content-range", f"bytes */{error.size_bytes}"


def problem_document(error: AishareError, *, scope: Scope, request_id: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers."""
    status = status_of(type(error))
    said = said_to(scope, error)
    body = problem_body(
        status=status,
        code=error.code,
        detail=said.detail,
        hint=said.hint,
        request_id=request_id,
        problems=_problems(error),
        steps=[dict(step) for step in error.steps] if isinstance(error, errors.InvalidSettings) else None,
    )
    return status, body, [("content-type", "application/problem+json"), *answer_headers(error)]


def answer_headers(error: AishareError) -> Iterator[tuple[str, str]]:
    """Headers of every error: it must not be cached, and the address of a link must not be sent to other sites."""
    yield "cache-control", "no-store"
    yield "referrer-policy", "no-referrer"
    yield from problem_headers(error)


def problem_body(  # noqa: PLR0913 - the fields of the document
    *,
    status: int,
    code: str,
    detail: str,
    hint: str | None,
    request_id: str,
    problems: list[dict[str, str | None]] | None = None,
    steps: list[dict[str, str | float | bool | None]] | None = None,
) -> bytes:
    """RFC 9457 §3: type, title, status, detail; the other fields are our own."""
    document = {
        "type": f"urn:aishare:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "hint": hint,
        "request_id": request_id,
        "problems": problems,
        "steps": steps or None,
    }
    return json.dumps({name: value for name, value in document.items() if value is not None}).encode()


def failure_body(request_id: str) -> bytes:
    """The response to an internal error."""
    return problem_body(
        status=500,
        code="internal_error",
        detail="Something went wrong on the server.",
        hint="The server log has the details under this request id.",
        request_id=request_id,
    )


def _problems(error: AishareError) -> list[dict[str, str | None]] | None:
    """Problems with settings, each with its variable, for the form that sent them."""
    if not isinstance(error, errors.InvalidSettings):
        return None
    return [{"variable": problem.variable, "message": problem.text} for problem in error.problems]


def _plain(error: type[AishareError]) -> str | None:
    return next((PLAIN[base] for base in error.__mro__ if base in PLAIN), None)


def _state(scope: Scope) -> dict[str, object]:
    """State of the request; shared by copies of the scope."""
    state: dict[str, object] = scope.setdefault("state", {})
    return state
