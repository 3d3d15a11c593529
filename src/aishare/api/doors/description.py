"""The OpenAPI document: FastAPI's own part, plus the uploads and downloads, which FastAPI does not handle."""

from typing import Any, Final

from fastapi import FastAPI
from starlette.types import Scope

from aishare.api.doors.header_description import describe_headers
from aishare.api.doors.link_description import SCHEMAS, bytes_of, head, link_paths
from aishare.api.http import session_cookie
from aishare.api.http.token_scopes import NEEDS, Need, asks_who_calls, path_pattern

_FILE = {"application/json": {"schema": {"$ref": "#/components/schemas/FileJson"}}}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_BYTES = bytes_of()
_PATH = {"name": "path", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_FILE_ID = {"name": "file_id", "in": "path", "required": True, "schema": {"type": "string"}}
_SHARE_ID = {"name": "share_id", "in": "path", "required": True, "schema": {"type": "string"}}


def document(app: FastAPI) -> dict[str, Any]:
    """Made once per application; the caller may keep it."""
    schema = FastAPI.openapi(app)
    schema["components"]["schemas"]["Problem"] = _problem_schema()
    schema["components"]["schemas"].update(SCHEMAS)
    schema["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": session_cookie.PLAIN},
    }
    schema["security"] = [{"token": []}, {"session": []}]
    for path, operations in byte_paths().items():
        schema["paths"].setdefault(path, {}).update(operations)
    describe_headers(schema["paths"])
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "A problem (RFC 9457)", "content": _PROBLEM}
            operation["security"] = _security(method.upper(), path)
    return schema


def byte_paths() -> dict[str, dict[str, Any]]:
    """Path -> method -> operation, of the doors for bytes."""
    return {
        "/api/files": {"post": _form_upload()},
        "/api/files/by-path/{path}": {
            **_download("file_by_path", _PATH),
            "put": _upload(),
            "delete": _delete_by_path(),
        },
        "/api/files/{file_id}/content": {**_download("file", _FILE_ID), "put": _replace()},
        "/api/archives": {"get": _archive(), "head": head(_archive(), "head_archive")},
        "/api/shares/{share_id}/by-path/{path}": {
            **_download("shared_file", _SHARE_ID, _PATH),
            "put": _upload_shared(),
        },
        **link_paths(),
        "/api/files/{file_id}/thumbnail": {"get": _thumbnail(), "head": head(_thumbnail(), "head_thumbnail")},
    }


def parameters_of_door(scope: Scope) -> set[str]:
    """The query parameters of a request for bytes."""
    method = scope["method"].lower()
    return {
        parameter["name"]
        for pattern, operations in _DOORS
        if method in operations and pattern.fullmatch(scope["path"])
        for parameter in operations[method]["parameters"]
        if parameter["in"] == "query"
    }


def _security(method: str, path: str) -> list[dict[str, list[str]]]:
    """OpenAPI 3.1: of a token the roles that are needed are named."""
    need = NEEDS.get(("GET" if method == "HEAD" else method, path), Need.EVERYTHING)
    if not asks_who_calls(need, path):
        return []
    return [{"token": [] if need.scope is None else [need.scope]}, {"session": []}]


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    names = ("type", "title", "code", "detail", "hint", "request_id")
    return {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "request_id"],
        "properties": {**dict.fromkeys(names, text), "status": {"type": "integer"}},
    }


def _upload() -> dict[str, Any]:
    return {
        "tags": ["files"],
        "operationId": "upload_file",
        "summary": "Upload a file; the request body is its content",
        "parameters": [_PATH],
        "requestBody": {"required": True, "content": _BYTES},
        "responses": {
            "201": {"description": "The file was created", "content": _FILE},
            "200": {"description": "The file was replaced", "content": _FILE},
        },
    }


def _upload_shared() -> dict[str, Any]:
    return {
        **_upload(),
        "tags": ["shares"],
        "operationId": "upload_into_share",
        "summary": "Upload a file to a folder shared with write access; the request body is its content",
        "parameters": [_SHARE_ID, _PATH],
    }


def _replace() -> dict[str, Any]:
    return {
        **_upload(),
        "operationId": "replace_file_content",
        "summary": "Replace the content of a file; the request body is the new content",
        "parameters": [_FILE_ID],
        "responses": {"200": {"description": "The updated file", "content": _FILE}},
    }


def _form_upload() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {"folder": {"type": "string"}, "file": {"type": "string", "format": "binary"}},
    }
    return {
        **_upload(),
        "operationId": "upload_file_by_form",
        "summary": "Upload a file as a form; `folder` must come before `file`",
        "parameters": [],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
    }


def _archive() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "tags": ["files"],
        "operationId": "download_archive",
        "summary": "Download a folder, a shared folder (or a folder in it), or several files as a ZIP archive",
        "parameters": [
            {"name": "folder", "in": "query", "required": False, "schema": text},
            {"name": "share", "in": "query", "required": False, "schema": text},
            {"name": "id", "in": "query", "required": False, "schema": {"type": "array", "items": text}},
        ],
        "responses": {"200": {"description": "The archive", "content": bytes_of("application/zip")}},
    }


def _delete_by_path() -> dict[str, Any]:
    return {
        "tags": ["files"],
        "operationId": "delete_file_by_path",
        "summary": "Permanently delete a file",
        "parameters": [_PATH],
        "responses": {"204": {"description": "The file was deleted"}},
    }


def _download(name: str, *which: dict[str, Any]) -> dict[str, Any]:
    get = _get_content(f"download_{name}", *which)
    return {"get": get, "head": head(get, f"head_{name}")}


def _get_content(operation_id: str, *which: dict[str, Any]) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "tags": ["shares" if _SHARE_ID in which else "files"],
        "operationId": operation_id,
        "summary": "Download a file; ranges and conditions work as in RFC 9110 §13-14",
        "parameters": [
            *which,
            {"name": "download", "in": "query", "required": False, "schema": {"type": "string", "enum": ["0", "1"]}},
            {"name": "Range", "in": "header", "required": False, "schema": text},
        ],
        "responses": {
            "200": {"description": "The content, with its own media type", "content": _BYTES},
            "206": {"description": "The requested ranges", "content": _BYTES},
            "304": {"description": "The client already has this version"},
            "307": {"description": "Redirect to the content in the storage, with DOWNLOAD_MODE=redirect"},
        },
    }


def _thumbnail() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "tags": ["files"],
        "operationId": "get_thumbnail",
        "summary": "The thumbnail of an image (WebP); if there is none, 404 `no_thumbnail` says why",
        "parameters": [
            {"name": "file_id", "in": "path", "required": True, "schema": text},
            {
                "name": "size",
                "in": "query",
                "required": False,
                "description": "Longer side in pixels: IMAGE_THUMBNAIL_SIZE (default) or twice that.",
                "schema": {"type": "integer"},
            },
            {
                "name": "scale",
                "in": "query",
                "required": False,
                "description": "2: the larger of the two sizes, for high-density screens.",
                "schema": {"type": "integer"},
            },
            {
                "name": "v",
                "in": "query",
                "required": False,
                "description": "Version, as in `thumbnail_url`; with it, the response can be cached permanently.",
                "schema": text,
            },
        ],
        "responses": {
            "200": {"description": "The thumbnail", "content": bytes_of("image/webp")},
            "304": {"description": "The client already has this version"},
        },
    }


_DOORS: Final = tuple((path_pattern(path), operations) for path, operations in byte_paths().items())
"""At the end: the operations are made of what stands above."""
