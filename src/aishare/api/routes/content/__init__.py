"""JSON routes for files and folders, and for permissions and transfers."""

from aishare.api.routes.content.files import (
    FileJson,
    ImageJson,
    Kind,
    Sort,
    file_json,
    has_thumbnail,
    image_json,
)
from aishare.api.routes.content.folders import (
    NewFolderBody,
)

__all__ = [
    "FileJson",
    "ImageJson",
    "Kind",
    "NewFolderBody",
    "Sort",
    "file_json",
    "has_thumbnail",
    "image_json",
]
