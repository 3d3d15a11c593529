"""JSON routes for thumbnails and previews."""

from aishare.api.routes.previews.thumbnails import (
    thumbnail_url,
    thumbnail_version,
)

__all__ = [
    "thumbnail_url",
    "thumbnail_version",
]
