"""Rules for thumbnails that both the server and its child processes need. Imports only the standard library."""

from typing import Final, NamedTuple

RECIPE: Final = 2
"""To be raised when other pixels, limits or formats come of the rules here: thumbnails and refusals are made again."""

MODULE: Final = "aishare.images.worker"

FORMATS: Final = frozenset({"jpeg", "png", "gif", "tiff", "webp", "avif", "svg", "bmp"})

QUALITY: Final = 80
EFFORT: Final = 2
"""Half the encoder's time of the default (4.3 instead of 8.1 ms) for 4 % more bytes: docs/decisions/0040-images.md."""

MEGAPIXEL: Final = 1_000_000
PIXELS_MAX: Final = 100 * MEGAPIXEL
WHOLE_PIXELS_MAX: Final = 50 * MEGAPIXEL
"""Where the decoder holds the whole picture, at up to 15 bytes a pixel: AVIF and BMP."""

SVG_BYTES_MAX: Final = 2 * 1024 * 1024
ENDLESS_BYTES_MAX: Final = 64 * 1024 * 1024
"""A JPEG without its end mark is completed in memory."""

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
    """What an image is: upright width and height, format, dominant colour (#rrggbb), and a thumbnail (WebP)."""

    width: int
    height: int
    format: str
    colour: str
    thumbnail: bytes
