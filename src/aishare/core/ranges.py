"""Byte ranges and the Range header (RFC 9110 §14). Half open, like slices: `stop` is the first byte *not* included."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `start` up to, not including, `stop`; never empty. RFC 9110 §14.1.2 includes the last byte instead."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise ValueError(f"not a byte range: {self.start}..{self.stop}")

    @property
    def length(self) -> int:
        return self.stop - self.start


MAX_RANGES: Final = 32
"""More separate ranges than this are answered with the whole (RFC 9110 §14.2 allows to ignore a Range header)."""

_MAX_HEADER: Final = 16_384
_SPEC: Final = re.compile(r"[ \t]*(?:([0-9]{1,20})-([0-9]{1,20})?|-([0-9]{1,20}))[ \t]*")


def parse_range(header: str, size_bytes: int) -> list[ByteRange] | None:
    """The ranges to send, in the requested order, with overlapping and adjacent ones joined.

    None: answer as if there were no Range header (malformed, another unit, too many). Empty: no requested range exists,
    416. Takes time linear in the header.
    """
    unit, separator, specs = header.partition("=")
    if not separator or unit.strip().lower() != "bytes" or len(header) > _MAX_HEADER:
        return None
    found: list[ByteRange] = []
    for spec in specs.split(","):
        if not spec.strip(" \t"):
            continue  # RFC 9110 §5.6.1: empty list elements are ignored
        bounds = _bounds(spec, size_bytes)
        if bounds is None:
            return None
        if bounds[0] < bounds[1]:
            found.append(ByteRange(*bounds))
    if not found:
        return [] if specs.strip(" \t,") else None
    joined = _joined(found)
    return joined if len(joined) <= MAX_RANGES else None


def _bounds(spec: str, size_bytes: int) -> tuple[int, int] | None:
    """Start and stop within the content, start >= stop if none of it exists; None if malformed."""
    match = _SPEC.fullmatch(spec)
    if match is None:
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        return max(size_bytes - int(suffix), 0), size_bytes if int(suffix) else 0
    if last is None:
        return int(first), size_bytes
    if int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size_bytes)


def _joined(ranges: list[ByteRange]) -> list[ByteRange]:
    """In their order if they do not touch; otherwise sorted and joined (RFC 9110 §15.3.7.2)."""
    merged: list[ByteRange] = []
    for item in sorted(ranges, key=lambda item: item.start):
        if merged and item.start <= merged[-1].stop:
            merged[-1] = ByteRange(merged[-1].start, max(merged[-1].stop, item.stop))
        else:
            merged.append(item)
    return ranges if len(merged) == len(ranges) else merged
