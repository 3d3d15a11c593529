"""Downloads of thumbnails: a cached thumbnail is sent like a file."""

from typing import Final

from aishare.api.doors.exchange import Exchange
from aishare.api.routes.previews.thumbnails import thumbnail_version
from aishare.core.errors import InvalidInput
from aishare.services.content.access import Action
from aishare.services.previews.thumbnails import ThumbnailRules

_FOREVER: Final = (b"cache-control", b"private, max-age=31536000, immutable")


async def send_thumbnail(exchange: Exchange) -> None:
    """GET and HEAD of `/api/files/{id}/thumbnail`. Access is checked first, so that nothing about the file
    is revealed.
    """
    caller, thumbnails = await exchange.caller(), exchange.runtime.previews.thumbnails
    file = await exchange.runtime.content.files.get(caller, exchange.match["file_id"], Action.READ)
    query = exchange.query()
    content = await thumbnails.thumbnail(file, asked_size(query, thumbnails.rules))
    same = query.get("v", [""])[-1] == thumbnail_version(file)
    await exchange.send_content(content, *([_FOREVER] if same else []))


def asked_size(query: dict[str, list[str]], rules: ThumbnailRules) -> int | None:
    """None: the size in the settings. Pages do not know that size, so they request `scale=2` for
    high-density screens.
    """
    if query.get("scale") == ["2"]:
        return rules.sizes[1]
    text = query.get("size", [""])[-1]
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 5:  # noqa: PLR2004 - no valid size is longer
        raise InvalidInput("The size must be a number of pixels.")
    return int(text)
