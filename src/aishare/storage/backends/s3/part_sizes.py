"""How large a part must be so that any object fits into the 10,000 parts of S3 (5 MiB to 5 GiB each)."""

from typing import Final

from aishare.core.sizes import CHUNK_SIZE, MiB

_TARGET_PARTS: Final = 9_000
_EVEN_PARTS: Final = 1_000
"""If the size is unknown, the parts of the first 8 GiB are equal (which some storages require); later parts grow."""

_GROWTH_PER_HUNDRED: Final = 13 * MiB
"""With this growth 10,000 parts hold 5.09 TiB; the largest has 1.2 GiB."""


def part_size(number: int, size: int | None) -> int:
    """Bytes of part `number` (from 1) of an object of `size` bytes, None if the size is unknown."""
    if size is not None:
        needed = -(-size // _TARGET_PARTS)
        return max(CHUNK_SIZE, -(-needed // MiB) * MiB)
    steps = max(number - _EVEN_PARTS, 0) * _GROWTH_PER_HUNDRED // 100
    return CHUNK_SIZE + -(-steps // MiB) * MiB
