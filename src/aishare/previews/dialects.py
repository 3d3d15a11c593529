"""How a table in lines is written: what separates its cells, and whether a backslash stands before a quote."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DELIMITERS: Final = (",", "\t", ";", "|")
_ESCAPED: Final = '\\"'
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_WITH_COMMA: Final = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a record is made by."""

    delimiter: str
    backslashes: bool = False

    def split(self, lines: Sequence[str], *, strict: bool = False) -> list[str]:
        """One record; csv.Error if it is none. `strict`: also where letters follow a closing quote, or none closes."""
        escaped = self.backslashes and any(_ESCAPED in line for line in lines)
        reader = csv.reader(
            lines,
            delimiter=self.delimiter,
            strict=strict,
            escapechar="\\" if escaped else None,
        )
        return next(reader, [])

    def split_plain(self, line: str) -> list[str]:
        """Quotes are letters."""
        text = line.rstrip("\r\n")
        return text.split(self.delimiter) if text else []

    def quotes(self, line: str) -> int:
        """How many there are that open or close a cell."""
        return line.count('"') - (line.count(_ESCAPED) if self.backslashes else 0)

    def is_number(self, cell: str) -> bool:
        """Where commas do not separate cells, they separate decimals."""
        return bool(_NUMBER.fullmatch(cell) or (self.delimiter != "," and _WITH_COMMA.fullmatch(cell)))
