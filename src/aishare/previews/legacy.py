"""The encoding of a text from before Unicode.

The detector knows the letters of many languages, but takes a degree sign or a single accent for a word of another one.
Most such files are Western: they are read as cp1252 unless there is strong evidence of something else.
"""

import unicodedata
from typing import Final

from chardetng_py import EncodingDetector  # type: ignore[import-untyped]

WESTERN: Final = "cp1252"
_CENTRAL: Final = "cp1250"
_LONG_ACCENTS: Final = "õû"
_HUNGARIAN: Final = frozenset("áéíóöúü" + _LONG_ACCENTS)
_PYTHON_NAMES: Final = {
    "windows-874": "cp874",
    "shift_jis": "cp932",  # as Windows writes it, with characters that the standard does not have
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "ibm866": "cp866",
    "iso-8859-8-i": "iso8859_8",
}
_PAIRED: Final = frozenset({"cp932", "cp949", "big5hkscs", "gb18030", "euc_jp", "gbk"})
_STATEFUL: Final = "iso2022_jp"
_LEAST_PAIRS: Final = 2
_LEAST_LETTERS: Final = 3
_LEAST_POINTS: Final = 3
_SIGNS_BEFORE_NO_LETTER: Final = frozenset("£¥¢¹²³¼½¾ªº")
_LETTERS_AS_SIGNS: Final = frozenset("µªº")
_SLAVIC: Final = frozenset("ŠšŽž")
"""Slavic letters that cp1252 also has; almost no Western language uses them."""


def legacy_encoding(sample: bytes) -> str:
    """The Python name of the encoding."""
    detector = EncodingDetector()
    detector.feed(sample, last=True)
    found: str = detector.guess(tld=None, allow_utf8=False).lower()
    encoding = _PYTHON_NAMES.get(found, found.replace("windows-", "cp").replace("-", "_"))
    if encoding != WESTERN and _is_certain(sample, encoding):
        return encoding
    return _CENTRAL if _is_hungarian(sample) else WESTERN


def _is_hungarian(sample: bytes) -> bool:
    """Whether both letters that cp1252 shows in place of the Hungarian ones with long accents occur, and no letter that
    Hungarian does not have. Estonian and Portuguese have only one of the two, French only the other.
    """
    letters = [one for one in sample.decode(WESTERN, "replace").lower() if one > "\x7f" and one.isalpha()]
    found = [letters.count(one) for one in _LONG_ACCENTS]
    return all(found) and sum(found) >= _LEAST_LETTERS and _HUNGARIAN.issuperset(letters)


def _is_certain(sample: bytes, encoding: str) -> bool:
    if encoding == _STATEFUL:
        return True
    text = sample.decode(encoding, "replace")
    if encoding in _PAIRED:
        return _is_east_asian(text)
    western = sample.decode(WESTERN, "replace")
    foreign = sum(_is_foreign(letter) for letter in text)
    if foreign:
        return foreign >= _LEAST_LETTERS and not _mixes_scripts(text)
    return _points(western, text) >= _LEAST_POINTS


def _is_east_asian(text: str) -> bool:
    """Two-byte characters appear next to each other, not each inside a word of Latin letters."""
    wide = [place for place, one in enumerate(text) if one > "\x7f"]
    within = sum(_beside_latin(text, place) for place in wide)
    return len(wide) >= _LEAST_PAIRS and within <= len(wide) / 2


def _beside_latin(text: str, place: int) -> bool:
    return any(one.isascii() and one.isalpha() for one in text[max(place - 1, 0) : place + 2])


def _is_foreign(one: str) -> bool:
    return (
        one > "\x7f"
        and one.isalpha()
        and one not in _LETTERS_AS_SIGNS
        and not unicodedata.name(one, "").startswith("LATIN")
    )


def _mixes_scripts(text: str) -> bool:
    """Whether letters of another script appear inside Latin words, as accents in a wrong encoding do."""
    foreign = [place for place, one in enumerate(text) if _is_foreign(one)]
    return sum(_beside_latin(text, place) for place in foreign) > len(foreign) / 20


def _points(western: str, other: str) -> int:
    """How strong the evidence for the other reading of a Latin script is, by the characters that differ."""
    pairs = enumerate(zip(western, other, strict=True))
    places = [place for place, (one, second) in pairs if one != second or one in _SLAVIC]
    if len({western[place] for place in places}) < _LEAST_PAIRS:
        return 0
    return sum(_point(western, place) for place in places)


def _point(western: str, place: int) -> int:
    one = western[place]
    if one.isalpha() and one not in _LETTERS_AS_SIGNS:
        return 1
    before, after = western[place - 1 : place].isalpha(), western[place + 1 : place + 2].isalpha()
    misplaced = (before and after) or (after and one in _SIGNS_BEFORE_NO_LETTER) or one == "\N{REPLACEMENT CHARACTER}"
    return 2 if misplaced else -2
