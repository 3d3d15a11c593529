"""Serves the browser application: assets can be cached permanently, index.html is always fresh and used for
every page.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from starlette.types import Receive, Scope, Send

from aishare.api.http.callers import is_local
from aishare.api.http.headers import accepts_page, header
from aishare.api.http.web_source import SourceCheckout
from aishare.core.errors import AishareError, NotAllowed, NotFound

WEB_ROOT: Final = Path(__file__).parents[2] / "web"

_TYPES: Final[Mapping[str, bytes]] = {
    ".css": b"text/css; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
    ".ico": b"image/x-icon",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain; charset=utf-8",
    ".webmanifest": b"application/manifest+json",
    ".woff2": b"font/woff2",
}
"""A fixed table, because the mimetypes module depends on the machine, and with nosniff a wrong type breaks the page."""

_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Best first. The files are compressed when the application is built."""

_SAFE: Final = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))
_ASSET_HEADERS: Final = ((b"cache-control", b"public, max-age=31536000, immutable"), *_SAFE)
_CSP: Final = (
    # Mantine sets its variables with inline styles; scripts are only our own
    b"default-src 'self'; script-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
    b"object-src 'none'; base-uri 'none'; frame-src blob:; form-action 'self'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Final = (
    (b"cache-control", b"no-cache"),
    (b"content-security-policy", _CSP),
    *_SAFE,
)
_ALONE: Final = (b"cross-origin-opener-policy", b"same-origin")
"""Browsers respect it only over HTTPS and on localhost; elsewhere each page would log a warning in the console."""

_LINK_PAGES: Final = "/s/"
_LINK_PAGE_HEADERS: Final = (*_PAGE_HEADERS[:-1], (b"referrer-policy", b"no-referrer"))
"""Their address contains a token, which must not be sent to other sites."""

_NOT_PAGES: Final = ("/api", "/assets", "/d", "/metrics")
"""When a user opens one of these in a browser, they want the response itself, not the application."""

_NOTICE: Final = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>aishare</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 1.25rem">The browser application is not built</h1>
<p>This is a source checkout whose browser application is missing, or older than its sources. One command builds it:</p>
<p><code>uv run aishare ui build</code></p>
<p>Then load this page again. The API and the command line work meanwhile.</p>
"""


class WebApp:
    """Answers GET and HEAD; raises NotFound for other paths.

    All files are read once, because they are few and small. Only a source checkout without a current build checks again
    for each page, so that a new build is used without a restart.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._source = SourceCheckout.around(root)
        self._files: Mapping[str, bytes] = {}
        self._ready = self._load()
        if not self._ready and self._source is None:
            raise AishareError(
                "The browser application is missing from this installation of aishare.",
                hint="Reinstall aishare from a wheel or a complete source tree.",
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        if scope["method"] not in {"GET", "HEAD"}:
            raise NotAllowed({"GET", "HEAD"})
        if not self._ready:
            self._ready = await asyncio.to_thread(self._load)
        if self._ready:
            path = self._find(scope)
            encoding, body = self._encoded(scope, path)
        else:
            path, encoding, body = self._notice(scope)
        await _answer(scope, send, path=path, encoding=encoding, body=body)

    def _load(self) -> bool:
        if self._source is not None and not self._source.is_fresh():
            return False
        paths = [path for path in self._root.rglob("*") if path.is_file() and not path.name.startswith(".")]
        self._files = {f"/{path.relative_to(self._root).as_posix()}": path.read_bytes() for path in paths}
        return "/index.html" in self._files

    def _find(self, scope: Scope) -> str:
        path: str = scope["path"]
        if path in self._files and PurePosixPath(path).suffix in _TYPES and path != "/index.html":
            return path
        _require_page(scope)
        return "/index.html"

    def _encoded(self, scope: Scope, path: str) -> tuple[str | None, bytes]:
        accepted = _accepted_encodings(scope)
        for name, suffix in _ENCODINGS:
            if name in accepted and path + suffix in self._files:
                return name, self._files[path + suffix]
        return None, self._files[path]

    def _notice(self, scope: Scope) -> tuple[str, None, bytes]:
        _require_page(scope)
        return "/index.html", None, _NOTICE


async def _answer(scope: Scope, send: Send, *, path: str, encoding: str | None, body: bytes) -> None:
    of_link = scope["path"].startswith(_LINK_PAGES)
    page_headers = (*(_LINK_PAGE_HEADERS if of_link else _PAGE_HEADERS), *((_ALONE,) if _is_secure(scope) else ()))
    headers = [
        *(_ASSET_HEADERS if path.startswith("/assets/") else page_headers),
        (b"content-type", _TYPES[PurePosixPath(path).suffix]),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"accept, accept-encoding, user-agent" if of_link else b"accept-encoding"),
    ]
    if encoding:
        headers.append((b"content-encoding", encoding.encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _is_secure(scope: Scope) -> bool:
    """As defined for browsers: https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy."""
    return scope.get("scheme") == "https" or is_local(scope)


def _require_page(scope: Scope) -> None:
    path: str = scope["path"]
    taken = any(path == prefix or path.startswith(f"{prefix}/") for prefix in _NOT_PAGES)
    asked = path == "/" or accepts_page(scope)  # monitoring tools request the root without an Accept header
    if taken or not asked:
        raise NotFound("There is no page at this address.")


def _accepted_encodings(scope: Scope) -> set[str]:
    """RFC 9110 §12.5.3; only q=0 matters, which excludes an encoding."""
    accepted = set()
    for part in (header(scope, b"accept-encoding") or "").split(","):
        name, _, parameters = part.strip().lower().partition(";")
        quality = parameters.strip().removeprefix("q=")
        if quality.strip("0.") or not quality:
            accepted.add(name.strip())
    return accepted
