"""The format of a delimited table: what separates its cells, and whether a backslash escapes a quote."""

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
    """How records are split."""

    delimiter: str
    backslashes: bool = False

    def split(self, lines: Sequence[str], *, strict: bool = False) -> list[str]:
        """One record; csv.Error if it is not valid. `strict`: also if characters follow a closing quote, or none
        closes.
        """
        escaped = self.backslashes and any(_ESCAPED in line for line in lines)
        reader = csv.reader(
            lines,
            delimiter=self.delimiter,
            strict=strict,
            escapechar="\\" if escaped else None,
        )
        return next(reader, [])

    def split_plain(self, line: str) -> list[str]:
        """Quotes are ordinary characters."""
        text = line.rstrip("\r\n")
        return text.split(self.delimiter) if text else []

    def quotes(self, line: str) -> int:
        """How many quotes open or close a cell."""
        return line.count('"') - (line.count(_ESCAPED) if self.backslashes else 0)

    def is_number(self, cell: str) -> bool:
        """If commas do not separate cells, they are decimal separators."""
        return bool(_NUMBER.fullmatch(cell) or (self.delimiter != "," and _WITH_COMMA.fullmatch(cell)))
