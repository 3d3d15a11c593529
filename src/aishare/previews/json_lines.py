"""JSON Lines as a table: one object per line, its keys as columns."""

import json
import math
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from aishare.previews.answers import Cell, Column, Table, Text, Unreadable
from aishare.previews.delimited import cell_room
from aishare.previews.encodings import detect
from aishare.previews.limits import COLUMNS, COUNTED_BYTES, NAME_CHARACTERS, ROWS, TEXT_BYTES
from aishare.previews.lines import Lines
from aishare.previews.source import Source
from aishare.previews.text import read_text
from aishare.previews.texts import cut

_EXACT: Final = 2**53
_OTHER: Final = "(not an object)"
"""The column for lines that are damaged or not objects."""

_TYPES: Final = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "text"),
    (list, "list"),
    (dict, "object"),
)

_Row = dict[str, Any]


def read_json_lines(source: Source, page: int, name: str) -> Table | Text:
    """A page of rows, or text if the first lines contain no object."""
    if source.size == 0:
        raise Unreadable("The file is empty.")
    encoding, start = detect(source.read(0, TEXT_BYTES), cut=source.size > TEXT_BYTES)
    sample = [_row(line) for line in islice(_lines(Lines(source, start, encoding)), ROWS)]
    if sum(_OTHER not in row for row in sample) * 2 < len(sample) or not sample:
        return read_text(source, name)
    lines = Lines(source, start, encoding)
    records = _lines(lines)
    skipped = sum(1 for _ in islice(records, (page - 1) * ROWS))
    rows = [_row(line) for line in islice(records, ROWS)]
    more = next(records, None) is not None
    counted = not more or source.size <= COUNTED_BYTES
    row_count = skipped + len(rows) + more + sum(1 for _ in records) if counted else None
    return _table(sample, rows, lines.encoding, row_count=row_count, page=page, more=more)


def _lines(lines: Lines) -> Iterator[str]:
    return (line for line in lines if not line.isspace())


def _row(line: str) -> _Row:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {_OTHER: line.strip()}
    return found if isinstance(found, dict) else {_OTHER: found}


def _table(  # noqa: PLR0913 - the detected properties
    sample: list[_Row], rows: list[_Row], encoding: str, *, row_count: int | None, page: int, more: bool
) -> Table:
    known = sample + rows
    keys = list(dict.fromkeys(key for row in known for key in row))
    shown = keys[:COLUMNS]
    room = cell_room(len(rows), len(shown))
    cells = [[_cell(row.get(key), room) for key in shown] for row in rows]
    return Table(
        format="jsonl",
        columns=[Column(cut(key, NAME_CHARACTERS), _type(known, key)) for key in shown],
        rows=cells,
        row_count=row_count,
        page=page,
        more=more,
        truncated=len(keys) > COLUMNS
        or any(isinstance(cell, str) and len(cell) >= room for row in cells for cell in row),
        column_count=len(keys),
        encoding=encoding,
    )


def _type(rows: list[_Row], key: str) -> str:
    values = [row[key] for row in rows if row.get(key) is not None]
    names = {next(name for kind, name in _TYPES if isinstance(value, kind)) for value in values}
    if names == {"integer", "number"}:
        return "number"
    return names.pop() if len(names) == 1 else "mixed" if names else "empty"


def _cell(value: Any, room: int) -> Cell:
    if value is None or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _EXACT:
        return value
    return cut(value if isinstance(value, str) else _compact(value), room)


def _compact(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):  # more digits than Python converts, or endless nesting
        return "…"
