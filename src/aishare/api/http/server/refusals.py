"""Problem documents for requests that the server refuses before they reach the application."""

from dataclasses import dataclass
from typing import Final

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from aishare.api.http.errors import problem_body
from aishare.core.ids import new_request_id

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The last response on its connection."""

    status: int
    code: str
    detail: str

    def answer(self) -> bytes:
        """Status, headers and body, as they are sent."""
        request_id = new_request_id()
        _log.info("request_refused", status=self.status, detail=self.detail, request_id=request_id)
        body = problem_body(status=self.status, code=self.code, detail=self.detail, hint=None, request_id=request_id)
        lines = (
            b"content-type: application/problem+json",
            b"content-length: %d" % len(body),
            b"cache-control: no-store",
            b"x-content-type-options: nosniff",
            b"x-request-id: " + request_id.encode(),
            b"connection: close",
        )
        return STATUS_LINE[self.status] + b"\r\n".join((*lines, b"", body))


class RefusedRequest(Exception):
    """Stops the parsing of a request."""


MALFORMED: Final = Refusal(400, "invalid_request", "This is not a valid HTTP request.")
HEADERS_TOO_LARGE: Final = Refusal(431, "invalid_request", "The request headers are too large.")
