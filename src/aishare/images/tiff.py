"""Details of TIFF samples that the decoder does not report. Reads only the first directory."""

import os
import struct
from dataclasses import dataclass
from typing import Final

_CLASSIC, _BIG = 42, 43
_WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _SAMPLES, _EXTRA, _NO_DATA = 256, 257, 258, 262, 277, 338, 42113
_WANTED: Final = frozenset({_WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _SAMPLES, _EXTRA, _NO_DATA})
_CODES: Final = {1: "B", 2: "c", 3: "H", 4: "I", 16: "Q"}
_MOST_ENTRIES: Final = 1000
_MOST_VALUES: Final = 64
_COLOURS: Final = {2: 3, 5: 4, 6: 3, 8: 3}
"""Samples per pixel by photometric interpretation; all others have one."""

_MIN_IS_WHITE, _MIN_IS_BLACK = 0, 1
_ALPHA: Final = frozenset({1, 2})


@dataclass(frozen=True, slots=True)
class Samples:
    """`colours` come first in each pixel; then `alpha`, if one is marked as such. The rest are other measurements."""

    width: int
    height: int
    samples: int
    colours: int
    alpha: bool
    no_data: float | None
    min_is_white: bool
    bits: int
    """Of a sample."""

    @property
    def shown(self) -> int:
        return min(self.colours + self.alpha, self.samples)


def samples_of(file: int) -> Samples | None:
    """None if no directory can be read: the decoder will report the problem."""
    try:
        tags = _tags(file)
    except (struct.error, OverflowError, OSError):
        return None
    if not tags:
        return None
    samples = _number(tags, _SAMPLES, 1)
    photometric = _number(tags, _PHOTOMETRIC, _MIN_IS_BLACK)
    colours = _COLOURS.get(photometric, 1)
    extra = tags.get(_EXTRA, ())
    marked = bool(extra) and extra[0] in _ALPHA
    if photometric == _MIN_IS_BLACK and samples - marked > 2:  # noqa: PLR2004 - satellite bands: shows the first three
        colours = 3
    return Samples(
        _number(tags, _WIDTH, 0),
        _number(tags, _HEIGHT, 0),
        samples,
        colours,
        marked,
        _no_data(tags.get(_NO_DATA, ())),
        photometric == _MIN_IS_WHITE,
        _number(tags, _BITS, 1),
    )


def _tags(file: int) -> dict[int, tuple[int | bytes, ...]]:
    head = os.pread(file, 16, 0)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None:
        return {}
    big = struct.unpack_from(order + "H", head, 2)[0] == _BIG
    count_code, entry_code = ("Q", "HHQ8s") if big else ("H", "HHI4s")
    start = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)[0]
    width = struct.calcsize(order + count_code)
    count = min(struct.unpack(order + count_code, os.pread(file, width, start))[0], _MOST_ENTRIES)
    size = struct.calcsize(order + entry_code)
    entries = os.pread(file, count * size, start + width)
    found = {}
    for tag, kind, values, field in struct.iter_unpack(order + entry_code, entries[: len(entries) // size * size]):
        if tag in _WANTED and kind in _CODES:
            found[tag] = _values(file, order, f"{min(values, _MOST_VALUES)}{_CODES[kind]}", field)
    return found


def _values(file: int, order: str, code: str, field: bytes) -> tuple[int | bytes, ...]:
    """In the entry itself if they fit, otherwise where it points to."""
    size = struct.calcsize(order + code)
    if size > len(field):
        place = int.from_bytes(field, "little" if order == "<" else "big")
        field = os.pread(file, size, place)
    return struct.unpack(order + code, field[:size])


def _number(tags: dict[int, tuple[int | bytes, ...]], tag: int, otherwise: int) -> int:
    value = tags.get(tag, (otherwise,))[:1]
    return value[0] if value and isinstance(value[0], int) else otherwise


def _no_data(letters: tuple[int | bytes, ...]) -> float | None:
    """In GDAL's format: a number as text."""
    text = b"".join(letter for letter in letters if isinstance(letter, bytes)).rstrip(b"\0")
    try:
        return float(text)
    except ValueError:
        return None
