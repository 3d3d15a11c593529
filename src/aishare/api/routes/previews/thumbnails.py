"""URLs of thumbnails."""

from aishare.catalogue.content.files import File
from aishare.images.recipe import RECIPE


def thumbnail_version(file: File) -> str:
    """Identifies the content and the recipe of the thumbnail, so that its URL can be cached permanently."""
    return f"{file.object.digests.sha256.hex()[:12]}-{RECIPE}"


def thumbnail_url(file: File) -> str:
    return f"/api/files/{file.id}/thumbnail?v={thumbnail_version(file)}"
