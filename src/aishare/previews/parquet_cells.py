"""Values of Arrow as short texts and numbers, without reading more of a value than is shown."""

import math
import struct
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pyarrow as pa

from aishare.previews.answers import Cell
from aishare.previews.texts import cut

_EXACT: Final = 2**53
"""Larger integers would not be exact in a browser, so they are sent as text."""

_ELEMENTS: Final = 20
_BYTES: Final = 24
_DEEPEST: Final = 8
_SHORT_FLOATS: Final = {"halffloat": "e", "float": "f"}
_DECIMALS: Final = {"s": 0, "ms": 3, "us": 6, "ns": 9}


class Shortener:
    """Makes cells of at most `room` characters; `cut_any` says that something was cut."""

    def __init__(self, room: int) -> None:
        self._room = room
        self.cut_any = False

    def cell(self, value: Any) -> Cell:
        if not value.is_valid:
            return None
        kind = value.type
        if pa.types.is_integer(kind):
            number: int = value.as_py()
            return number if abs(number) <= _EXACT else str(number)
        if pa.types.is_floating(kind):
            real = _shortest(value)
            return real if math.isfinite(real) else str(real)
        return self._cut(self._text(value, depth=0))

    def _text(self, value: Any, *, depth: int) -> str:
        if not value.is_valid:
            return "null"
        kind = value.type
        if kind == pa.uuid():
            return str(UUID(bytes=value.value.as_py()))
        if isinstance(kind, pa.BaseExtensionType) or pa.types.is_dictionary(kind):
            return self._text(value.value, depth=depth)
        if _is_text(kind):
            return self._start_of(value)
        if _is_binary(kind):
            return self._hex(value)
        return self._nested(value, depth=depth) if kind.num_fields else _plain(value)

    def _start_of(self, value: Any) -> str:
        data = value.as_buffer()
        start = data.slice(0, min(data.size, 4 * self._room)).to_pybytes()  # UTF-8 has four bytes at most
        text: str = start.decode("utf-8", "replace" if data.size == len(start) else "ignore")
        return text if data.size == len(start) else text + "…" * self._room

    def _hex(self, value: Any) -> str:
        data = value.as_buffer()
        if data.size <= _BYTES:
            return f"0x{data.to_pybytes().hex()}"
        self.cut_any = True
        return f"0x{data.slice(0, _BYTES).to_pybytes().hex()}… ({data.size} bytes)"

    def _nested(self, value: Any, *, depth: int) -> str:
        if depth >= _DEEPEST:
            self.cut_any = True
            return "…"
        if pa.types.is_struct(value.type):
            fields = [value.type.field(place) for place in range(min(value.type.num_fields, _ELEMENTS))]
            shown = [f"{field.name}: {self._text(value[place], depth=depth + 1)}" for place, field in enumerate(fields)]
            return "{" + self._joined(shown, value.type.num_fields) + "}"
        if not hasattr(value, "values"):  # unions, which Parquet does not have
            return _plain(value)
        values = value.values
        shown = [self._text(values[place], depth=depth + 1) for place in range(min(len(values), _ELEMENTS))]
        return "[" + self._joined(shown, len(values)) + "]"

    def _joined(self, shown: list[str], count: int) -> str:
        if count <= len(shown):
            return ", ".join(shown)
        self.cut_any = True
        return ", ".join([*shown, f"… {count} in all"])

    def _cut(self, text: str) -> str:
        self.cut_any = self.cut_any or len(text) > self._room
        return cut(text, self._room)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_binary(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
        or types.is_binary_view(kind)
    )


def _shortest(value: Any) -> float:
    """With the digits that identify a number of its precision: 0.1, not 0.10000000149."""
    real = float(value.as_py())
    code = _SHORT_FLOATS.get(str(value.type))
    if code is None or not math.isfinite(real):
        return real
    exact = struct.pack(code, real)
    rounded = (float(f"{real:.{digits}g}") for digits in range(1, 10))
    return next((number for number in rounded if _packed(code, number) == exact), real)


def _packed(code: str, number: float) -> bytes:
    try:
        return struct.pack(code, number)
    except OverflowError:  # rounded beyond the largest value
        return b""


def _seconds(value: Any) -> str:
    """A duration, exact to its unit."""
    places = _DECIMALS[value.type.unit]
    return f"{Decimal(value.value).scaleb(-places).normalize():f} s"


def _plain(value: Any) -> str:
    """Dates as Arrow writes them; years outside the calendar as numbers."""
    if pa.types.is_decimal(value.type):
        return f"{value.as_py():f}"
    if str(value.type) in _SHORT_FLOATS:
        return str(_shortest(value))
    if pa.types.is_duration(value.type):
        return _seconds(value)
    try:
        return str(value.cast(pa.string()).as_py())
    except (pa.ArrowException, ValueError, OverflowError):
        return str(getattr(value, "value", "?"))
