"""CSV and its relatives as a table: encoding, delimiter, header and types are detected from the beginning."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from aishare.core.sizes import KiB
from aishare.previews.answers import Cell, Column, Table, Unreadable
from aishare.previews.dialects import Dialect
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
from aishare.previews.lines import Lines
from aishare.previews.records import Records
from aishare.previews.source import Source
from aishare.previews.table_shape import commented_header, dialect_of, is_header, preamble, types_of
from aishare.previews.texts import cut

_HEAD: Final = 64 * KiB
_HEAD_LINES: Final = 2000
"""Most lines above the table that can be comments."""

_TAB: Final = "\t"


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the beginning of the file says about all of it. `skipped` lines come before the first row."""

    encoding: str
    start: int
    skipped: int
    dialect: Dialect
    header: list[str] | None
    header_is_row: bool
    types: list[str]


def read_csv(source: Source, page: int) -> Table:
    """The delimiter is detected from its lines."""
    return read_delimited(source, page, tabs=False)


def read_tsv(source: Source, page: int) -> Table:
    """Cells are separated by tabs."""
    return read_delimited(source, page, tabs=True)


def read_delimited(source: Source, page: int, *, tabs: bool) -> Table:
    """A page of rows, counted from the first line after the header."""
    csv.field_size_limit(LINE_BYTES)
    if source.size == 0:
        raise Unreadable("The file is empty.")
    try:
        shape = _shape(source, tabs=tabs)
        lines = Lines(source, shape.start, shape.encoding)
        records = iter(Records(islice(lines, shape.skipped, None), shape.dialect))
        if shape.header_is_row:
            next(records, None)
        rows, count = _page(records, (page - 1) * ROWS)
        more = next(records, None) is not None
        row_count = _count(source, records, count + more) if more else count
    except csv.Error as error:
        raise Unreadable(_sentence(error)) from None
    return _table(shape, lines.encoding, rows, row_count=row_count, page=page, more=more, tabs=tabs)


def _shape(source: Source, *, tabs: bool) -> _Shape:
    encoding, start = detect(source.read(0, _HEAD), cut=source.size > _HEAD)
    lines = list(islice(Lines(source, start, encoding), _HEAD_LINES))
    skipped, named = preamble(lines)
    dialect = dialect_of(lines[skipped:], named or (_TAB if tabs else None))
    sample = list(islice(Records(lines[skipped:], dialect), ROWS))
    if not sample:
        raise Unreadable("The file contains only empty lines.")
    width = min(max(map(len, sample)), COLUMNS)
    header: list[str] | None
    if is_header(sample, dialect):
        header, is_row = sample[0], True
    else:
        header, is_row = commented_header(lines[skipped - 1], dialect, len(sample[0])) if skipped else None, False
    types = types_of(sample[1:] if is_row else sample, width, dialect)
    return _Shape(encoding, start, skipped, dialect, header, is_row, types)


def _page(records: Iterator[list[str]], skipped: int) -> tuple[list[list[str]], int]:
    """The rows of the page, and the number of rows up to its end."""
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


def _table(  # noqa: PLR0913 - the detected properties
    shape: _Shape, encoding: str, rows: list[list[str]], *, row_count: int | None, page: int, more: bool, tabs: bool
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
        encoding=encoding,
    )


def cell_room(rows: int, columns: int) -> int:
    """How many characters a cell may have, to limit the size of the page."""
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
        return f"A cell has more than {LINE_BYTES} characters, perhaps because a quote is not closed."
    return "This is not a table: its lines are not valid CSV."
