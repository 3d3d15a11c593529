"""Shortens texts for display."""

import re
from typing import Final

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SHOWN: Final = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """Control characters other than tab and line ends, which a page cannot show, are replaced."""
    return _CONTROL.sub(_SHOWN, text)


def cut(text: str, characters: int) -> str:
    """Short and printable, with a sign that something is missing."""
    if len(text) <= characters:
        return printable(text)
    return printable(text[: characters - 1]) + "…"
