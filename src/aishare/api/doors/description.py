"""The OpenAPI document: FastAPI's own part, plus the uploads and downloads, which FastAPI does not handle."""

from copy import deepcopy
from typing import Any

from fastapi import FastAPI

from aishare.api.doors.header_description import describe_headers
from aishare.api.doors.operations import SCHEMAS, head
from aishare.api.doors.table import DOORS
from aishare.api.http import session_cookie
from aishare.api.http.token_scopes import NEEDS, Need, asks_who_calls

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


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
    for door in DOORS:
        if door.operation is not None:
            described = schema["paths"].setdefault(door.path, {})
            described[door.method.lower()] = deepcopy(door.operation)
            if door.method == "GET":
                described["head"] = deepcopy(head(door.operation))
    describe_headers(schema["paths"])
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "A problem (RFC 9457)", "content": _PROBLEM}
            operation["security"] = _security(method.upper(), path)
    return schema


def _security(method: str, path: str) -> list[dict[str, list[str]]]:
    """OpenAPI 3.1: for tokens, the required scopes are listed as roles."""
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
