"""The OpenAPI document: what FastAPI knows, and the doors for bytes, which it does not see."""

from typing import Any

from fastapi import FastAPI

from aishare.api import session_cookie
from aishare.api.header_description import describe_headers
from aishare.api.link_description import SCHEMAS, link_paths

_FILE = {"application/json": {"schema": {"$ref": "#/components/schemas/FileJson"}}}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PATH = {"name": "path", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_FILE_ID = {"name": "file_id", "in": "path", "required": True, "schema": {"type": "string"}}
_SHARE_ID = {"name": "share_id", "in": "path", "required": True, "schema": {"type": "string"}}
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def document(app: FastAPI) -> dict[str, Any]:
    """Made once per application; the caller may keep it."""
    schema = FastAPI.openapi(app)
    schema["components"]["schemas"]["Problem"] = _problem_schema()
    schema["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": session_cookie.PLAIN},
    }
    schema["security"] = [{"token": []}, {"session": []}]
    paths = schema["paths"]
    paths["/api/files"]["post"] = _form_upload()
    paths["/api/files/by-path/{path}"] = {
        "get": _download("download_by_path", _PATH),
        "head": _download("head_by_path", _PATH),
        "put": _upload(),
        "delete": _delete_by_path(),
    }
    paths["/api/files/{file_id}/content"] = {
        "get": _download("download_file", _FILE_ID),
        "head": _download("head_file", _FILE_ID),
        "put": _replace(),
    }
    paths["/api/archives"] = {"get": _archive("download_archive"), "head": _archive("head_archive")}
    paths["/api/shares/{share_id}/by-path/{path}"] = {
        "get": _download("download_shared", _SHARE_ID, _PATH),
        "head": _download("head_shared", _SHARE_ID, _PATH),
        "put": _upload_shared(),
    }
    paths.update(link_paths())
    schema["components"]["schemas"].update(SCHEMAS)
    paths["/api/files/{file_id}/thumbnail"] = {"get": _thumbnail("get_thumbnail"), "head": _thumbnail("head_thumbnail")}
    describe_headers(paths)
    for path in paths.values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "A problem (RFC 9457)", "content": _PROBLEM}
    return schema


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
        "summary": "Upload a file: the body is its bytes",
        "parameters": [_PATH],
        "requestBody": {"required": True, "content": _BYTES},
        "responses": {
            "201": {"description": "A new file", "content": _FILE},
            "200": {"description": "The file was replaced", "content": _FILE},
        },
    }


def _upload_shared() -> dict[str, Any]:
    return {
        **_upload(),
        "tags": ["shares"],
        "operationId": "upload_shared",
        "summary": "Upload into a folder that was shared for writing: the body is the bytes",
        "parameters": [_SHARE_ID, _PATH],
    }


def _replace() -> dict[str, Any]:
    return {
        **_upload(),
        "operationId": "replace_content",
        "summary": "Give a file other content: the body is its bytes",
        "parameters": [_FILE_ID],
        "responses": {"200": {"description": "The file as it is now", "content": _FILE}},
    }


def _form_upload() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {"folder": {"type": "string"}, "file": {"type": "string", "format": "binary"}},
    }
    return {
        **_upload(),
        "operationId": "upload_form",
        "summary": "Upload a file by form; `folder` stands before `file`",
        "parameters": [],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
    }


def _archive(operation_id: str) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "tags": ["files"],
        "operationId": operation_id,
        "summary": "A folder, a shared folder (or one in it), or files as one ZIP",
        "parameters": [
            {"name": "folder", "in": "query", "required": False, "schema": text},
            {"name": "share", "in": "query", "required": False, "schema": text},
            {"name": "id", "in": "query", "required": False, "schema": {"type": "array", "items": text}},
        ],
        "responses": {"200": {"description": "The archive", "content": {"application/zip": {}}}},
    }


def _delete_by_path() -> dict[str, Any]:
    return {
        "tags": ["files"],
        "operationId": "delete_by_path",
        "summary": "Delete a file, for good",
        "parameters": [_PATH],
        "responses": {"204": {"description": "It is gone"}},
    }


def _download(operation_id: str, *which: dict[str, Any]) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "tags": ["shares" if _SHARE_ID in which else "files"],
        "operationId": operation_id,
        "summary": "The bytes of a file (RFC 9110 §13-14)",
        "parameters": [
            *which,
            {"name": "download", "in": "query", "required": False, "schema": {"type": "string", "enum": ["0", "1"]}},
            {"name": "Range", "in": "header", "required": False, "schema": text},
        ],
        "responses": {
            "200": {"description": "The file", "content": {"*/*": {}}},
            "206": {"description": "The ranges asked for", "content": {"*/*": {}}},
            "304": {"description": "The client has this version"},
        },
    }


def _thumbnail(operation_id: str) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "tags": ["files"],
        "operationId": operation_id,
        "summary": "A small picture of an image (WebP); 404 `no_thumbnail` says why there is none",
        "parameters": [
            {"name": "file_id", "in": "path", "required": True, "schema": text},
            {
                "name": "size",
                "in": "query",
                "required": False,
                "description": "Longer side in pixels: IMAGE_THUMBNAIL_SIZE, which is the default, or twice that.",
                "schema": {"type": "integer"},
            },
            {
                "name": "scale",
                "in": "query",
                "required": False,
                "description": "2: the larger of both sizes, for screens of high density.",
                "schema": {"type": "integer"},
            },
            {
                "name": "v",
                "in": "query",
                "required": False,
                "description": "Version, as in `thumbnail_url`: with it the answer may be cached for ever.",
                "schema": text,
            },
        ],
        "responses": {
            "200": {"description": "The thumbnail", "content": {"image/webp": {}}},
            "304": {"description": "The client has this version"},
        },
    }
