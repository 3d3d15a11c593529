"""Scientific rasters (heights, depths, reflectances) as images. Only used in the child process."""

import math
from typing import Final

import pyvips  # type: ignore[import-untyped]

_SCALED: Final = frozenset({"char", "short", "ushort", "int", "uint", "float", "double"})
_COLOURED: Final = frozenset({"lab", "labs", "xyz", "cmyk", "lch", "yxy", "hsv"})
_PHOTOGRAPH: Final = 16_384
"""A 16-bit photograph uses more than a quarter of the range; the data of a 12-bit sensor does not."""

_INVERTED: Final = frozenset({"ushort", "uint"})
"""In images whose lowest value is white, the decoder inverts these numbers and no others."""

_NO_VALUE: Final = (-9999.0, -32_768.0)
_BEYOND: Final = 1e30
"""Values that programs commonly write for missing measurements without declaring them."""


def measured(
    image: pyvips.Image, size: int, no_data: float | None, *, min_is_white: bool = False
) -> pyvips.Image | None:
    """At about `size`, from black for the lowest value to white for the highest, or the reverse; None if the numbers
    are colours.
    """
    if image.format not in _SCALED or image.interpretation in _COLOURED:
        return None
    if image.hasalpha():
        image = image.extract_band(0, n=image.bands - 1)
    step = max(1, max(image.width, image.height) // (2 * size))
    small = image.subsample(step, step).copy_memory() if step > 1 else image.copy_memory()
    inverted = min_is_white and image.format in _INVERTED
    if inverted:
        small = small.invert()  # to the values in the file
    valid = _valid(small, no_data)
    low, high = valid.ifthenelse(small, _BEYOND).min(), valid.ifthenelse(small, -_BEYOND).max()
    if low > high or _are_colours(image, low, high):
        return None
    span = (high - low) or 1.0
    above = high - small if inverted else small - low
    grey = valid.ifthenelse(above * (255 / span), 0).rint().cast("uchar")
    shown = grey.copy(interpretation="srgb" if image.bands > 2 else "b-w")  # noqa: PLR2004 - red, green and blue
    return shown.thumbnail_image(size, height=size, size="down")


def _are_colours(image: pyvips.Image, low: float, high: float) -> bool:
    if image.format == "ushort":
        return bool(high >= _PHOTOGRAPH)
    return bool(image.interpretation == "scrgb" and low >= 0 and high <= 1)


def _valid(image: pyvips.Image, no_data: float | None) -> pyvips.Image:
    """255 where a value was measured."""
    valid = (image == image) & (image.abs() < _BEYOND)  # noqa: PLR0124 - NaN differs from itself
    for value in (*_NO_VALUE, no_data):
        if value is not None and math.isfinite(value):
            valid = valid & (image != value)
    return valid
