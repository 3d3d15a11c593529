"""Byte ranges. Half open, like Python's slices: `stop` is the first byte that is *not* wanted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `start` up to, not including, `stop`; never empty. RFC 9110 §14.1.2 counts the last byte instead."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise ValueError(f"not a byte range: {self.start}..{self.stop}")

    @property
    def length(self) -> int:
        return self.stop - self.start
