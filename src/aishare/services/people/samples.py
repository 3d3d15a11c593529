"""Sample files for a demonstration: a dataset, a model and images, generated, and the same on every machine."""

import json
import math
import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SEED: Final = 20_261_124
_SPECIES: Final = {
    "adelie": (38.8, 18.3, 190.0, 3700.0),
    "chinstrap": (48.8, 18.4, 196.0, 3730.0),
    "gentoo": (47.5, 15.0, 217.0, 5080.0),
}
"""Mean bill length and depth (mm), flipper length (mm) and body mass (g) of the three species in the well-known penguin
dataset; the rows are generated from these means, not copied.
"""

_REVIEWS: Final = {
    "positive": ("Arrived early and works as promised.", "Clear instructions, solid build.", "Would buy it again."),
    "negative": ("Stopped working after two days.", "The manual is for another product.", "Too loud to sleep beside."),
}


@dataclass(frozen=True, slots=True)
class SampleFile:
    """One file: its owner, path and content."""

    username: str
    path: str
    content: bytes


def samples() -> Iterator[SampleFile]:
    """Each user has some files; names are typical of teams."""
    chance = random.Random(_SEED)  # noqa: S311 - sample data, not secrets
    yield SampleFile("ada", "datasets/penguins/penguins.csv", _penguins(chance, rows=344))
    yield SampleFile("ada", "datasets/penguins/README.md", _card())
    yield SampleFile("ada", "datasets/reviews/reviews.jsonl", _reviews(chance, rows=400))
    yield SampleFile("ada", "models/sentiment-small/model.safetensors", _safetensors(chance))
    yield SampleFile("ada", "models/sentiment-small/config.json", _config())
    yield SampleFile("ada", "images/sunrise.png", _landscape(640, 400, sky=(255, 176, 120), ground=(52, 66, 92)))
    yield SampleFile("grace", "images/dusk.png", _landscape(640, 400, sky=(118, 110, 190), ground=(30, 36, 58)))
    yield SampleFile("grace", "images/meadow.png", _landscape(640, 400, sky=(150, 205, 240), ground=(70, 120, 72)))
    yield SampleFile("grace", "datasets/sensors/2026-10.csv", _sensors(chance, hours=744))
    yield SampleFile("alan", "models/mnist-probe/weights.npy", _npy(chance, rows=784, columns=10))
    yield SampleFile("alan", "notes/evaluation.md", _notes())


def _penguins(chance: random.Random, *, rows: int) -> bytes:
    lines = ["species,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g"]
    for _ in range(rows):
        species = chance.choice(list(_SPECIES))
        length, depth, flipper, mass = _SPECIES[species]
        lines.append(
            f"{species},{chance.gauss(length, 2.6):.1f},{chance.gauss(depth, 1.1):.1f},"
            f"{chance.gauss(flipper, 6.5):.0f},{chance.gauss(mass, 400):.0f}"
        )
    return "\n".join(lines).encode() + b"\n"


def _reviews(chance: random.Random, *, rows: int) -> bytes:
    records = []
    for number in range(rows):
        label = chance.choice(list(_REVIEWS))
        records.append(json.dumps({"id": number, "text": chance.choice(_REVIEWS[label]), "label": label}))
    return "\n".join(records).encode() + b"\n"


def _sensors(chance: random.Random, *, hours: int) -> bytes:
    lines = ["hour,temperature_c,humidity_percent,co2_ppm"]
    for hour in range(hours):
        day = math.sin((hour % 24 - 9) / 24 * 2 * math.pi)
        lines.append(
            f"{hour},{11 + 5 * day + chance.gauss(0, 0.7):.1f},"
            f"{72 - 14 * day + chance.gauss(0, 3):.0f},{420 + chance.gauss(0, 9):.0f}"
        )
    return "\n".join(lines).encode() + b"\n"


def _floats(chance: random.Random, count: int) -> bytes:
    return struct.pack(f"<{count}f", *(chance.gauss(0, 0.05) for _ in range(count)))


def _safetensors(chance: random.Random) -> bytes:
    """The safetensors layout: header length in 8 bytes, JSON header, then the tensors end to end."""
    header: dict[str, object] = {"__metadata__": {"format": "pt", "task": "sentiment"}}
    body = b""
    for name, shape in {"embedding.weight": (2000, 32), "classifier.weight": (2, 32), "classifier.bias": (2,)}.items():
        data = _floats(chance, math.prod(shape))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def _npy(chance: random.Random, *, rows: int, columns: int) -> bytes:
    """NumPy's .npy format, version 1.0."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + _floats(chance, rows * columns)


def _landscape(width: int, height: int, *, sky: tuple[int, int, int], ground: tuple[int, int, int]) -> bytes:
    """A PNG of hills under a sky that gets lighter towards the horizon."""
    rows = []
    ridges = [_ridge(width, height, layer) for layer in range(3)]
    hills = [bytes(int(c * (1.25 - 0.25 * layer)) for c in ground) for layer in (1, 2, 3)]
    for y in range(height):
        light = 0.55 + 0.45 * y / (height * 0.6)
        colours = (bytes(min(255, int(c * light + 40 * y / height)) for c in sky), *hills)
        row = (colours[(y >= a) + (y >= b) + (y >= c)] for a, b, c in zip(*ridges, strict=True))
        rows.append(b"\x00" + b"".join(row))
    return _png(width, height, b"".join(rows))


def _ridge(width: int, height: int, layer: int) -> list[int]:
    base = height * (0.55 + 0.14 * layer)
    swing = height * (0.10 - 0.02 * layer)
    return [
        int(base + swing * math.sin(x / width * (5 + 2 * layer) + layer) + swing / 3 * math.sin(x / 23 + 2 * layer))
        for x in range(width)
    ]


def _png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _card() -> bytes:
    return (
        b"# Penguins\n\nMeasurements of 344 simulated penguins of three species: bill length and depth in millimetres,"
        b"\nflipper length in millimetres, body mass in grams. One row per bird, no missing values.\n\n"
        b"Made for demonstrations; drawn at random around published means.\n"
    )


def _config() -> bytes:
    config = {"architecture": "bag-of-embeddings", "vocab_size": 2000, "hidden_size": 32, "labels": list(_REVIEWS)}
    return json.dumps(config, indent=2).encode() + b"\n"


def _notes() -> bytes:
    return (
        b"# Evaluation, week 47\n\n| model | accuracy | parameters |\n|---|---|---|\n"
        b"| mnist-probe | 0.921 | 7,840 |\n| sentiment-small | 0.874 | 64,066 |\n\n"
        b"Next: the same split with three seeds.\n"
    )
