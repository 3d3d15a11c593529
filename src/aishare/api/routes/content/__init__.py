"""What people store: files and folders, who may do what with them, and the way of their bytes. Their JSON."""

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
