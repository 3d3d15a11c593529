"""The lines of a text, read block by block, with the position in bytes behind each."""

import codecs
from collections.abc import Iterator
from typing import Final

from aishare.core.sizes import KiB
from aishare.previews.answers import Unreadable
from aishare.previews.limits import LINE_BYTES
from aishare.previews.source import Source

_BLOCK: Final = 512 * KiB
_WIDE: Final = frozenset({"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})


class Lines:
    """Iterates over decoded lines. `position` is where the next line begins: of what was given out, not of what was
    read; so somebody else can go on there.
    """

    def __init__(self, source: Source, start: int, encoding: str, *, ending: bytes = b"\n") -> None:
        self.position = start
        self._source = source
        self._encoding = encoding
        self._ending = _ending(encoding, ending)

    def __iter__(self) -> Iterator[str]:
        decode = codecs.getdecoder(self._encoding)
        for line in self._lines():
            self.position += len(line)
            yield decode(line, "replace")[0]

    @property
    def at_end(self) -> bool:
        return self.position >= self._source.size

    def _lines(self) -> Iterator[bytes]:
        held = b""
        while True:
            block = self._source.read(self.position + len(held), _BLOCK)
            if not block:
                break
            *lines, held = self._split(held + block)
            yield from lines
            if len(held) > LINE_BYTES:
                raise Unreadable(f"A line has more than {LINE_BYTES} bytes; a preview shows shorter ones.")
        if held:
            yield held

    def _split(self, text: bytes) -> list[bytes]:
        """Each with its ending; the last, perhaps empty, has none."""
        width = len(self._ending)
        lines, start, found = [], 0, text.find(self._ending)
        while found >= 0:
            if found % width:  # the halves of two characters
                found = text.find(self._ending, found + 1)
                continue
            lines.append(text[start : found + width])
            start = found + width
            found = text.find(self._ending, start)
        lines.append(text[start:])
        return lines


def line_ending(head: bytes) -> bytes:
    """Line feeds, but where there are none carriage returns, as old spreadsheets write them."""
    return b"\r" if b"\r" in head and b"\n" not in head else b"\n"


def _ending(encoding: str, ending: bytes) -> bytes:
    return ending.decode("ascii").encode(encoding) if encoding in _WIDE else ending
