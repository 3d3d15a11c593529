"""What the first lines of a table say about all of it: delimiter, header, types."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from aishare.previews.dialects import DELIMITERS, Dialect
from aishare.previews.records import Records

_LOOKED_AT: Final = 20
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}")
_YEAR: Final = re.compile(r"1[5-9]\d\d|2[01]\d\d")
_TRUTHS: Final = frozenset({"true", "false"})
_MISSING: Final = frozenset({"", "na", "n/a", "null", "none"})
_NUMERIC: Final = frozenset({"integer", "number"})
_NAMED: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_COMMENT: Final = "#"


def preamble(lines: Sequence[str]) -> tuple[int, str | None]:
    """How many lines come before the table (comments and the "sep=;" of spreadsheets), and the delimiter they name."""
    named = _NAMED.fullmatch(lines[0]) if lines else None
    first = 1 if named else 0
    count = first
    while count < len(lines) and (lines[count].startswith(_COMMENT) or not lines[count].strip()):
        count += 1
    if count == len(lines):  # nothing but comments: better to show them
        count = first
    return count, named[1] if named else None


def dialect_of(lines: Sequence[str], delimiter: str | None) -> Dialect:
    """The dialect that splits the first lines into the same number of cells, preferring numbers and many cells."""
    shown = [line for line in lines if line.strip()][:_LOOKED_AT]
    found = max(map(Dialect, (delimiter,) if delimiter else DELIMITERS), key=lambda dialect: _fit(shown, dialect))
    escaped = replace(found, backslashes=True)
    return escaped if _strict_lines(shown, escaped) > _strict_lines(shown, found) else found


def _fit(lines: Sequence[str], dialect: Dialect) -> tuple[float, float, int]:
    try:
        records = list(Records(lines, dialect))
    except csv.Error:
        return 0, 0, 0
    width = len(records[0]) if records else 0
    if width <= 1:
        return 0, 0, 0
    same = sum(len(record) == width for record in records) / len(records)
    cells = [cell.strip() for record in records for cell in record]
    return same, sum(map(dialect.is_number, cells)) / len(cells), min(width, 100)


def _strict_lines(lines: Sequence[str], dialect: Dialect) -> int:
    return sum(_is_strict(line, dialect) for line in lines)


def _is_strict(line: str, dialect: Dialect) -> bool:
    try:
        return bool(dialect.split([line], strict=True))
    except csv.Error:
        return False


def commented_header(line: str, dialect: Dialect, width: int) -> list[str] | None:
    """The column names, if the last comment above the rows has the right number of them."""
    if not line.startswith(_COMMENT):
        return None
    cells = dialect.split_plain(line)
    first = cells[0].lstrip(_COMMENT).strip()
    return [first or cells[0], *cells[1:]] if width > 1 and len(cells) == width else None


def is_header(sample: Sequence[list[str]], dialect: Dialect) -> bool:
    """A header contains names: none of its cells is a number, or its numbers are typical column names."""
    first, body = sample[0], sample[1:]
    numbers = [place for place, cell in enumerate(first) if dialect.is_number(cell.strip())]
    if not numbers:
        return bool(body) or all(cell.strip() for cell in first)
    if not body:
        return False
    return _names_numbers(sample, numbers, dialect) or _counts(sample, numbers)


def _names_numbers(sample: Sequence[list[str]], numbers: Sequence[int], dialect: Dialect) -> bool:
    """Whether there is a word above a column of numbers."""
    words = [place for place, cell in enumerate(sample[0]) if cell.strip() and place not in numbers]
    return any(type_of(_column(sample[1:], place), dialect) in _NUMERIC for place in words)


def _counts(sample: Sequence[list[str]], numbers: Sequence[int]) -> bool:
    """Whether the numbers are years, or increase one by one next to a word, and the rows below are not like that."""
    first, *body = sample
    if not _is_series(first, numbers):
        return False
    if _are_years(first, numbers):
        return not _are_most(_are_years(row, numbers) for row in body)
    if len(numbers) == len(first):
        return False
    if len(body) == 1:
        return not _is_series(body[0], numbers) or not _continues(first, body[0], numbers)
    return not _are_most(_is_series(row, numbers) for row in body)


def _are_most(alike: Iterable[bool]) -> bool:
    """At least half of them, and not only one of several: a few small numbers follow each other by chance."""
    found = list(alike)
    return sum(found) * 2 >= len(found) and sum(found) >= min(2, len(found))


def _continues(row: list[str], following: list[str], places: Sequence[int]) -> bool:
    return int(following[places[0]]) == int(row[places[-1]]) + 1


def _is_series(row: list[str], places: Sequence[int]) -> bool:
    """Years, or at least two integers, in steps of the same length."""
    cells = [row[place].strip() if place < len(row) else "" for place in places]
    if not all(_INTEGER.fullmatch(cell) for cell in cells):
        return False
    values = [int(cell) for cell in cells]
    steps = {later - earlier for earlier, later in pairwise(values)}
    if _are_years(row, places):
        return len(set(values)) == len(values)
    return steps == {1}


def _are_years(row: list[str], places: Sequence[int]) -> bool:
    return all(place < len(row) and _YEAR.fullmatch(row[place].strip()) for place in places)


def _column(rows: Iterable[list[str]], place: int) -> list[str]:
    return [row[place] for row in rows if place < len(row)]


def types_of(rows: Sequence[list[str]], width: int, dialect: Dialect) -> list[str]:
    """Types of the columns, left to right."""
    return [type_of(_column(rows, place), dialect) for place in range(width)]


def type_of(cells: Iterable[str], dialect: Dialect) -> str:
    """The type of all cells that are not empty."""
    known = [cell.strip() for cell in cells if cell.strip().lower() not in _MISSING]
    if not known:
        return "empty"
    if all(_INTEGER.fullmatch(cell) for cell in known):
        return "integer"
    if all(map(dialect.is_number, known)):
        return "number"
    return "boolean" if all(cell.lower() in _TRUTHS for cell in known) else "text"
