"""Conditional requests (RFC 9110 §13): pure functions of header texts, our ETag and the time of change."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Final

_ETAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
"""§8.8.3. No white space around it in the pattern: a header of nothing else would take quadratic time."""

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME: Final = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})"
_HTTP_DATES: Final = (
    re.compile(rf"[A-Z][a-z]{{2}}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT"),
    re.compile(rf"[A-Z][a-z]{{5,8}}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT"),
    re.compile(rf"[A-Z][a-z]{{2}} {_MONTH} (?P<day>[0-9 ][0-9]) {_TIME} (?P<year>[0-9]{{4}})"),
)
"""§5.6.7: the form in use, that of RFC 850, that of asctime."""

_FIRST_YEAR: Final = 70
"""Two digits below this mean 20xx: nothing here changed before 1970."""


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
    """All three forms; None for no date or nonsense, which is to be ignored."""
    match = next(filter(None, (form.fullmatch(text.strip(" \t")) for form in _HTTP_DATES)), None) if text else None
    if match is None:
        return None
    fields = match.groupdict()
    year = int(fields["year"])
    if len(fields["year"]) == len("94"):
        year += 2000 if year < _FIRST_YEAR else 1900
    month = _MONTHS.index(fields["month"]) + 1
    time = (int(fields["hour"]), int(fields["minute"]), int(fields["second"]))
    try:
        return datetime(year, month, int(fields["day"]), *time, tzinfo=UTC)
    except ValueError:
        return None


def http_date_of(moment: datetime) -> str:
    """The form in use; written out, for the standard library takes five times as long. `moment` is in UTC."""
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment.hour:02}:{moment.minute:02}:{moment.second:02} GMT"


def _matches(header: str, etag: str, *, weakly: bool) -> bool:
    if header.strip(" \t") == "*":
        return True
    return any((candidate.removeprefix("W/") if weakly else candidate) == etag for candidate in _ETAG.findall(header))


def _seconds(moment: datetime) -> datetime:
    """Headers carry whole seconds."""
    return moment.replace(microsecond=0)
