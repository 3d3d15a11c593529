"""The OpenAPI description of downloads and uploads through links."""

from typing import Any, Final

from aishare.api.routes.sharing.link_pages import ReceivedJson

SCHEMAS: Final = {"ReceivedJson": ReceivedJson.model_json_schema()}

_TEXT: Final = {"type": "string"}
_RECEIVED: Final = {"application/json": {"schema": {"$ref": "#/components/schemas/ReceivedJson"}}}


def bytes_of(*media_types: str) -> dict[str, Any]:
    """What is in a body. `application/octet-stream` always: generators of clients know no other bytes."""
    return {
        name: {"schema": {"type": "string", "format": "binary"}} for name in (*media_types, "application/octet-stream")
    }


def head(operation: dict[str, Any], operation_id: str) -> dict[str, Any]:
    """The same without a body."""
    answers = {status: {"description": answer["description"]} for status, answer in operation["responses"].items()}
    return {**operation, "operationId": operation_id, "responses": answers}


def link_paths() -> dict[str, Any]:
    """Path -> method -> operation."""
    thumbnail = [
        _query("path", "Path of a file in the folder"),
        _query("size", "Longer side in pixels"),
        _query("scale", "2: double size"),
        _query("v", "Version, as in `thumbnail_url`"),
    ]
    whole, inside = (
        "Download the file of a link, or its folder as a ZIP archive",
        "Download a file from the folder of a link",
    )
    picture = "The thumbnail of a link's file"
    return {
        "/d/{token}": _content("link", whole, [_query("download", "1: as an attachment"), _RANGE]),
        "/d/{token}/{path}": _content(
            "link_file", inside, [_path("path"), _query("download", "1: attachment"), _RANGE]
        ),
        "/d/{token}/thumbnail": _content("link_thumbnail", picture, thumbnail),
        "/api/d/{token}/files/{name}": {"put": _upload()},
    }


def _content(name: str, summary: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    get = _operation(f"download_{name}", summary, parameters)
    return {"get": get, "head": head(get, f"head_{name}")}


def _operation(operation_id: str, summary: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "tags": ["link doors"],
        "operationId": operation_id,
        "summary": summary,
        "parameters": [_path("token"), *parameters],
        "responses": {
            "200": {
                "description": "The content, with its own media type",
                "content": bytes_of(),
            },
            "206": {"description": "The requested ranges", "content": bytes_of()},
            "304": {"description": "The client already has this version"},
            "307": {"description": "Redirect to the content in the storage, with DOWNLOAD_MODE=redirect"},
        },
    }


def _upload() -> dict[str, Any]:
    return {
        "tags": ["link doors"],
        "operationId": "upload_to_link",
        "summary": "Upload a file to a file request; the request body is its content. Existing files are not replaced",
        "parameters": [_path("token"), _path("name")],
        "requestBody": {
            "required": True,
            "content": bytes_of(),
        },
        "responses": {"201": {"description": "The file, renamed if the name was taken", "content": _RECEIVED}},
    }


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}


def _query(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": _TEXT, "description": description}


_RANGE: Final = {"name": "Range", "in": "header", "required": False, "schema": _TEXT}
