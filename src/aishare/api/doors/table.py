"""The doors: every request for bytes, and which function answers it. What is not here is a route of JSON or a page."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Scope

from aishare.api.doors import operations as op
from aishare.api.doors.archives import download_archive
from aishare.api.doors.exchange import Exchange
from aishare.api.doors.link_doors import download_link, send_link_options, send_link_thumbnail, upload_to_link
from aishare.api.doors.thumbnails import send_thumbnail
from aishare.api.doors.transfers import (
    delete_by_path,
    download,
    download_by_path,
    download_shared,
    replace,
    upload,
    upload_form,
    upload_shared,
)

Handler = Callable[[Exchange], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Door:
    """`path` is a template as in OpenAPI. GET answers HEAD too. `operation` describes it; None: it is not described."""

    method: str
    path: str
    handler: Handler
    operation: dict[str, Any] | None


BY_PATH: Final = "/api/files/by-path/{path}"
CONTENT: Final = "/api/files/{file_id}/content"
SHARED: Final = "/api/shares/{share_id}/by-path/{path}"

# by path comes first: a file may be called "content"
DOORS: Final = (
    Door("POST", "/api/files", upload_form, op.UPLOAD_FORM),
    Door("GET", BY_PATH, download_by_path, op.download("file_by_path", "path")),
    Door("PUT", BY_PATH, upload, op.UPLOAD),
    Door("DELETE", BY_PATH, delete_by_path, op.DELETE_BY_PATH),
    Door("GET", CONTENT, download, op.download("file", "file_id")),
    Door("PUT", CONTENT, replace, op.REPLACE),
    Door("GET", "/api/archives", download_archive, op.ARCHIVE),
    Door("GET", SHARED, download_shared, op.download("shared_file", "share_id", "path", tag="shares")),
    Door("PUT", SHARED, upload_shared, op.UPLOAD_SHARED),
    Door("GET", "/d/{token}", download_link, op.LINK),
    Door("OPTIONS", "/d/{token}", send_link_options, None),
    Door("GET", "/d/{token}/thumbnail", send_link_thumbnail, op.LINK_THUMBNAIL),
    Door("OPTIONS", "/d/{token}/thumbnail", send_link_options, None),
    Door("GET", "/d/{token}/{path}", download_link, op.LINK_FILE),
    Door("OPTIONS", "/d/{token}/{path}", send_link_options, None),
    Door("PUT", "/api/d/{token}/files/{name}", upload_to_link, op.UPLOAD_TO_LINK),
    Door("GET", "/api/files/{file_id}/thumbnail", send_thumbnail, op.THUMBNAIL),
)


@dataclass(frozen=True, slots=True)
class DoorMatch:
    """What is behind the path of a request: its doors by method, and what the path says."""

    doors: Mapping[str, Door]
    match: re.Match[str]


def find(path: str) -> DoorMatch | None:
    """None: nothing here is about bytes."""
    for pattern, doors in _PATTERNS:
        if match := pattern.fullmatch(path):
            return DoorMatch(doors, match)
    return None


def query_parameters(scope: Scope) -> set[str]:
    """What the query of a request for bytes may have."""
    method = "GET" if scope["method"] in {"HEAD", "OPTIONS"} else scope["method"]
    return {
        parameter["name"]
        for pattern, doors in _PATTERNS
        if method in doors and pattern.fullmatch(scope["path"])
        for parameter in (doors[method].operation or {"parameters": ()})["parameters"]
        if parameter["in"] == "query"
    }


def _by_path() -> Iterator[tuple[re.Pattern[str], Mapping[str, Door]]]:
    for path in dict.fromkeys(door.path for door in DOORS):
        doors = {door.method: door for door in DOORS if door.path == path}
        if "GET" in doors:
            doors["HEAD"] = doors["GET"]
        yield _pattern(path), doors


def _pattern(template: str) -> re.Pattern[str]:
    """A path of one's own or in a share may be empty here: its door says what is wrong with it."""
    rest = ".*" if "by-path" in template else ".+"
    text = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(
        re.sub(r"{(\w+)}", lambda found: f"(?P<{found[1]}>{rest if found[1] in _REST else '[^/]+'})", text), re.DOTALL
    )


_REST: Final = frozenset({"path", "name"})
"""Parameters that go on to the end of the path."""

_PATTERNS: Final = tuple(_by_path())
