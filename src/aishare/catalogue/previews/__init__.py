"""Tables for thumbnails and previews."""

from aishare.catalogue.previews.images import (
    IMAGE_COLUMNS,
    KnownImage,
    image_of,
)

__all__ = [
    "IMAGE_COLUMNS",
    "KnownImage",
    "image_of",
]
