"""Tables for files, folders and objects, and queries about permissions."""

from aishare.catalogue.content.damages import (
    clear_damages,
    is_damaged,
)
from aishare.catalogue.content.files import (
    SELECT_FILES,
    File,
    file_of,
)
from aishare.catalogue.content.folders import (
    require_folder,
)
from aishare.catalogue.content.objects import (
    OBJECT_COLUMNS,
    Move,
    StoredObject,
    object_of,
    switch_objects,
)
from aishare.catalogue.content.usage import (
    lock_owner,
)

__all__ = [
    "OBJECT_COLUMNS",
    "SELECT_FILES",
    "File",
    "Move",
    "StoredObject",
    "clear_damages",
    "file_of",
    "is_damaged",
    "lock_owner",
    "object_of",
    "require_folder",
    "switch_objects",
]
