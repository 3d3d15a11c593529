"""Removes secrets from everything that is shown or logged: by the name of a field, by known value, by their format in
text.

Rather too much than too little: a missing word in a log line is less harmful than a leaked key.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote, quote_plus

REDACTED: Final = "[redacted]"

_MIN_VALUE: Final = 4
"""Known secrets shorter than this are not replaced: they would match parts of many words."""
_MIN_SUBSTRING: Final = 8
"""Shorter values are only replaced as whole words."""
_MAX_TEXT: Final = 32_768
"""Maximum length of one text; a traceback has a few thousand characters. Limits the time of the patterns below."""
_MAX_DEPTH: Final = 6
"""Levels of nesting that are redacted field by field; deeper values are treated as text."""

_WORDS: Final = (
    r"authorization|cookie|passw(?:or)?d|passphrase|secret|token|signature|credential"
    r"|api[_-]?key|access[_-]?key|private[_-]?key|security[_-]token"
)
_SENSITIVE_NAME = re.compile(_WORDS, re.IGNORECASE)
_HARMLESS_NAMES: Final = frozenset({"token_id", "token_name"})
_QUOTED: Final = r"""b?"(?:\\.|[^"\\]){0,4096}"?|b?'(?:\\.|[^'\\]){0,4096}'?"""
_BARE: Final = r"""[^\s&,;"'<>()\[\]{}]{1,4096}"""

_SHAPES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        # user:password@ in addresses, then a single token@; a password may contain '/' and '@'
        (r"""://[^\s'"<>/@]{0,512}:[^\s'"<>]{0,512}@""", f"://{REDACTED}@"),
        (r"""://[^\s'"<>/@]{1,512}@""", f"://{REDACTED}@"),
        # 'Authorization': b'AWS4-…', "password": "…": dictionaries as text
        (rf"""((?:{_WORDS})[\w-]{{0,40}}["']\s{{0,4}}[:,]\s{{0,4}})(?:{_QUOTED}|{_BARE})""", rf"\1{REDACTED}"),
        # header lines, to the end of the line
        (r"""(\b(?:authorization|cookie|x-amz-security-token)\s?[:=]\s?)[^\r\n"']+""", rf"\1{REDACTED}"),
        # password=…, X-Amz-Signature=…, ?token=…, sig=…, secret: '…'
        (rf"""((?:{_WORDS}|\bsig)[\w-]{{0,40}}\s?=\s?)(?:{_QUOTED}|{_BARE})""", rf"\1{REDACTED}"),
        (rf"""((?:{_WORDS})[\w-]{{0,40}}\s?:\s?)(?:{_QUOTED})""", rf"\1{REDACTED}"),
        (r"\b(bearer|basic)\s{1,4}[A-Za-z0-9._~+/=-]{4,}", rf"\1 {REDACTED}"),
        # download links: anyone who knows the path can download the file
        (r"(/[ds]/)[A-Za-z0-9_.~%-]{12,}", rf"\1{REDACTED}"),
        (r"\b[a-z2-7]{24}-[a-z2-7]{1,25}-[0-9a-z]{1,16}-[0-9a-f]{1,12}-[a-z2-7]{0,24}\.[A-Za-z0-9_-]{8,}", REDACTED),
        # API tokens of aishare (services/people/sessions.py), access keys of AWS
        (r"\baishare_[A-Za-z0-9_-]{24,}", REDACTED),
        (r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}", REDACTED),
    )
)


_LINK_ROOTS: Final = ("/d/", "/s/", "/api/d/")
_LINK_PATH: Final = re.compile(r"((?:/api)?/[ds]/)[^/]+")


class _Known:
    """The known secret values. Only ever grows: after a reload, old values may still appear in a log message."""

    def __init__(self) -> None:
        self._values: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None

    def add(self, values: Iterable[str]) -> None:
        spellings = (form for value in values for form in _spellings(value))
        known = self._values | {form for form in spellings if len(form) >= _MIN_VALUE}
        if known == self._values:
            return
        longest_first = sorted(known, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_as_pattern, longest_first)))
        self._values = known

    def clear_from(self, text: str) -> str:
        return self._pattern.sub(REDACTED, text) if self._pattern else text


_KNOWN: Final = _Known()


def register_secrets(values: Iterable[str]) -> None:
    """From now on these values are redacted wherever they appear, plain, URL-quoted or escaped."""
    _KNOWN.add(values)


def redact_text(text: str) -> str:
    """`text` without secrets; cut at 32 Ki characters."""
    text = _KNOWN.clear_from(text)
    if len(text) > _MAX_TEXT:
        text = text[:_MAX_TEXT] + "… (cut)"
    for pattern, replacement in _SHAPES:
        text = pattern.sub(replacement, text)
    return text


def redact_path(path: str) -> str:
    """The path of a request without the token of a link, or whatever was sent instead of it."""
    return _LINK_PATH.sub(rf"\1{REDACTED}", path, count=1) if path.startswith(_LINK_ROOTS) else path


def redact(value: object, *, name: str = "", depth: int = 0) -> Any:
    """`value` of the field `name` as plain data (text, numbers, lists, dictionaries) without secrets."""
    if value is not None and not isinstance(value, bool) and is_sensitive(name):
        return REDACTED
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth < _MAX_DEPTH and isinstance(value, Mapping):
        return {redact_text(_text(key)): redact(item, name=_text(key), depth=depth + 1) for key, item in value.items()}
    if depth < _MAX_DEPTH and isinstance(value, (list, tuple, set, frozenset)):
        return _redact_items(list(value), depth)
    return redact_text(_text(value))


def is_sensitive(name: str) -> bool:
    """Whether a field with this name contains a secret."""
    return name.lower() not in _HARMLESS_NAMES and _SENSITIVE_NAME.search(name) is not None


def _redact_items(items: list[object], depth: int) -> list[Any]:
    """A pair whose first half is a sensitive name is a header, in the form that ASGI and HTTP libraries use."""
    if len(items) == 2 and isinstance(items[0], (str, bytes)) and is_sensitive(_text(items[0])):  # noqa: PLR2004
        return [redact(items[0], depth=depth + 1), REDACTED]
    return [redact(item, depth=depth + 1) for item in items]


def _spellings(value: str) -> set[str]:
    return {value, quote(value, safe=""), quote(value), quote_plus(value), repr(value)[1:-1], json.dumps(value)[1:-1]}


def _as_pattern(value: str) -> str:
    escaped = re.escape(value)
    return escaped if len(value) >= _MIN_SUBSTRING else rf"(?<!\w){escaped}(?!\w)"


def _text(value: object) -> str:
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "backslashreplace")
    return value if isinstance(value, str) else _safe_repr(value)


def _safe_repr(value: object) -> str:
    try:
        return str(value) if isinstance(value, BaseException) else repr(value)
    except Exception:  # noqa: BLE001  a log line must come out whatever the object does
        return f"<{type(value).__name__} that cannot be shown>"
