"""The folder of a share, and whether the caller may write there."""

from dataclasses import dataclass

from aishare.catalogue.database.session import Connection
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.sharing.shares import Share, find_share
from aishare.core.errors import Forbidden, NotFound
from aishare.core.paths import FilePath, join_path
from aishare.services.content.access import reaches, reaches_folder


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A folder of a user."""

    owner_id: str
    path: str


def share_of(connection: Connection, caller: Caller, share_id: str) -> Share:
    """For its owner and the user it is shared with; NotFound for others, and for a token that cannot access it."""
    share = find_share(connection, share_id, caller.user.id)
    if not reaches_share(caller, share):
        raise NotFound("There is no such share.")
    return share


def shared_folder(share: Share) -> FolderPlace:
    """NotFound if a file is shared, not a folder."""
    if share.folder is None:
        raise NotFound("A file was shared, not a folder.")
    return FolderPlace(share.owner.id, share.folder)


def writable_place(connection: Connection, caller: Caller, share_id: str, path: FilePath) -> tuple[str, FilePath]:
    """Owner and path for a file to be stored in a shared folder; Forbidden if the caller may only read it."""
    share = share_of(connection, caller, share_id)
    place = shared_folder(share)
    if not share.may_write and share.owner.id != caller.user.id:
        raise Forbidden("The folder is shared with you as read-only.", hint="Ask its owner for write access.")
    return place.owner_id, FilePath(join_path(place.path, path))


def reaches_share(caller: Caller, share: Share) -> bool:
    """Whether the caller's token, if any, can access the shared item."""
    if share.file is not None:
        return reaches(caller, share.owner.id, share.file.path)
    return reaches_folder(caller, share.owner.id, share.folder or "")
