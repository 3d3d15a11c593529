"""The OpenAPI description of the doors."""

from typing import Any, Final

from aishare.api.routes.sharing.link_pages import ReceivedJson

Operation = dict[str, Any]

SCHEMAS: Final = {"ReceivedJson": ReceivedJson.model_json_schema()}

_TEXT: Final = {"type": "string"}
_INTEGER: Final = {"type": "integer"}
_NOT_EMPTY: Final = {"type": "string", "minLength": 1}


def _json(schema: str) -> Operation:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _bytes(*media_types: str) -> Operation:
    """The content of a body. Always includes `application/octet-stream`, because client generators need it for binary
    data.
    """
    return {
        name: {"schema": {"type": "string", "format": "binary"}} for name in (*media_types, "application/octet-stream")
    }


def _path(name: str, schema: Operation | None = None) -> Operation:
    return {"name": name, "in": "path", "required": True, "schema": schema or _TEXT}


def _query(name: str, description: str | None = None, schema: Operation = _TEXT) -> Operation:
    told = {} if description is None else {"description": description}
    return {"name": name, "in": "query", "required": False, **told, "schema": schema}


def _answer(description: str, content: Operation | None = None) -> Operation:
    return {"description": description} if content is None else {"description": description, "content": content}


_WHERE: Final = {"path": _path("path", _NOT_EMPTY), "file_id": _path("file_id"), "share_id": _path("share_id")}
_RANGE: Final = {"name": "Range", "in": "header", "required": False, "schema": _TEXT}
_AS_ATTACHMENT: Final = _query("download", schema={"type": "string", "enum": ["0", "1"]})
_SAME: Final = _answer("The client already has this version")
_FILE: Final = _json("FileJson")
_SENT: Final = {
    "200": _answer("The content, with its own media type", _bytes()),
    "206": _answer("The requested ranges", _bytes()),
    "304": _SAME,
    "307": _answer("Redirect to the content in the storage, with DOWNLOAD_MODE=redirect"),
}


def head(operation: Operation) -> Operation:
    """The same responses without a body."""
    name = operation["operationId"].partition("_")[2]
    answers = {status: {"description": answer["description"]} for status, answer in operation["responses"].items()}
    return {**operation, "operationId": f"head_{name}", "responses": answers}


def download(name: str, *which: str, tag: str = "files") -> Operation:
    """Of a file that the path says, by its id or its own path."""
    return {
        "tags": [tag],
        "operationId": f"download_{name}",
        "summary": "Download a file; ranges and conditions work as in RFC 9110 §13-14",
        "parameters": [*(_WHERE[one] for one in which), _AS_ATTACHMENT, _RANGE],
        "responses": _SENT,
    }


def _of_link(name: str, summary: str, *parameters: Operation) -> Operation:
    return {
        "tags": ["link doors"],
        "operationId": f"download_{name}",
        "summary": summary,
        "parameters": [_path("token"), *parameters],
        "responses": _SENT,
    }


UPLOAD: Final[Operation] = {
    "tags": ["files"],
    "operationId": "upload_file",
    "summary": "Upload a file; the request body is its content",
    "parameters": [_WHERE["path"]],
    "requestBody": {"required": True, "content": _bytes()},
    "responses": {
        "201": _answer("The file was created", _FILE),
        "200": _answer("The file was replaced", _FILE),
    },
}

UPLOAD_SHARED: Final[Operation] = {
    **UPLOAD,
    "tags": ["shares"],
    "operationId": "upload_into_share",
    "summary": "Upload a file to a folder shared with write access; the request body is its content",
    "parameters": [_WHERE["share_id"], _WHERE["path"]],
}

REPLACE: Final[Operation] = {
    **UPLOAD,
    "operationId": "replace_file_content",
    "summary": "Replace the content of a file; the request body is the new content",
    "parameters": [_WHERE["file_id"]],
    "responses": {"200": _answer("The updated file", _FILE)},
}

_FORM: Final = {
    "type": "object",
    "required": ["file"],
    "properties": {"folder": _TEXT, "file": {"type": "string", "format": "binary"}},
}

UPLOAD_FORM: Final[Operation] = {
    **UPLOAD,
    "operationId": "upload_file_by_form",
    "summary": "Upload a file as a form; `folder` must come before `file`",
    "parameters": [],
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}},
}

DELETE_BY_PATH: Final[Operation] = {
    "tags": ["files"],
    "operationId": "delete_file_by_path",
    "summary": "Permanently delete a file",
    "parameters": [_WHERE["path"]],
    "responses": {"204": _answer("The file was deleted")},
}

ARCHIVE: Final[Operation] = {
    "tags": ["files"],
    "operationId": "download_archive",
    "summary": "Download a folder, a shared folder (or a folder in it), or several files as a ZIP archive",
    "parameters": [_query("folder"), _query("share"), _query("id", schema={"type": "array", "items": _TEXT})],
    "responses": {"200": _answer("The archive", _bytes("application/zip"))},
}

THUMBNAIL: Final[Operation] = {
    "tags": ["files"],
    "operationId": "get_thumbnail",
    "summary": "The thumbnail of an image (WebP); if there is none, 404 `no_thumbnail` says why",
    "parameters": [
        _WHERE["file_id"],
        _query("size", "Longer side in pixels: IMAGE_THUMBNAIL_SIZE (default) or twice that.", _INTEGER),
        _query("scale", "2: the larger of the two sizes, for high-density screens.", _INTEGER),
        _query("v", "Version, as in `thumbnail_url`; with it, the response can be cached permanently."),
    ],
    "responses": {"200": _answer("The thumbnail", _bytes("image/webp")), "304": _SAME},
}

LINK: Final = _of_link(
    "link",
    "Download the file of a link, or its folder as a ZIP archive",
    _query("download", "1: as an attachment"),
    _RANGE,
)

LINK_FILE: Final = _of_link(
    "link_file",
    "Download a file from the folder of a link",
    _path("path"),
    _query("download", "1: attachment"),
    _RANGE,
)

LINK_THUMBNAIL: Final = _of_link(
    "link_thumbnail",
    "The thumbnail of a link's file",
    _query("path", "Path of a file in the folder"),
    _query("size", "Longer side in pixels"),
    _query("scale", "2: double size"),
    _query("v", "Version, as in `thumbnail_url`"),
)

UPLOAD_TO_LINK: Final[Operation] = {
    "tags": ["link doors"],
    "operationId": "upload_to_link",
    "summary": "Upload a file to a file request; the request body is its content. Existing files are not replaced",
    "parameters": [_path("token"), _path("name")],
    "requestBody": {"required": True, "content": _bytes()},
    "responses": {"201": _answer("The file, renamed if the name was taken", _json("ReceivedJson"))},
}
