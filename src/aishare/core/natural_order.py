"""The sort order that people expect: numbers by value, upper case and accents next to plain letters.

A name becomes bytes that every database compares in the same way: `img_2` before `img_10`, `README.md` among the names
with r. Names that are equal in this order are sorted by their exact letters, plain ones first.
"""

import re
import unicodedata
from typing import Final

NAME_BYTES: Final = 512
PATH_BYTES: Final = 2000
"""A row of a PostgreSQL index can have 2,704 bytes, including a folder or an id. Names that are equal up to these
lengths are sorted by their ids.
"""

_BELOW: Final = b"\0"
"""Separates a folder from its contents; sorts before any character with which a longer folder name could continue."""

_EXACTLY: Final = b"\1"
"""Precedes the exact letters if they differ from the sort letters. Names cannot contain it: control characters are
refused.
"""

_NUMBER: Final = re.compile(r"\d+")
_MARKS: Final = re.compile("[\u0300-\u036f]+")
"""Combining accents. Marks of other scripts count as letters and are kept."""

_ZERO: Final = ord("0")
_DIGITS_PER_BYTE: Final = 250
_FIRST_LENGTH: Final = 2

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not decompose."""


def name_order(name: str) -> bytes:
    """The sort key of the name of a file or folder."""
    plain = _plain(name)
    parts, end, seen = [], 0, []
    for number in _NUMBER.finditer(plain):
        digits = _digits(number.group())
        before = plain[end : number.start()]
        parts += [before.encode(), _number(digits)]
        seen += [before, digits]
        end = number.end()
    parts.append(plain[end:].encode())
    if "".join([*seen, plain[end:]]) != name:
        parts += [_EXACTLY, name.encode()]
    return b"".join(parts)[:NAME_BYTES]


def path_order(path: str) -> bytes:
    """The sort key of a path: the contents of a folder stay together. Begins with the key of the folder."""
    return _BELOW.join(map(name_order, path.split("/")))[:PATH_BYTES]


def _plain(name: str) -> str:
    """Composed again at the end, because decomposed Korean syllables would be three times as long."""
    if name.isascii():
        return name.lower()
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", taken_apart)).translate(_LETTERS)


def _digits(number: str) -> str:
    """As ASCII, without leading zeros."""
    return "".join(str(unicodedata.decimal(digit)) for digit in number).lstrip("0") or "0"


def _number(digits: str) -> bytes:
    """Sorts where digits sort among letters; more digits mean a larger number."""
    many, few = divmod(len(digits), _DIGITS_PER_BYTE)
    return bytes([_ZERO, *[255] * many, _FIRST_LENGTH + few]) + digits.encode()
