"""The one authorisation function. Every door asks here, at each use; nothing remembers an earlier answer."""

from enum import Enum

from aishare.catalogue.files import File
from aishare.catalogue.sessions import Caller
from aishare.core.errors import Forbidden, NotFound


class Action(Enum):
    """What may be done with a file."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"


def authorise(caller: Caller, file: File | None, action: Action) -> File:
    """The file, if it exists and the caller may; else NotFound, so that an id tells strangers nothing.

    Owners may do everything. Superusers may read and delete, for they answer for the storage, but not write into other
    people's folders.
    """
    if file is not None and _may(caller, file, action):
        return file
    raise NotFound("There is no such file.")


def require_superuser(caller: Caller) -> None:
    """For administration."""
    if not caller.user.is_superuser:
        raise Forbidden("Only administrators may do this.")


def _may(caller: Caller, file: File, action: Action) -> bool:
    if file.owner_id == caller.user.id:
        return True
    return caller.user.is_superuser and action is not Action.WRITE
