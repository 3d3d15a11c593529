"""What a preview says: made in the child, handed out by the API."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

Cell = str | int | float | None


class Unreadable(Exception):
    """Why there is no preview, for the person who looks at the file."""


@dataclass(frozen=True, slots=True)
class Column:
    """Of a table."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows. `row_count` is None if nobody counted; `truncated`: columns were left out or cells cut."""

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
    """The header of a model. `count` is of all tensors, `parameters` the number of their elements."""

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
class Nothing:
    """No preview, and why."""

    reason: str
    kind: Literal["none"] = field(default="none", init=False)


Answer = Table | Tensors | Text | Nothing

_KINDS: Final[dict[str, type[Answer]]] = {"table": Table, "tensors": Tensors, "text": Text, "none": Nothing}


def encode(answer: Answer) -> bytes:
    """As JSON; characters that no UTF-8 can hold are replaced."""
    return json.dumps(asdict(answer), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def decode(text: bytes) -> Answer:
    """ValueError if the child wrote something else."""
    try:
        found: dict[str, Any] = json.loads(text)
        kind = _KINDS[found.pop("kind")]
        if "columns" in found:
            found["columns"] = [Column(**column) for column in found["columns"]]
        if "tensors" in found:
            found["tensors"] = [Tensor(**tensor) for tensor in found["tensors"]]
        return kind(**found)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not an answer of the reader") from error
