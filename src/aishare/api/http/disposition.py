"""The Content-Disposition header for any file name (RFC 6266, RFC 8187)."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

_UNSAFE: Final = re.compile(r'[^\x20-\x7e]|["\\%/]')
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control characters, marks that change the text direction, unpaired surrogates, and line separators."""

_ATTR_CHARS: Final = "!#$&+-.^_`|~"
"""RFC 8187 §3.2.1: characters besides letters and digits that are not encoded."""


def content_disposition(name: str, *, attachment: bool) -> str:
    """Contains the name twice: in ASCII for old clients, with replacements, and in full."""
    kind = "attachment" if attachment else "inline"
    if name.strip(". ") and not _UNSAFE.search(name):
        return f'{kind}; filename="{name}"'
    clean = without_unseen(name).replace("/", "_").replace("\\", "_")
    if not clean.strip(". "):
        clean = "file"  # without its invisible character this name would be the parent folder
    plain = _UNSAFE.sub("_", clean)
    text = f'{kind}; filename="{plain}"'
    return text if plain == clean else f"{text}; filename*=UTF-8''{quote(clean, safe=_ATTR_CHARS)}"


def without_unseen(name: str) -> str:
    """The name as it can be shown to people, without invisible or misleading characters."""
    return "".join(character for character in name if unicodedata.category(character) not in _UNSEEN)
