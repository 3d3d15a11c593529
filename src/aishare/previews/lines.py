"""The lines of a text, read block by block, with any line end."""

import codecs
from collections.abc import Iterator
from itertools import islice
from typing import Final

from aishare.core.sizes import KiB, MiB
from aishare.previews.answers import Unreadable
from aishare.previews.encodings import WIDE, Decoder
from aishare.previews.limits import LINE_BYTES
from aishare.previews.source import Source

_BLOCK: Final = 512 * KiB
_HELPING: Final = 1000
"""Lines used to detect the encoding of the first line that is not UTF-8."""


class Lines:
    """Iterates over decoded lines, each with its end: a line feed, a carriage return or both; spreadsheets and programs
    that append to files mix them.
    """

    def __init__(self, source: Source, start: int, encoding: str) -> None:
        self._source = source
        self._start = start
        self._wide = encoding if encoding in WIDE else None
        self._decoder = Decoder("utf-8" if self._wide else encoding)

    @property
    def encoding(self) -> str:
        """The encoding, as far as the text has been read."""
        return self._wide or self._decoder.encoding

    def __iter__(self) -> Iterator[str]:
        for lines in self._blocks():
            for place, line in enumerate(lines):
                yield self._decoder.decode(line, islice(lines, place + 1, place + _HELPING))

    def _blocks(self) -> Iterator[list[bytes]]:
        held = b""
        for block in self._narrow():
            lines = (held + block).splitlines(keepends=True)
            # a line feed may follow the carriage return
            held = lines.pop() if not lines[-1].endswith(b"\n") else b""
            yield lines
            if len(held) > LINE_BYTES:
                raise Unreadable(f"A line is too long for a preview (more than {LINE_BYTES // MiB} MiB).")
        if held:
            yield [held]

    def _narrow(self) -> Iterator[bytes]:
        """Blocks in which a line end is one byte."""
        decoder = codecs.getincrementaldecoder(self._wide)("replace") if self._wide else None
        position = self._start
        while block := self._source.read(position, _BLOCK):
            position += len(block)
            narrow = decoder.decode(block).encode("utf-8", "replace") if decoder else block
            if narrow:
                yield narrow
