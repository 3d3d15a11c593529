"""Addresses of thumbnails."""

from aishare.catalogue.content.files import File
from aishare.images.recipe import RECIPE


def thumbnail_version(file: File) -> str:
    """Names the content and the way it is drawn: an address with it may be cached for ever."""
    return f"{file.object.digests.sha256.hex()[:12]}-{RECIPE}"


def thumbnail_url(file: File) -> str:
    return f"/api/files/{file.id}/thumbnail?v={thumbnail_version(file)}"
