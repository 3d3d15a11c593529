"""The records of a CSV table. A cell may continue on the next lines; an unclosed quote does not swallow them."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from aishare.previews.dialects import Dialect
from aishare.previews.limits import LINE_BYTES

_QUOTE: Final = '"'
_OPEN: Final = "unexpected end of data"
_TAB: Final = "\t"
_ATTEMPTS: Final = 16
"""Attempts to close one cell. Each attempt reads the whole cell again."""


class Records:
    """Iterates over the records that are not empty. The number of cells of the first record decides whether a quote is
    an ordinary character.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect) -> None:
        self._lines = iter(lines)
        self._ahead: deque[str] = deque()
        self._dialect = dialect
        self._width: int | None = None

    def __iter__(self) -> Iterator[list[str]]:
        while (line := self._next()) is not None:
            record = self._record(line) if _QUOTE in line else self._dialect.split_plain(line)
            if record:
                self._width = self._width or len(record)
                yield record

    def _next(self) -> str | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def _record(self, line: str) -> list[str]:
        try:
            return self._dialect.split([line], strict=True)
        except csv.Error as error:
            still_open = str(error) == _OPEN
        plain = self._dialect.split_plain(line)
        if not still_open:
            loose = self._dialect.split([line])
            return plain if self._fits(plain) and not self._fits(loose) else loose
        if self._dialect.delimiter == _TAB and self._fits(plain) and self._next_fits():
            return plain  # few programs quote cells here, and then only those that contain a tab or a line end
        return self._joined(line) or plain

    def _next_fits(self) -> bool:
        """Whether the next line is a record with the expected number of cells."""
        following = next(self._following(), None)
        return following is None or self._fits(self._dialect.split_plain(following))

    def _fits(self, record: list[str]) -> bool:
        return self._width in {None, len(record)}

    def _joined(self, line: str) -> list[str] | None:
        """The record that ends in a later line; None if it never ends, and then no line is consumed."""
        taken, characters, quotes = [line], len(line), self._dialect.quotes(line)
        attempts = 0
        for following in self._following():
            taken.append(following)
            characters += len(following)
            quotes += self._dialect.quotes(following)
            if quotes % 2 == 0 and _QUOTE in following:
                attempts += 1
                record, final = self._attempt(taken)
                if final:
                    return self._accepted(record, len(taken) - 1)
            if characters > LINE_BYTES or attempts >= _ATTEMPTS:
                break
        return None

    def _attempt(self, lines: list[str]) -> tuple[list[str] | None, bool]:
        try:
            return self._dialect.split(lines, strict=True), True
        except csv.Error as error:
            return None, str(error) != _OPEN

    def _accepted(self, record: list[str] | None, lines: int) -> list[str] | None:
        if record is None or not self._fits(record):
            return None
        for _ in range(lines):
            self._ahead.popleft()
        return record

    def _following(self) -> Iterator[str]:
        """The following lines; they are kept until they are consumed."""
        yield from list(self._ahead)
        for line in self._lines:
            self._ahead.append(line)
            yield line
