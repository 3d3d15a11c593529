"""Errors as answers: the only table from error class to status, and problem documents (RFC 9457)."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final

from aishare.core import errors
from aishare.core.errors import AishareError

STATUS: Final[Mapping[type[AishareError], HTTPStatus]] = {
    errors.InvalidRequest: HTTPStatus.BAD_REQUEST,
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
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
"""A class without a row takes that of its nearest base; a test walks the whole tree of errors."""

_RETRY_AFTER_SECONDS: Final = 10
"""What a client is told to wait when a storage or the database is down."""


def status_of(error: type[AishareError]) -> HTTPStatus:
    """The row of the class or of its nearest base."""
    for base in error.__mro__:
        if base in STATUS:
            return STATUS[base]
    raise LookupError(f"no status for {error.__name__}")


def problem_headers(error: AishareError) -> Iterator[tuple[str, str]]:
    """Headers that belong to the error: when to come back, how to sign in, how long the content is."""
    if isinstance(error, errors.Throttled):
        yield "retry-after", str(error.retry_after_seconds)
    elif status_of(type(error)) is HTTPStatus.SERVICE_UNAVAILABLE:
        yield "retry-after", str(_RETRY_AFTER_SECONDS)
    if isinstance(error, errors.NotAuthenticated):
        yield "www-authenticate", 'Bearer realm="aishare"'
    if isinstance(error, errors.MissingScope):  # RFC 6750 §3.1
        lacks = "" if error.scope is None else f', scope="{error.scope}"'
        yield "www-authenticate", f'Bearer realm="aishare", error="insufficient_scope"{lacks}'
    if isinstance(error, errors.NotAllowed):
        yield "allow", ", ".join(sorted(error.methods))
    if isinstance(error, errors.UnsatisfiableRange):
        yield "content-range", f"bytes */{error.size_bytes}"


def problem_document(error: AishareError, *, request_id: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers."""
    status = status_of(type(error))
    body = problem_body(
        status=status,
        code=error.code,
        detail=error.message,
        hint=error.hint,
        request_id=request_id,
        problems=_problems(error),
        steps=[dict(step) for step in error.steps] if isinstance(error, errors.InvalidSettings) else None,
    )
    headers = [
        ("content-type", "application/problem+json"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        *problem_headers(error),
    ]
    return status, body, headers


def problem_body(  # noqa: PLR0913 - the members of the document
    *,
    status: int,
    code: str,
    detail: str,
    hint: str | None,
    request_id: str,
    problems: list[dict[str, str | None]] | None = None,
    steps: list[dict[str, str | float | bool | None]] | None = None,
) -> bytes:
    """RFC 9457 §3: type, title, status, detail; the others are ours."""
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


def _problems(error: AishareError) -> list[dict[str, str | None]] | None:
    """Of settings, each with its variable, for the form that sent them."""
    if not isinstance(error, errors.InvalidSettings):
        return None
    return [{"variable": problem.variable, "message": problem.text} for problem in error.problems]
