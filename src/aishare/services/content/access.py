"""Authorisation: one function that every request goes through; earlier decisions are never reused."""

from dataclasses import replace
from enum import Enum

from aishare.catalogue.content.files import File, file_by_id
from aishare.catalogue.content.rights import Right, right_on
from aishare.catalogue.database.session import Connection
from aishare.catalogue.people.sessions import Caller
from aishare.core.errors import Forbidden, MissingScope, NotFound, OutsideFolder
from aishare.core.paths import is_inside


class Action(Enum):
    """What can be done with a file."""

    READ = "read"
    WRITE = "write"
    """Replace its content."""
    MOVE = "move"
    """Rename or move it."""
    DELETE = "delete"
    SHARE = "share"
    """Give others access with a share or a link."""


def authorise(caller: Caller, file: File | None, action: Action, right: Right | None = None) -> File:
    """The file, if it exists and the caller is allowed to access it; otherwise NotFound, so that ids reveal nothing to
    strangers.

    Owners may do everything. Administrators may read and delete, because they are responsible for the storage, but not
    write to other users' folders. Others may do what shares allow: `right`, read for each request. A user who may read
    but not do this gets Forbidden. A token limited to a folder cannot see anything outside it.
    """
    if file is not None and reaches(caller, file.owner_id, file.path):
        if _may(caller, file, action) or (right is not None and _lets(right, action)):
            return file
        if right is not None:
            raise Forbidden(
                "It was shared with you, but without permission for this.", hint="Ask its owner for permission."
            )
    raise NotFound("There is no such file.")


def needs_right(caller: Caller, file: File | None, action: Action) -> bool:
    """Whether shares must be looked up, which the user's own files do not need."""
    return file is not None and action is not Action.SHARE and not _may(caller, file, action)


def authorised_file(connection: Connection, caller: Caller, file_id: str, action: Action) -> tuple[File, Right | None]:
    """`authorise` in the transaction of the change, so that the permission still applies when it happens."""
    file = file_by_id(connection, file_id)
    right = None
    if file is not None and needs_right(caller, file, action):
        right = right_on(connection, caller.user.id, file)
    return authorise(caller, file, action, right), right


def require_superuser(caller: Caller) -> None:
    """For administration."""
    if not caller.administers:
        raise Forbidden("Only administrators can do this.")


def require_scope(caller: Caller, scope: str | None) -> None:
    """The scope that a token needs; None: no scope is sufficient, the token must have no limits."""
    if scope is None and caller.scopes is not None:
        raise MissingScope(
            "A token with scopes cannot do this.", scope=None, hint="Sign in, or use a token without scopes."
        )
    if scope is not None and not caller.has_scope(scope):
        raise MissingScope(
            f'The token does not have the scope "{scope}".', scope=scope, hint=f'Use a token with the scope "{scope}".'
        )


def reaches(caller: Caller, owner_id: str, path: str) -> bool:
    """Whether the caller's token can access a path of this owner: a token for a folder can access
    everything below it.
    """
    return caller.folder is None or (owner_id == caller.user.id and is_inside(path, caller.folder))


def reaches_folder(caller: Caller, owner_id: str, path: str) -> bool:
    """The same for a folder, which may be the token's own folder."""
    return (path == caller.folder and owner_id == caller.user.id) or reaches(caller, owner_id, path)


def require_reach(caller: Caller, owner_id: str, path: str) -> None:
    """For places where something will be stored."""
    if not reaches(caller, owner_id, path):
        raise OutsideFolder(
            f'The token is limited to the folder "{caller.folder}".', hint="Choose a path in that folder."
        )


def seen(file: File, right: Right | None) -> File:
    """With the path that the caller sees: paths in shares begin at the shared folder."""
    return file if right is None else replace(file, path=right.seen(file.path))


def _may(caller: Caller, file: File, action: Action) -> bool:
    if file.owner_id == caller.user.id:
        return True
    return caller.administers and action in {Action.READ, Action.DELETE}


def _lets(right: Right, action: Action) -> bool:
    if action is Action.WRITE:
        return right.may_write
    if action in {Action.MOVE, Action.DELETE}:
        return right.may_arrange
    return action is Action.READ
