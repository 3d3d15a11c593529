"""CSV and its relatives as a table: encoding, delimiter, header and types by looking at the beginning."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aishare.core.sizes import KiB
from aishare.previews.answers import Cell, Column, Table, Unreadable
from aishare.previews.encodings import detect
from aishare.previews.limits import (
    CELL_CHARACTERS,
    COLUMNS,
    COUNTED_BYTES,
    LINE_BYTES,
    NAME_CHARACTERS,
    PAGE_CHARACTERS,
    ROWS,
)
from aishare.previews.lines import Lines, line_ending
from aishare.previews.source import Source
from aishare.previews.texts import cut

_HEAD: Final = 64 * KiB
_DELIMITERS: Final = (",", "\t", ";", "|")
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_TRUTHS: Final = frozenset({"true", "false"})
_MISSING: Final = frozenset({"", "na", "n/a", "null", "none"})


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the beginning of the file says about all of it."""

    encoding: str
    start: int
    ending: bytes
    delimiter: str
    header: list[str] | None
    types: list[str]


def read_delimited(source: Source, page: int, *, tabs: bool) -> Table:
    """A page of rows, counted from the first line that is no header."""
    csv.field_size_limit(LINE_BYTES)
    if source.size == 0:
        raise Unreadable("The file is empty.")
    try:
        shape = _shape(source, tabs=tabs)
        records = _records(source, shape)
        if shape.header is not None:
            next(records, None)
        rows, count = _page(records, (page - 1) * ROWS)
        more = next(records, None) is not None
        row_count = _count(source, records, count + more) if more else count
    except csv.Error as error:
        raise Unreadable(_sentence(error)) from None
    return _table(shape, rows, row_count=row_count, page=page, more=more, tabs=tabs)


def _shape(source: Source, *, tabs: bool) -> _Shape:
    head = source.read(0, _HEAD)
    encoding, start = detect(head)
    ending = line_ending(head)
    text = head[start:].decode(encoding, "replace")
    delimiter = "\t" if tabs else _delimiter(text)
    guess = _Shape(encoding, start, ending, delimiter, None, [])
    sample = [record for _, record in zip(range(ROWS), _records(source, guess), strict=False)]
    if not sample:
        raise Unreadable("There is nothing but empty lines in it.")
    has_header = _is_header(sample)
    body = sample[1:] if has_header else sample
    width = max(map(len, sample))
    types = [_type([row[place] for row in body if place < len(row)]) for place in range(min(width, COLUMNS))]
    return _Shape(encoding, start, ending, delimiter, sample[0] if has_header else None, types)


def _records(source: Source, shape: _Shape) -> Iterator[list[str]]:
    lines = Lines(source, shape.start, shape.encoding, ending=shape.ending)
    return (record for record in csv.reader(lines, delimiter=shape.delimiter) if record)


def _page(records: Iterator[list[str]], skipped: int) -> tuple[list[list[str]], int]:
    """The rows of the page, and how many there are up to its end."""
    passed = 0
    while passed < skipped and next(records, None) is not None:
        passed += 1
    if passed < skipped:
        return [], passed
    rows = [record for _, record in zip(range(ROWS), records, strict=False)]
    return rows, passed + len(rows)


def _count(source: Source, records: Iterator[list[str]], seen: int) -> int | None:
    if source.size > COUNTED_BYTES:
        return None
    return seen + sum(1 for _ in records)


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into the same number of cells, the more the better."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    return max(_DELIMITERS, key=lambda delimiter: _fit(lines, delimiter))


def _fit(lines: list[str], delimiter: str) -> float:
    try:
        widths = [len(record) for record in csv.reader(lines, delimiter=delimiter) if record]
    except csv.Error:
        return 0
    if not widths or widths[0] == 1:
        return 0
    same = sum(width == widths[0] for width in widths) / len(widths)
    return same * 1000 + min(widths[0], 100)


def _is_header(sample: list[list[str]]) -> bool:
    """A header names things: no cell of it is a number, or empty where the others are not."""
    first = sample[0]
    if any(_NUMBER.fullmatch(cell.strip()) for cell in first):
        return False
    return len(sample) > 1 or all(cell.strip() for cell in first)


def _type(cells: list[str]) -> str:
    known = [cell.strip() for cell in cells if cell.strip().lower() not in _MISSING]
    if not known:
        return "empty"
    if all(_INTEGER.fullmatch(cell) for cell in known):
        return "integer"
    if all(_NUMBER.fullmatch(cell) for cell in known):
        return "number"
    return "boolean" if all(cell.lower() in _TRUTHS for cell in known) else "text"


def _table(  # noqa: PLR0913 - what was found out
    shape: _Shape, rows: list[list[str]], *, row_count: int | None, page: int, more: bool, tabs: bool
) -> Table:
    width = max([len(shape.header or []), len(shape.types), *map(len, rows)])
    shown = min(width, COLUMNS)
    room = cell_room(len(rows), shown)
    cut_short = width > COLUMNS or any(len(cell) > room for row in rows for cell in row[:shown])
    return Table(
        format="tsv" if tabs else "csv",
        columns=[_column(shape, place) for place in range(shown)],
        rows=[_cells(row, shown, room) for row in rows],
        row_count=row_count,
        page=page,
        more=more,
        truncated=cut_short,
        column_count=width,
        encoding=shape.encoding,
    )


def cell_room(rows: int, columns: int) -> int:
    """How many characters a cell may have, so that the page stays of a size."""
    return max(20, min(CELL_CHARACTERS, PAGE_CHARACTERS // max(rows * columns, 1)))


def _column(shape: _Shape, place: int) -> Column:
    named = shape.header is not None and place < len(shape.header) and shape.header[place].strip()
    kind = shape.types[place] if place < len(shape.types) else "text"
    name = shape.header[place].strip() if named and shape.header else f"column {place + 1}"
    return Column(cut(name, NAME_CHARACTERS), kind)


def _cells(row: list[str], width: int, room: int) -> list[Cell]:
    cells: list[Cell] = [cut(cell, room) for cell in row[:width]]
    return cells + [None] * (width - len(cells))


def _sentence(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"A cell has more than {LINE_BYTES} characters, perhaps for a quote that is not closed."
    return "This is no table: its lines do not follow the rules of CSV."
