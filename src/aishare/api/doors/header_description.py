"""The OpenAPI description of request headers for routes that change something."""

from typing import Any, Final

_CONDITIONS: Final = {
    "If-Match": "Only if the current ETag is one of these (`*`: only if it exists), otherwise 412.",
    "If-None-Match": "`*`: only if it does not exist yet, otherwise 412.",
    "If-Unmodified-Since": "Only if it has not changed since this date, otherwise 412.",
}
_DIGESTS: Final = {
    "Content-Digest": "SHA-256 or SHA-512 of the body (RFC 9530), like `sha-256=:BASE64:`; 400 if it does not match.",
    "Content-MD5": "MD5 of the body in Base64; 400 if it does not match.",
}

_CONDITIONAL: Final = {
    "/api/files": ("post",),
    "/api/files/{file_id}": ("patch", "delete"),
    "/api/files/by-path/{path}": ("put", "delete"),
    "/api/files/{file_id}/content": ("put",),
    "/api/shares/{share_id}/by-path/{path}": ("put",),
    "/api/d/{token}/files/{name}": ("put",),
    "/api/folders": ("post", "patch", "delete"),
    "/api/shares": ("post",),
    "/api/shares/{share_id}": ("patch", "delete"),
    "/api/shares/{share_id}/folders": ("post",),
    "/api/links/{link_id}": ("patch", "delete"),
}


def describe_headers(paths: dict[str, Any]) -> None:
    """Adds the headers to the routes that check them."""
    for path, methods in _CONDITIONAL.items():
        for method in methods:
            headers = _CONDITIONS | (_DIGESTS if method == "put" else {})
            operation = paths[path][method]
            operation["parameters"] = [*operation.get("parameters", []), *map(_parameter, headers.items())]


def _parameter(header: tuple[str, str]) -> dict[str, Any]:
    name, description = header
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": description}
