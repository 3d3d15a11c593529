"""Rules for thumbnails that both the server and its child processes need. Imports only the standard library."""

from typing import Final, NamedTuple

RECIPE: Final = 2
"""Raise this when a change leads to other pixels, limits or formats: thumbnails and refusals are then made again."""

MODULE: Final = "aishare.images.worker"

FORMATS: Final = frozenset({"jpeg", "png", "gif", "tiff", "webp", "avif", "svg", "bmp"})

QUALITY: Final = 80
EFFORT: Final = 2
"""Takes half as long to encode as the default (4.3 instead of 8.1 ms) for 4 % more bytes:
docs/decisions/0040-images.md.
"""

MEGAPIXEL: Final = 1_000_000
PIXELS_MAX: Final = 100 * MEGAPIXEL
WHOLE_PIXELS_MAX: Final = 50 * MEGAPIXEL
"""For formats whose decoder holds the whole image in memory, at up to 15 bytes per pixel: AVIF and BMP."""

SVG_BYTES_MAX: Final = 2 * 1024 * 1024
ENDLESS_BYTES_MAX: Final = 64 * 1024 * 1024
"""Largest JPEG without an end marker that is completed in memory."""

SIDE_MAX: Final = 65_536

MEMORY_BYTES: Final = 1024 * 1024 * 1024
SECONDS: Final = 10.0


class Refused(Exception):
    """There is no thumbnail. `code` is for programs, `reason` for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Picture(NamedTuple):
    """An image: upright width and height, format, dominant colour (#rrggbb), and a thumbnail (WebP)."""

    width: int
    height: int
    format: str
    colour: str
    thumbnail: bytes
