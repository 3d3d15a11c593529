"""The Content-Disposition header for any file name (RFC 6266, RFC 8187)."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

_UNSAFE: Final = re.compile(r'[^\x20-\x7e]|["\\%/]')
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, what turns the direction of writing, halves of characters, and separators of lines."""

_ATTR_CHARS: Final = "!#$&+-.^_`|~"
"""RFC 8187 §3.2.1: what stands unencoded beside letters and digits."""


def content_disposition(name: str, *, attachment: bool) -> str:
    """The name once for old clients (ASCII, marks for the rest), once in full."""
    kind = "attachment" if attachment else "inline"
    if name.strip(". ") and not _UNSAFE.search(name):
        return f'{kind}; filename="{name}"'
    clean = without_unseen(name).replace("/", "_").replace("\\", "_")
    if not clean.strip(". "):
        clean = "file"  # `..` with an invisible character behind it was a name, and is the way out without
    plain = _UNSAFE.sub("_", clean)
    text = f'{kind}; filename="{plain}"'
    return text if plain == clean else f"{text}; filename*=UTF-8''{quote(clean, safe=_ATTR_CHARS)}"


def without_unseen(name: str) -> str:
    """The name as it may be shown to people: nothing in it misleads the eye."""
    return "".join(character for character in name if unicodedata.category(character) not in _UNSEEN)
