"""How much is measured."""

from dataclasses import dataclass
from typing import Final

KiB: Final = 1024
MiB: Final = 1024 * KiB
GiB: Final = 1024 * MiB


@dataclass(frozen=True, slots=True)
class Scale:
    """One run: at least `rounds_min` rounds, and more up to `rounds_max` while `budget_seconds` last."""

    large_bytes: int
    range_count: int
    load_seconds: int
    rounds_min: int
    rounds_max: int
    budget_seconds: int
    range_bytes: int = 8 * MiB
    small_count: int = 300
    small_bytes: int = 64 * KiB
    connections: int = 64


FULL: Final = Scale(large_bytes=GiB, range_count=200, load_seconds=5, rounds_min=3, rounds_max=5, budget_seconds=7 * 60)
QUICK: Final = Scale(
    large_bytes=128 * MiB, range_count=20, load_seconds=1, rounds_min=3, rounds_max=3, budget_seconds=60
)
