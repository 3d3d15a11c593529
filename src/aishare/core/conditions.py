"""Conditional requests (RFC 9110 §13): pure functions of header texts, the ETag and the modification time."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from aishare.core.errors import InvalidRequest, PreconditionFailed

_ETAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
"""§8.8.3. The pattern has no surrounding white space: a header of only white space would take quadratic time."""

_ANY: Final = "*"
"""Used instead of a list of tags; matches any version. No tag looks like this."""

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME: Final = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})"
_HTTP_DATES: Final = (
    re.compile(rf"[A-Z][a-z]{{2}}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT"),
    re.compile(rf"[A-Z][a-z]{{5,8}}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT"),
    re.compile(rf"[A-Z][a-z]{{2}} {_MONTH} (?P<day>[0-9 ][0-9]) {_TIME} (?P<year>[0-9]{{4}})"),
)
"""§5.6.7: the current format, the RFC 850 format, the asctime format."""

_FIRST_YEAR: Final = 70
"""Two-digit years below this mean 20xx: nothing here changed before 1970."""


class Outcome(Enum):
    """The result of the preconditions of a GET or HEAD."""

    PROCEED = "proceed"
    NOT_MODIFIED = "not modified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Version:
    """The version of something that can be changed, for comparison with conditions. `etag` is strong, with its quotes;
    `modified_at` is None if that time is not stored.
    """

    etag: str
    modified_at: datetime | None


def etag_of_digest(sha256: bytes) -> str:
    """For content: changes with the content."""
    return f'"{sha256.hex()}"'


def etag_of(thing: object) -> str:
    """For data shown as JSON: changes with any field of its row."""
    return f'"{hashlib.sha256(repr(thing).encode()).hexdigest()[:32]}"'


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The conditions of a request that changes something (§13.1); None: no condition."""

    if_match: frozenset[str] | None = None
    if_none_match: frozenset[str] | None = None
    if_unmodified_since: datetime | None = None

    @property
    def given(self) -> bool:
        return self != UNCONDITIONAL

    @property
    def only_new(self) -> bool:
        """Whether nothing may exist yet: `If-None-Match: *`."""
        return self.if_none_match is not None and _ANY in self.if_none_match

    def require(self, version: Version | None) -> None:
        """Raises PreconditionFailed if they are not met by the current version; None: it does not exist.

        In the order of §13.2.2. If-Modified-Since is only for GET and HEAD (§13.1.3).
        """
        if self.if_match is not None:
            if version is None:
                raise PreconditionFailed(
                    "It does not exist, so it cannot be replaced or changed.", hint="Remove If-Match."
                )
            if self.if_match.isdisjoint({_ANY, version.etag}):
                raise _other_version()
        elif self._is_modified(version):
            raise _other_version()
        if version is not None and self._is_excluded(version):
            raise PreconditionFailed("It already exists.", hint="Choose another name, or remove If-None-Match.")

    def _is_modified(self, version: Version | None) -> bool:
        if self.if_unmodified_since is None or version is None or version.modified_at is None:
            return False
        return _seconds(version.modified_at) > self.if_unmodified_since

    def _is_excluded(self, version: Version) -> bool:
        """Tags are compared weakly here (§13.1.2)."""
        tags = {tag.removeprefix("W/") for tag in self.if_none_match or ()}
        return not tags.isdisjoint({_ANY, version.etag})


UNCONDITIONAL: Final = Preconditions()


def preconditions(headers: Mapping[str, str]) -> Preconditions:
    """From header texts by lower-case name. Raises InvalidRequest for a malformed list of tags: ignoring it could
    overwrite what it should protect. A malformed date is ignored, as §13.1.4 requires.
    """
    return Preconditions(
        if_match=_tags("If-Match", headers.get("if-match")),
        if_none_match=_tags("If-None-Match", headers.get("if-none-match")),
        if_unmodified_since=http_date(headers.get("if-unmodified-since")),
    )


def _tags(name: str, header: str | None) -> frozenset[str] | None:
    if header is None:
        return None
    text = header.strip(" \t")
    tags = frozenset({_ANY} if text == _ANY else _ETAG.findall(text))
    if not tags or (_ANY not in tags and _ETAG.sub("", text).strip(", \t")):
        raise InvalidRequest(f"{name} is not a list of entity tags.", hint='Write the ETag with its quotes: "…", or *.')
    return tags


def _other_version() -> PreconditionFailed:
    return PreconditionFailed(
        "It is not the version named in the request.",
        hint="Someone changed it in the meantime: load it again, then decide.",
    )


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
    """§13.1.5: whether a Range header applies. For another version, or a weak or unreadable validator, the whole is
    sent.
    """
    if if_range is None:
        return True
    text = if_range.strip(" \t")
    if text.startswith(('"', "W/")):
        return text == etag
    date = http_date(text)
    return date is not None and date == _seconds(modified_at)


def http_date(text: str | None) -> datetime | None:
    """All three formats; None for an invalid date, which must be ignored."""
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
    """The current format; written by hand, because the standard library takes five times as long. `moment`
    is in UTC.
    """
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment.hour:02}:{moment.minute:02}:{moment.second:02} GMT"


def _matches(header: str, etag: str, *, weakly: bool) -> bool:
    if header.strip(" \t") == _ANY:
        return True
    return any((candidate.removeprefix("W/") if weakly else candidate) == etag for candidate in _ETAG.findall(header))


def _seconds(moment: datetime) -> datetime:
    """Headers only have whole seconds."""
    return moment.replace(microsecond=0)
