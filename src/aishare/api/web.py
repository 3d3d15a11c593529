"""Serves the browser application: hashed assets for ever, index.html afresh, and index.html for every page of it."""

import mimetypes
from pathlib import Path
from typing import Final

from starlette.types import Receive, Scope, Send

from aishare.core.errors import NotAllowed, NotFound

WEB_ROOT: Final = Path(__file__).parent.parent / "web"

_PAGE_HEADERS: Final = (
    (b"cache-control", b"no-cache"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline';"
        + b" object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
)
_ASSET_HEADERS: Final = (
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"x-content-type-options", b"nosniff"),
)


class WebApp:
    """Answers GET and HEAD. All files are read once: they are few, small and never change while it runs."""

    def __init__(self, root: Path) -> None:
        self._files = {
            f"/{path.relative_to(root).as_posix()}": path.read_bytes() for path in root.rglob("*") if path.is_file()
        }

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            raise NotAllowed({"GET", "HEAD"})
        path, body = self._find(scope)
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        headers = [*(_ASSET_HEADERS if path.startswith("/assets/") else _PAGE_HEADERS)]
        encoding = self._encoding(scope, path)
        if encoding:
            body = self._files[f"{path}.{encoding}"]
            headers.append((b"content-encoding", {"br": b"br", "gz": b"gzip"}[encoding]))
        headers += [
            (b"vary", b"accept-encoding"),
            (b"content-type", media_type.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _find(self, scope: Scope) -> tuple[str, bytes]:
        path = scope["path"]
        if path in self._files and path != "/index.html":
            return path, self._files[path]
        index = self._files.get("/index.html")
        if not _accepts_html(scope) or path.startswith(("/assets/", "/d/")):
            raise NotFound("There is nothing at this address.")
        if index is None:
            raise NotFound("The browser application is not built.", hint="Run: uv run aishare ui build")
        return "/index.html", index

    def _encoding(self, scope: Scope, path: str) -> str | None:
        accepted = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding").lower()
        for encoding, token in (("br", b"br"), ("gz", b"gzip")):
            if token in accepted and f"{path}.{encoding}" in self._files:
                return encoding
        return None


def _accepts_html(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
