"""Thrift's compact protocol, as far as footers of Parquet need it, to write footers that no library would write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12


@dataclass(frozen=True)
class Value:
    """A type of the protocol, and the bytes."""

    kind: int
    data: bytes


def i32(number: int) -> Value:
    return Value(I32, _varint(_zigzag(number)))


def i64(number: int) -> Value:
    return Value(I64, _varint(_zigzag(number)))


def text(value: str | bytes) -> Value:
    data = value.encode() if isinstance(value, str) else value
    return Value(BINARY, _varint(len(data)) + data)


def listed(kind: int, values: Sequence[Value], *, count: int | None = None) -> Value:
    """`count` is a false number of values."""
    size = len(values) if count is None else count
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
    return Value(LIST, head + b"".join(value.data for value in values))


def struct(fields: Mapping[int, Value]) -> Value:
    parts, before = [], 0
    for number, value in sorted(fields.items()):
        assert number - before < 16
        parts += [bytes([(number - before) << 4 | value.kind]), value.data]
        before = number
    return Value(STRUCT, b"".join(parts) + b"\x00")


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
