"""Errors as HTML pages, for people who open the address of a file in a browser.

Only for downloads; API routes always answer with JSON.
"""

import re
from html import escape
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.types import Scope

from aishare.api.http.errors import answer_headers, said_to, status_of
from aishare.api.http.headers import accepts_page
from aishare.core.errors import AishareError, NotAuthenticated

_LINK: Final = re.compile(r"/d/([^/]+)")

_CSP: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 1.25rem">{title}</h1>
<p>{detail}</p>
<p>{hint}</p>
{way}
<p><small>Request {request_id}</small></p>
"""

_WAY: Final = """<p><a href="/s/{token}">Go to the link's page</a></p>"""
"""The page where a password can be entered, or where the user can sign in."""


def wants_page(scope: Scope) -> bool:
    """Whether a person opened the address in a browser."""
    return scope["method"] in {"GET", "HEAD"} and accepts_page(scope)


def error_page(error: AishareError, *, scope: Scope, request_id: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers."""
    status, said, token = status_of(type(error)), said_to(scope, error), _closed_link(scope, error)
    page = _PAGE.format(
        title=escape(HTTPStatus(status).phrase),
        detail=escape(said.detail),
        hint=escape(said.hint or ""),
        way=_WAY.format(token=escape(quote(token))) if token else "",
        request_id=escape(request_id),
    )
    headers = [("content-type", "text/html; charset=utf-8"), ("content-security-policy", _CSP), *answer_headers(error)]
    return status, page.encode("utf-8", "replace"), headers


def _closed_link(scope: Scope, error: AishareError) -> str | None:
    """The token of a link that first needs a password or a signed-in user."""
    match = _LINK.match(scope.get("path", ""))
    return match.group(1) if match and isinstance(error, NotAuthenticated) else None
