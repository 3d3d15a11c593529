"""Files and folders, permissions, and how content is transferred."""

from aishare.services.content.access import (
    Action,
    authorise,
    reaches,
    reaches_folder,
)
from aishare.services.content.delivery import (
    Representation,
)
from aishare.services.content.file_events import (
    Author,
)
from aishare.services.content.files import (
    FileService,
)
from aishare.services.content.shared_places import (
    reaches_share,
    share_of,
    shared_folder,
)
from aishare.services.content.storage import (
    OpenLocation,
    Status,
    StorageService,
)
from aishare.services.content.uploads import (
    UploadService,
)

__all__ = [
    "Action",
    "Author",
    "FileService",
    "OpenLocation",
    "Representation",
    "Status",
    "StorageService",
    "UploadService",
    "authorise",
    "reaches",
    "reaches_folder",
    "reaches_share",
    "share_of",
    "shared_folder",
]
