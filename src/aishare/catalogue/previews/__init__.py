"""Thumbnails and previews. Their rows."""

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
