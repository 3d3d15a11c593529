"""Which files are images, according to settings and names. Everything here is about names and types; nothing is
decoded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from aishare.core.sizes import MiB

_TYPES: Final = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "avif": "image/avif",
}
"""By the names in SUPPORTED_IMAGE_TYPES; all formats that the child process can read."""

READABLE: Final = frozenset(_TYPES.values())


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown as an image: these media types, up to this size; nothing if thumbnails are turned off."""

    types: frozenset[str]
    max_bytes: int

    def problem(self, media_type: str, size_bytes: int) -> str | None:
        """Why such a file has no thumbnail, as far as this is known without opening it."""
        if not self.types:
            return "Thumbnails are turned off."
        if media_type not in self.types:
            return "This is not an image of a supported type."
        if size_bytes > self.max_bytes:
            return f"The image is larger than {self.max_bytes // MiB} MiB."
        return None


def shown(*, enabled: bool, suffixes: Iterable[str], max_bytes: int) -> Shown:
    """From the settings; unsupported names are ignored."""
    types = (_TYPES.get(suffix.lower()) for suffix in suffixes) if enabled else ()
    return Shown(frozenset(found for found in types if found), max_bytes)
