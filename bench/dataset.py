"""The bytes for every peer: random, so that compression saves no work."""

import os
import random
from dataclasses import dataclass
from pathlib import Path

from bench.scale import MiB, Scale


@dataclass(frozen=True, slots=True)
class Dataset:
    large: Path
    small: list[Path]


def make_dataset(folder: Path, scale: Scale) -> Dataset:
    folder.mkdir()
    large = folder / "large.bin"
    with large.open("wb") as file:
        for _ in range(scale.large_bytes // MiB):
            file.write(os.urandom(MiB))
    small = [folder / f"small-{number:04}.bin" for number in range(scale.small_count)]
    for path in small:
        path.write_bytes(os.urandom(scale.small_bytes))
    return Dataset(large, small)


def range_starts(scale: Scale) -> list[int]:
    """The same for every peer and every round."""
    places = random.Random(1)
    return [places.randrange(scale.large_bytes - scale.range_bytes) for _ in range(scale.range_count)]
