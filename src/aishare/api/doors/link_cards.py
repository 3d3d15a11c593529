"""The preview card of a link for chat apps: name and size, without any content.

Chat apps fetch every address in a message, so their requests must not count as downloads.
"""

import re
from html import escape
from typing import Final

from starlette.types import Scope, Send

from aishare.api.http.disposition import without_unseen
from aishare.api.http.headers import header
from aishare.api.http.visitors import visitor_of
from aishare.catalogue.sharing.links import FILE, FOLDER, Link
from aishare.core.paths import FilePath
from aishare.runtime import Runtime
from aishare.services.sharing.link_tokens import not_found
from aishare.services.sharing.link_visits import Visit

_AGENTS: Final = re.compile(
    # chat apps: Signal identifies as WhatsApp, Apple Messages as Facebook and Twitter, Teams as Skype
    r"whatsapp/|telegrambot|discordbot|slackbot|slack-imgproxy|^viber|ur[il] ?preview|link ?preview|microsoftpreview"
    r"|facebookexternalhit|facebot|facebookcatalog|meta-external|line-poker|kakaotalk-scrap|dingtalkbot|larkurl2png"
    r"|mattermost-bot|synapse[/ ]|matrix-media-repo|google-pagerenderer|zoombot|rocket\.chat/\S+$"
    r"|nextcloud[ -]server[ -]crawler"
    # social networks
    r"|twitterbot|linkedinbot|mastodon/|pleroma|akkoma|misskey|summaly|bluesky cardyb|lemmy/|redditbot|pinterestbot"
    r"|tumblr/|vkshare|xing-contenttabreceiver|flipboardproxy"
    # preview services and search engines
    r"|embedly|iframely|opengraph|bitlybot|googlebot|bingbot|bingpreview|applebot|duckduckbot|yandexbot|baiduspider",
    re.IGNORECASE,
)
"""Only known crawlers. The browser built into a chat app names that app too, but is still a browser."""

_HEADERS: Final = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"accept, user-agent"),
    (b"x-robots-tag", b"noindex"),
)

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="aishare">
<meta name="description" content="{description}">
<meta name="twitter:card" content="summary">
<h1>{title}</h1>
<p>{description}</p>
"""


def draws_card(scope: Scope) -> bool:
    """Whether this program is known to fetch addresses only for previews."""
    return _AGENTS.search(header(scope, b"user-agent") or "") is not None


async def send_card(scope: Scope, send: Send, runtime: Runtime, *, token: str, path: FilePath | None) -> None:
    """Answers a GET or HEAD. A link that no longer works raises the same error as for everyone; nothing is counted."""
    visits = runtime.sharing.visits
    look = await visits.look(token, visitor_of(scope, runtime, path))
    if look.visit is None:
        locked = "Password-protected link" if look.needs_password else "Private link"
        title, description = locked, "Open it in your browser."
    else:
        title, description = await _told(runtime, look.visit, path)
    text = _PAGE.format(title=escape(without_unseen(title)), description=escape(without_unseen(description)))
    body = text.encode("utf-8", "replace")
    headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _told(runtime: Runtime, visit: Visit, path: FilePath | None) -> tuple[str, str]:
    """Title and description."""
    link, visits = visit.link, runtime.sharing.visits
    if path is not None and link.kind != FOLDER:
        raise not_found()
    if path is not None or link.kind == FILE:
        file = await visits.file(visit, path)
        return file.name, f"{_size(file.object.digests.size_bytes)} · {_owner(link)}"
    folder = await visits.folder(visit)
    if link.kind == FOLDER:
        files = "1 file" if folder.files == 1 else f"{folder.files:,} files"
        return folder.name, f"{files} · {_size(folder.bytes)} · {_owner(link)}"
    return f"Send files to {link.owner_display_name}", f"They are saved in “{folder.name}”."


def _owner(link: Link) -> str:
    return f"shared by {link.owner_display_name}"


def _size(count: int) -> str:
    """In units of 1,000, as the pages show it."""
    size, units = float(count), iter(("B", "kB", "MB", "GB", "TB", "PB", "EB"))
    unit = next(units)
    while round(size) >= 1000:  # noqa: PLR2004
        size, unit = size / 1000, next(units)
    return f"{size:.3g} {unit}"
