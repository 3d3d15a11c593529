"""The order in which people look for names: numbers by their value, capital letters and accents beside plain ones.

A name becomes bytes that any database compares in the same way: `img_2` before `img_10`, `README.md` among r, accents
beside plain letters. Names that are the same in that order stand by their exact letters, plain ones first.
"""

import re
import unicodedata
from typing import Final

NAME_BYTES: Final = 512
PATH_BYTES: Final = 2000
"""What an index of PostgreSQL takes is 2,704 bytes per row, a folder or an id included. Names that are the same for so
many bytes stand by their ids, which is an order as well.
"""

_BELOW: Final = b"\0"
"""Between a folder and what is in it: before all that a longer name of the folder could go on with."""

_EXACTLY: Final = b"\1"
"""Before the exact letters, where they are not those of the order. No name holds it: control characters are refused."""

_NUMBER: Final = re.compile(r"\d+")
_MARKS: Final = re.compile("[\u0300-\u036f]+")
"""Accents. Those of other scripts are letters of their own, and stay."""

_ZERO: Final = ord("0")
_DIGITS_PER_BYTE: Final = 250
_FIRST_LENGTH: Final = 2

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not take apart."""


def name_order(name: str) -> bytes:
    """Where the name of a file or folder stands among others."""
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
    """The same of a path: what is in a folder stands together. Begins with that of the folder."""
    return _BELOW.join(map(name_order, path.split("/")))[:PATH_BYTES]


def _plain(name: str) -> str:
    """Composed again at the end: syllables of Korean would be three times as long."""
    if name.isascii():
        return name.lower()
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", taken_apart)).translate(_LETTERS)


def _digits(number: str) -> str:
    """ASCII, without the zeros in front."""
    return "".join(str(unicodedata.decimal(digit)) for digit in number).lstrip("0") or "0"


def _number(digits: str) -> bytes:
    """Stands where digits stand among letters; the more digits, the larger."""
    many, few = divmod(len(digits), _DIGITS_PER_BYTE)
    return bytes([_ZERO, *[255] * many, _FIRST_LENGTH + few]) + digits.encode()
