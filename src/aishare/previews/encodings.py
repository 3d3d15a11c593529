"""The encoding of a text: by a byte order mark, UTF-8, UTF-16 by its zeros, otherwise by its letters."""

import codecs
import unicodedata
from collections.abc import Iterable
from typing import Final

from aishare.previews.answers import Unreadable
from aishare.previews.legacy import legacy_encoding

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, because its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE: Final = frozenset(encoding for _, encoding in _MARKS) - {"utf-8"}

_GUESS_BYTES: Final = 32_768
_CONTROLS: Final = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})
_ASCII: Final = bytes({*range(32, 127), *b"\t\n\v\f\r"})
_NARROW: Final = 0.9
_FEW: Final = 8
_MOST_CONTROLS: Final = 0.02
"""Text has almost no control characters in any encoding; compressed or numeric data has many."""

_NOT_IN_TEXTS: Final = frozenset({"Cc", "Cn", "Co", "Cs"})
_LINE_ENDS: Final = frozenset("\t\n\v\f\r")


def detect(head: bytes, *, cut: bool = False) -> tuple[str, int]:
    """Encoding of the text with this beginning, and the length of its byte order mark; Unreadable if it is not text.
    `cut`: the text continues, so that the last character may be incomplete.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    zeros = _by_zeros(head[:4096])
    if zeros:
        return zeros, 0
    _refuse_binary(head)
    return "utf-8" if _is_mostly_utf8(head, cut=cut) else _guess(head.splitlines(keepends=True)), 0


class Decoder:
    """Decodes line by line. A line in UTF-8 is read as such even if others are not, because files are sometimes put
    together from several; the encoding of all other lines is decided together.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self._may_be_utf8 = encoding == "utf-8" or _has_single_bytes(encoding)
        self._other = None if encoding == "utf-8" else encoding
        self._unicode_seen = False

    def decode(self, line: bytes, following: Iterable[bytes] = ()) -> str:
        """`following`: lines that help to guess, in the order of the file."""
        if line.isascii() and self.encoding not in WIDE:
            return line.decode("ascii") if self._may_be_utf8 else line.decode(self.encoding, "replace")
        if self._may_be_utf8 and _is_mostly_utf8(line):
            self._unicode_seen = True
            return line.decode("utf-8", "replace")
        if self._other is None:
            self._other = _guess([line, *(other for other in following if not _is_mostly_utf8(other))])
            if not self._unicode_seen:
                self.encoding = self._other
        return line.decode(self._other, "replace")


def _is_mostly_utf8(text: bytes, *, cut: bool = False) -> bool:
    """A text in UTF-8 stays UTF-8 with a few lines in another encoding, or if its last character was cut off with what
    follows. At the end of a file, an incomplete character is a letter in another encoding.
    """
    found = codecs.getincrementaldecoder("utf-8")("replace").decode(text, final=not cut)
    wrong = found.count("\N{REPLACEMENT CHARACTER}") - text.count("\N{REPLACEMENT CHARACTER}".encode())
    return not wrong or sum(character > "\x7f" for character in found) > 2 * wrong


def _has_single_bytes(encoding: str) -> bool:
    """Whether it has one byte per character, so that its text cannot be UTF-8 by chance."""
    return codecs.lookup(encoding).name.startswith(("cp125", "cp874", "iso8859", "koi8", "cp866", "mac"))


def _by_zeros(head: bytes) -> str | None:
    """UTF-16 has zeros only in every second byte, for Latin letters, or for the spaces and line ends of
    other scripts.
    """
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if bool(even) == bool(odd) or _is_narrow(head, even + odd):
        return None
    encoding = "utf-16-le" if odd else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None
    strange = any(unicodedata.category(one) in _NOT_IN_TEXTS and one not in _LINE_ENDS for one in text)
    return None if strange else encoding


def _is_narrow(head: bytes, zeros: int) -> bool:
    """Whether a few zeros are in a text of single bytes: without them, almost all of it is ASCII. UTF-16 has a zero for
    each ASCII character, and other bytes for the letters of other scripts.
    """
    written = len(head) - len(head.translate(None, _ASCII))
    return zeros * 4 < len(head) and written >= (len(head) - zeros) * _NARROW


def _guess(lines: Iterable[bytes]) -> str:
    """From the lines that are not ASCII, wherever they are."""
    sample = bytearray()
    for line in lines:
        if not line.isascii():
            sample += line
        if len(sample) >= _GUESS_BYTES:
            break
    return legacy_encoding(bytes(sample[:_GUESS_BYTES]))


def _refuse_binary(head: bytes) -> None:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > max(len(head) * _MOST_CONTROLS, _FEW):
        raise Unreadable("This is not a text file: it contains binary data.")
