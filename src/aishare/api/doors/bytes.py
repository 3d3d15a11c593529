"""Uploads and downloads as plain ASGI: a framework's request and response objects cost more than a small file itself.

Their OpenAPI description is in `aishare.api.doors.description`.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import parse_qs, unquote_to_bytes

from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from aishare.api.doors.archives import archive_door
from aishare.api.doors.forms import form_file
from aishare.api.doors.thumbnails import send_thumbnail
from aishare.api.http.callers import caller_of
from aishare.api.http.incoming import body_of, conditions_of
from aishare.api.http.known import unexpected_body
from aishare.api.http.transfer import Header, send_content
from aishare.api.routes.content.files import file_json
from aishare.core.errors import InvalidPath
from aishare.core.paths import FilePath, parse_folder, parse_path
from aishare.runtime import LiveRuntime, Runtime
from aishare.services.content.uploads import Uploaded

_CONTENT: Final = re.compile(r"/api/files/([^/]{1,64})/content")
_THUMBNAIL: Final = re.compile(r"/api/files/([^/]{1,64})/thumbnail")
_BY_PATH: Final = "/api/files/by-path/"
_FORM: Final = "/api/files"
_ARCHIVES: Final = "/api/archives"
_SHARED: Final = re.compile(r"/api/shares/([^/]{1,64})/by-path/(.*)", re.DOTALL)

Door = Callable[[Scope, Receive, Send], Awaitable[None]]


class ByteDoors:
    """Finds the door for a request, if it is about bytes."""

    def __init__(self, live: LiveRuntime) -> None:
        self._live = live
        self._content: Mapping[str, Door] = {
            "GET": self._download,
            "HEAD": self._download,
            "PUT": self._replace,
        }
        self._thumbnails: Mapping[str, Door] = {"GET": self._thumbnail, "HEAD": self._thumbnail}
        self._by_path: Mapping[str, Door] = {
            "GET": self._download_by_path,
            "HEAD": self._download_by_path,
            "PUT": self._upload,
            "DELETE": self._delete_by_path,
        }
        self._shared: Mapping[str, Door] = {
            "GET": self._download_shared,
            "HEAD": self._download_shared,
            "PUT": self._upload_shared,
        }
        self._fixed: Mapping[str, Mapping[str, Door]] = {
            _FORM: {"POST": self._upload_form},
            _ARCHIVES: {"GET": self._archive, "HEAD": self._archive},
        }

    def doors(self, path: str) -> Mapping[str, Door]:
        """Method -> door for this path; empty if the path is none of ours."""
        if path.startswith(_BY_PATH):  # first: a file may be called "content"
            return self._by_path
        if _CONTENT.fullmatch(path):
            return self._content
        if _THUMBNAIL.fullmatch(path):
            return self._thumbnails
        if _SHARED.fullmatch(path):
            return self._shared
        return self._fixed.get(path, {})

    async def _download(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._live.current
        caller = await caller_of(scope, runtime)
        file_id = scope["path"].split("/")[3]
        content = await runtime.content.downloads.content(caller, file_id)
        await send_content(scope, receive, send, content, download=asks_download(scope))

    async def _download_by_path(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._live.current
        caller = await caller_of(scope, runtime)
        content = await runtime.content.downloads.content_at(caller, _own_path(scope))
        await send_content(scope, receive, send, content, download=asks_download(scope))

    async def _download_shared(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._live.current
        caller = await caller_of(scope, runtime)
        content = await runtime.content.downloads.content_in_share(caller, *_shared_path(scope))
        await send_content(scope, receive, send, content, download=asks_download(scope))

    async def _delete_by_path(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - no body
        runtime = self._live.current
        caller = await caller_of(scope, runtime)
        if (problem := unexpected_body(scope)) is not None:
            raise problem
        await runtime.content.files.delete_at(caller, _own_path(scope), conditions=conditions_of(scope))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _archive(self, scope: Scope, receive: Receive, send: Send) -> None:
        await archive_door(scope, receive, send, self._live.current)

    async def _thumbnail(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_thumbnail(scope, receive, send, self._live.current)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._live.current
        caller = await caller_of(scope, runtime)
        path, body = _own_path(scope), body_of(scope, receive)
        uploaded = await runtime.content.uploads.upload(
            caller, path, body.pieces, announced_bytes=body.announced_bytes, conditions=body.conditions
        )
        await _send_uploaded(send, uploaded, runtime)

    async def _replace(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._live.current
        caller = await caller_of(scope, runtime)
        file_id = scope["path"].split("/")[3]
        body = body_of(scope, receive)
        replaced = await runtime.content.uploads.replace(
            caller, file_id, body.pieces, announced_bytes=body.announced_bytes, conditions=body.conditions
        )
        await _send_uploaded(send, replaced, runtime)

    async def _upload_shared(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._live.current
        caller = await caller_of(scope, runtime)
        share_id, path = _shared_path(scope)
        body = body_of(scope, receive)
        uploaded = await runtime.content.uploads.upload_into_share(
            caller, share_id, path, body.pieces, announced_bytes=body.announced_bytes, conditions=body.conditions
        )
        await _send_uploaded(send, uploaded, runtime)

    async def _upload_form(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._live.current
        caller = await caller_of(scope, runtime)
        async with form_file(scope, receive) as form:
            folder = parse_folder(form.fields.get("folder", ""))
            path = parse_path(f"{folder}/{form.filename}" if folder else form.filename)
            uploaded = await runtime.content.uploads.upload(
                caller, path, form.pieces, announced_bytes=None, conditions=form.conditions
            )
        await _send_uploaded(send, uploaded, runtime)


async def send_json(send: Send, status: int, answer: BaseModel, *extra_headers: Header) -> None:
    """What a door says about bytes that came in."""
    body = answer.model_dump_json().encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *extra_headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def asks_download(scope: Scope) -> bool:
    """Whether the client wants an attachment, whatever the type."""
    if not scope["query_string"]:
        return False
    values = parse_qs(scope["query_string"].decode("latin-1")).get("download", [])
    return bool(values) and values[-1] not in {"0", "false"}


def decoded_path(scope: Scope) -> str:
    """The path decoded by ourselves: the server replaces what is not UTF-8, which would store another name."""
    raw = scope.get("raw_path") or scope["path"].encode()
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidPath("The path is not UTF-8.", hint="Encode the name as UTF-8, then percent-encode it.") from None


async def _send_uploaded(send: Send, uploaded: Uploaded, runtime: Runtime) -> None:
    status = 201 if uploaded.created else 200
    etag = (b"etag", uploaded.file.version.etag.encode("ascii"))
    await send_json(send, status, file_json(uploaded.file, runtime.previews.thumbnails.shown, uploaded.shared), etag)


def _own_path(scope: Scope) -> FilePath:
    return parse_path(decoded_path(scope)[len(_BY_PATH) :])


def _shared_path(scope: Scope) -> tuple[str, FilePath]:
    """The id of the share, and a path in its folder."""
    return scope["path"].split("/")[3], parse_path(decoded_path(scope).split("/", 5)[5])
