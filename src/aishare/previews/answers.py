"""The contents of a preview: made in the child process, returned by the API."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

Cell = str | int | float | None


class Unreadable(Exception):
    """Why there is no preview, for the person who opens the file."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows. `row_count` is None if the rows were not counted; `truncated`: columns were left out or cells
    cut.
    """

    format: str
    columns: list[Column]
    rows: list[list[Cell]]
    row_count: int | None
    page: int
    more: bool
    truncated: bool
    column_count: int
    encoding: str | None = None
    kind: Literal["table"] = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Tensor:
    """One array of a model."""

    name: str
    dtype: str
    shape: list[int]


@dataclass(frozen=True, slots=True)
class Tensors:
    """The header of a model. `count` is the number of all tensors, `parameters` the number of their elements."""

    format: str
    metadata: dict[str, str]
    tensors: list[Tensor]
    count: int
    parameters: int | None
    page: int
    more: bool
    truncated: bool
    kind: Literal["tensors"] = field(default="tensors", init=False)


@dataclass(frozen=True, slots=True)
class Text:
    """The beginning of a text."""

    text: str
    language: str | None
    encoding: str
    truncated: bool
    kind: Literal["text"] = field(default="text", init=False)


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """An entry of an archive. `modified` is as stored in the archive, without a time zone."""

    path: str
    size: int
    folder: bool
    modified: str | None


@dataclass(frozen=True, slots=True)
class ArchiveListing:
    """The names in an archive. `count` and `bytes` are None if it was not read to its end; `truncated`: there is more
    than can be listed.
    """

    format: str
    entries: list[ArchiveEntry]
    count: int | None
    bytes: int | None
    page: int
    more: bool
    truncated: bool
    kind: Literal["archive"] = field(default="archive", init=False)


@dataclass(frozen=True, slots=True)
class Output:
    """The output of a notebook cell: text, or an image in Base64. HTML and scripts are left out."""

    text: str | None
    media_type: str
    data: str | None


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """`number` is the execution count of a code cell."""

    type: Literal["markdown", "code", "raw"]
    text: str
    number: int | None
    outputs: list[Output]


@dataclass(frozen=True, slots=True)
class Notebook:
    """The cells of a Jupyter notebook. `truncated`: some are left out or shortened."""

    language: str | None
    cells: list[NotebookCell]
    count: int
    truncated: bool
    kind: Literal["notebook"] = field(default="notebook", init=False)


@dataclass(frozen=True, slots=True)
class Nothing:
    """No preview, and why."""

    reason: str
    kind: Literal["none"] = field(default="none", init=False)


Answer = Table | Tensors | Text | ArchiveListing | Notebook | Nothing

_KINDS: Final[dict[str, type[Answer]]] = {
    "table": Table,
    "tensors": Tensors,
    "text": Text,
    "archive": ArchiveListing,
    "notebook": Notebook,
    "none": Nothing,
}
_PARTS: Final[dict[str, type[Any]]] = {"columns": Column, "tensors": Tensor, "entries": ArchiveEntry}


def encode(answer: Answer) -> bytes:
    """As JSON; characters that cannot be encoded in UTF-8 are replaced."""
    return json.dumps(asdict(answer), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def decode(text: bytes) -> Answer:
    """ValueError if the child sent something else."""
    try:
        found: dict[str, Any] = json.loads(text)
        kind = _KINDS[found.pop("kind")]
        for name, part in _PARTS.items():
            if name in found:
                found[name] = [part(**one) for one in found[name]]
        if "cells" in found:
            found["cells"] = [_notebook_cell(cell) for cell in found["cells"]]
        return kind(**found)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not an answer of the reader") from error


def _notebook_cell(cell: dict[str, Any]) -> NotebookCell:
    outputs = [Output(**output) for output in cell.pop("outputs")]
    return NotebookCell(**cell, outputs=outputs)
