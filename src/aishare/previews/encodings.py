"""Which encoding a text has: a byte order mark, UTF-8, UTF-16 by its zeros, else a guess by its letters."""

import codecs
from typing import Final

from charset_normalizer import from_bytes

from aishare.previews.answers import Unreadable

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSES: Final = ["cp1252", "cp1250", "cp1251", "gb18030", "shift_jis", "euc_jp", "euc_kr", "big5"]
"""What files that are not Unicode are written in; more candidates make more wrong guesses."""

_GUESS_BYTES: Final = 32_768
_CONTROLS: Final = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})
_FEW: Final = 8
_MOST_CONTROLS: Final = 0.02
"""A text has next to no control characters, whatever its encoding; compressed or numeric data has many."""


def detect(head: bytes) -> tuple[str, int]:
    """Encoding of the text that begins so, and the length of its byte order mark; Unreadable if it is no text."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    zeros = _by_zeros(head)
    if zeros:
        return zeros, 0
    _refuse_binary(head)
    return "utf-8" if _is_mostly_utf8(head) else _guess(head), 0


def _is_mostly_utf8(head: bytes) -> bool:
    """A text in UTF-8 stays one with a few lines in something else, or when its last character is cut off."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    return not wrong or sum(character > "\x7f" for character in text) > 2 * wrong


def _by_zeros(head: bytes) -> str | None:
    """Texts in Latin letters have a zero in every second byte of UTF-16."""
    even, odd = head[0:4096:2], head[1:4096:2]
    if not odd:
        return None
    share_even, share_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if share_odd > 0.4 and share_even < 0.05:  # noqa: PLR2004 - shares that binary data rarely has
        return "utf-16-le"
    if share_even > 0.4 and share_odd < 0.05:  # noqa: PLR2004
        return "utf-16-be"
    return None


def _guess(head: bytes) -> str:
    best = from_bytes(head[:_GUESS_BYTES], cp_isolation=_GUESSES).best()
    return "cp1252" if best is None else best.encoding


def _refuse_binary(head: bytes) -> None:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > max(len(head) * _MOST_CONTROLS, _FEW):
        raise Unreadable("This is no text: it holds bytes that no text has.")
