"""Parquet as a table: the footer says what there is, then only the pages with the wanted rows are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from aishare.core.sizes import KiB, MiB
from aishare.previews.answers import Cell, Column, Table, Unreadable
from aishare.previews.delimited import cell_room
from aishare.previews.handle import Handle
from aishare.previews.limits import COLUMNS, HEADER_BYTES, NAME_CHARACTERS, ROWS
from aishare.previews.parquet_cells import Shortener
from aishare.previews.source import Source
from aishare.previews.texts import cut

_MAGIC: Final = b"PAR1"
_ENCRYPTED: Final = b"PARE"
_TAIL: Final = 8
_BUFFER: Final = 256 * KiB
_BATCH_BYTES: Final = 8 * MiB
_MOST_LEAVES: Final = 2000
_MOST_ROWS: Final = 2**53
_CONTAINER: Final = 1_000_000
"""Most elements of a list in the footer; pyarrow's own default."""


def read_parquet(source: Source, page: int) -> Table:
    """A page of rows; of nested columns the beginnings."""
    _check_footer(source)
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    try:
        return _Rows(_open(source)).table(page)
    except (pa.ArrowMemoryError, MemoryError):
        raise Unreadable("The file needs too much memory for a preview.") from None
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise Unreadable(_reason(error)) from None


def _check_footer(source: Source) -> None:
    if source.size < len(_MAGIC) + _TAIL:
        raise Unreadable("The file is too short to be a Parquet file.")
    tail = source.read(source.size - _TAIL, _TAIL)
    if tail[4:] == _ENCRYPTED:
        raise Unreadable("The file is encrypted.")
    if tail[4:] != _MAGIC:
        raise Unreadable("The Parquet file is incomplete: its footer is missing.")
    length = int.from_bytes(tail[:4], "little")
    if length > source.size - _TAIL - len(_MAGIC):
        raise Unreadable(f"The footer claims {length} bytes, more than the file has.")
    if length > HEADER_BYTES:
        raise Unreadable(f"The footer is too large for a preview ({length} bytes; the limit is {HEADER_BYTES}).")


def _open(source: Source) -> pq.ParquetFile:
    return pq.ParquetFile(
        pa.PythonFile(Handle(source), mode="r"),
        buffer_size=_BUFFER,
        pre_buffer=False,
        coerce_int96_timestamp_unit="us",  # in nanoseconds, years before 1678 and after 2261 would overflow
        thrift_string_size_limit=HEADER_BYTES,
        thrift_container_size_limit=_CONTAINER,
    )


class _Rows:
    def __init__(self, file: pq.ParquetFile) -> None:
        self._file = file
        self._metadata = file.metadata
        self._schema = file.schema_arrow
        self._groups = _groups(self._metadata)
        self._shown, self._leaves = _first_columns(self._schema)

    def table(self, page: int) -> Table:
        rows = self._metadata.num_rows
        start = min((page - 1) * ROWS, rows)
        stop = min(start + ROWS, rows)
        shortener = Shortener(cell_room(stop - start, self._shown))
        cells = [row for batch in self._batches(start, stop) for row in _cells(batch, shortener)]
        if len(cells) != stop - start:
            raise Unreadable(f"This Parquet file is damaged: it has fewer than the {rows} rows that its footer claims.")
        fields = [self._schema.field(place) for place in range(self._shown)]
        return Table(
            format="parquet",
            columns=[Column(cut(field.name, NAME_CHARACTERS), _type_name(field.type)) for field in fields],
            rows=cells,
            row_count=rows,
            page=page,
            more=stop < rows,
            truncated=len(self._schema) > self._shown or shortener.cut_any,
            column_count=len(self._schema),
        )

    def _batches(self, start: int, stop: int) -> Iterator[pa.RecordBatch]:
        """Exactly the wanted rows, if they exist."""
        for group in self._groups:
            low, high = max(start - group.first, 0), min(stop - group.first, group.rows)
            if low < high:
                yield from self._of_group(group, low, high)

    def _of_group(self, group: "_Group", low: int, high: int) -> Iterator[pa.RecordBatch]:
        position = 0
        batches = self._file.reader.iter_batches(
            group.batch_rows(high), row_groups=[group.number], column_indices=self._leaves, use_threads=False
        )
        for batch in batches:
            first, last = max(low - position, 0), min(high - position, len(batch))
            if first < last:
                yield batch.slice(first, last - first)
            position += len(batch)
            if position >= high:
                return


@dataclass(frozen=True, slots=True)
class _Group:
    """A row group. `row_bytes` is the average row size according to its footer, which may be wrong."""

    number: int
    first: int
    rows: int
    row_bytes: int

    def batch_rows(self, wanted: int) -> int:
        """Fewer at a time if rows are large; never more than wanted."""
        return max(1, min(wanted, max(ROWS, _BATCH_BYTES // max(self.row_bytes, 1))))


def _groups(metadata: Any) -> list[_Group]:
    found: list[_Group] = []
    first = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        if group.num_rows < 0:
            raise Unreadable("This Parquet file is damaged: it claims a negative number of rows.")
        found.append(_Group(number, first, group.num_rows, max(group.total_byte_size, 0) // max(group.num_rows, 1)))
        first += group.num_rows
    if first != metadata.num_rows or first > _MOST_ROWS:
        raise Unreadable(
            f"This Parquet file is damaged: its footer claims {metadata.num_rows} rows, its row groups {first}."
        )
    return found


def _first_columns(schema: pa.Schema) -> tuple[int, list[int]]:
    """How many columns are shown, and their leaves, which the file has in the same order."""
    shown = leaves = 0
    for field in schema:
        more = _leaves(field.type)
        if shown == COLUMNS or leaves + more > _MOST_LEAVES:
            break
        shown, leaves = shown + 1, leaves + more
    if not shown:
        raise Unreadable("The file has no column that a preview can show.")
    return shown, list(range(leaves))


def _leaves(kind: pa.DataType) -> int:
    if isinstance(kind, pa.BaseExtensionType):
        return _leaves(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return _leaves(kind.value_type)
    return sum(_leaves(kind.field(place).type) for place in range(kind.num_fields)) if kind.num_fields else 1


def _type_name(kind: pa.DataType) -> str:
    name = str(kind) if not isinstance(kind, pa.BaseExtensionType) else kind.extension_name.removeprefix("arrow.")
    return cut(name, NAME_CHARACTERS)


def _cells(batch: pa.RecordBatch, shortener: Shortener) -> list[list[Cell]]:
    columns = [[shortener.cell(value) for value in column] for column in batch.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _reason(error: Exception) -> str:
    if "Exceeded size limit" in str(error):  # thrift_container_size_limit
        return f"The footer is too large for a preview (more than {_CONTAINER} entries)."
    return f"This Parquet file is damaged: {_sentence(error)}"


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split())
    return cut(text or type(error).__name__, 200)
