"""Downloads of thumbnails, as plain ASGI: a cached thumbnail is sent like a file."""

from typing import Final
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from aishare.api.http.callers import caller_of
from aishare.api.http.transfer import send_content
from aishare.api.routes.previews.thumbnails import thumbnail_version
from aishare.core.errors import InvalidInput
from aishare.runtime import Runtime
from aishare.services.content.access import Action
from aishare.services.previews.thumbnails import ThumbnailRules

_FOREVER: Final = (b"cache-control", b"private, max-age=31536000, immutable")


async def send_thumbnail(scope: Scope, receive: Receive, send: Send, runtime: Runtime) -> None:
    """GET and HEAD of `/api/files/{id}/thumbnail`. The guard comes first: without it nothing is said of the file."""
    caller = await caller_of(scope, runtime)
    file = await runtime.content.files.get(caller, scope["path"].split("/")[3], Action.READ)
    query = parse_qs(scope["query_string"].decode("latin-1"))
    content = await runtime.previews.thumbnails.thumbnail(file, asked_size(query, runtime.previews.thumbnails.rules))
    same = query.get("v", [""])[-1] == thumbnail_version(file)
    await send_content(scope, receive, send, content, download=False, extra_headers=[_FOREVER] if same else [])


def asked_size(query: dict[str, list[str]], rules: ThumbnailRules) -> int | None:
    """None: the size of the settings. Pages do not know that; for screens of high density they ask for `scale=2`."""
    if query.get("scale") == ["2"]:
        return rules.sizes[1]
    text = query.get("size", [""])[-1]
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 5:  # noqa: PLR2004 - no number of pixels is longer
        raise InvalidInput("The size must be a number of pixels.")
    return int(text)
