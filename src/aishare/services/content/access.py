"""Authorisation: one function that every request goes through; no earlier decision is reused."""

from dataclasses import replace
from enum import Enum

from aishare.catalogue.content.files import File, file_by_id
from aishare.catalogue.content.rights import Right, right_on
from aishare.catalogue.database.session import Connection
from aishare.catalogue.people.sessions import Caller
from aishare.core.errors import Forbidden, MissingScope, NotFound, OutsideFolder
from aishare.core.paths import is_inside


class Action(Enum):
    """What may be done with a file."""

    READ = "read"
    WRITE = "write"
    """Give it other content."""
    MOVE = "move"
    """Give it another name or folder."""
    DELETE = "delete"
    SHARE = "share"
    """Let others at it, by a share or a link."""


def authorise(caller: Caller, file: File | None, action: Action, right: Right | None = None) -> File:
    """The file, if it exists and the caller may; else NotFound, so that an id tells strangers nothing.

    Owners may do everything. Superusers may read and delete, for they answer for the storage, but not write into other
    people's folders. Others may what shares let them: `right`, read again at each use. Who may look but not do this is
    told so (Forbidden). For a token that was made for a folder there is nothing else.
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
    """Whether shares have a say: a look-up that the files of one's own do not need."""
    return file is not None and action is not Action.SHARE and not _may(caller, file, action)


def authorised_file(connection: Connection, caller: Caller, file_id: str, action: Action) -> tuple[File, Right | None]:
    """`authorise` in the transaction of a change, so that what was allowed still is when it happens."""
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
    """For what a token must have been made for; None: no scope is enough, it must have been made for everything."""
    if scope is None and caller.scopes is not None:
        raise MissingScope(
            "A token with scopes cannot do this.", scope=None, hint="Sign in, or use a token without scopes."
        )
    if scope is not None and not caller.has_scope(scope):
        raise MissingScope(
            f'The token does not have the scope "{scope}".', scope=scope, hint=f'Use a token with the scope "{scope}".'
        )


def reaches(caller: Caller, owner_id: str, path: str) -> bool:
    """Whether a path of this owner's is within reach of the caller's token: that for a folder sees what lies below."""
    return caller.folder is None or (owner_id == caller.user.id and is_inside(path, caller.folder))


def reaches_folder(caller: Caller, owner_id: str, path: str) -> bool:
    """The same for what begins with a folder, which may be that of the token itself."""
    return (path == caller.folder and owner_id == caller.user.id) or reaches(caller, owner_id, path)


def require_reach(caller: Caller, owner_id: str, path: str) -> None:
    """For where something is to be put."""
    if not reaches(caller, owner_id, path):
        raise OutsideFolder(
            f'The token is limited to the folder "{caller.folder}".', hint="Choose a path in that folder."
        )


def seen(file: File, right: Right | None) -> File:
    """With the path that the caller sees: what is shared begins with the folder that was shared."""
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
