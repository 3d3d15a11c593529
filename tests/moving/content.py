"""Bytes that need not be stored: a number determines them."""

import random
from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB

_SIZES = (
    (0.80, 1 * KIB, 32 * KIB),
    (0.17, 32 * KIB, 512 * KIB),
    (0.029, 512 * KIB, 8 * MIB),
    (0.001, 8 * MIB, 64 * MIB),
)
"""Share, smallest, largest: most files of a team are small, most bytes are in large ones."""


@dataclass(frozen=True, slots=True)
class Content:
    seed: int
    size: int

    def data(self) -> bytes:
        return random.Random(self.seed).randbytes(self.size)


def some_content(chance: random.Random, *, largest: int) -> Content:
    """Sizes of `_SIZES`, none over `largest`."""
    share = chance.random()
    for part, low, high in _SIZES:  # noqa: B007 - the last ones count
        if share < part or high >= largest:
            break
        share -= part
    return Content(chance.getrandbits(48), min(int(low * (high / low) ** chance.random()), largest))
