"""Conditional requests (RFC 9110 §13): pure functions of header texts, our ETag and the time of change."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Final

_ETAG: Final = re.compile(r'[ \t]*((?:W/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)')


class Outcome(Enum):
    """What the preconditions say about a GET or HEAD."""

    PROCEED = "proceed"
    NOT_MODIFIED = "not modified"
    FAILED = "failed"


def evaluate(headers: Mapping[str, str], *, etag: str, modified_at: datetime) -> Outcome:
    """In the order of §13.2.2. `etag` is strong, with its quotes; header names in lower case."""
    if_match = headers.get("if-match")
    if if_match is not None:
        if not _matches(if_match, etag, weakly=False):
            return Outcome.FAILED
    elif (since := http_date(headers.get("if-unmodified-since"))) is not None and _seconds(modified_at) > since:
        return Outcome.FAILED
    if_none_match = headers.get("if-none-match")
    if if_none_match is not None:
        return Outcome.NOT_MODIFIED if _matches(if_none_match, etag, weakly=True) else Outcome.PROCEED
    since = http_date(headers.get("if-modified-since"))
    if since is not None and _seconds(modified_at) <= since:
        return Outcome.NOT_MODIFIED
    return Outcome.PROCEED


def range_applies(if_range: str | None, *, etag: str, modified_at: datetime) -> bool:
    """§13.1.5: whether a Range header counts. Another version, or a weak or unreadable validator: send the whole."""
    if if_range is None:
        return True
    text = if_range.strip(" \t")
    if text.startswith(('"', "W/")):
        return text == etag
    date = http_date(text)
    return date is not None and date == _seconds(modified_at)


def http_date(text: str | None) -> datetime | None:
    """All three forms of §5.6.7; None for no date or nonsense, which is to be ignored."""
    if text is None:
        return None
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _matches(header: str, etag: str, *, weakly: bool) -> bool:
    if header.strip(" \t") == "*":
        return True
    candidates = _ETAG.findall(header)
    return any((candidate.removeprefix("W/") if weakly else candidate) == etag for candidate in candidates)


def _seconds(moment: datetime) -> datetime:
    """Headers carry whole seconds."""
    return moment.replace(microsecond=0)
