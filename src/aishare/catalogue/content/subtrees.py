"""A folder with everything below it, moved or deleted in one transaction.

The subtree is found from parent to child, each step an index lookup of exact texts: no pattern that a name with `%`,
`_` or another case could match, and nothing that depends on the collation of the database.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Text,
    case,
    cast,
    delete,
    func,
    literal,
    select,
    update,
)

from aishare.catalogue import schema
from aishare.catalogue.content.folders import Folder, claim_folder_path, count_in_folders, name_columns, require_folder
from aishare.catalogue.content.usage import Sums, count_usage, lock_owner
from aishare.core.errors import InvalidInput, InvalidPath
from aishare.core.natural_order import PATH_BYTES, path_order
from aishare.core.paths import MAX_PATH_BYTES, FilePath, split_path

_folders: Final = schema.folders
_files: Final = schema.files
_objects: Final = schema.objects
_shares: Final = schema.shares
_links: Final = schema.links
_tokens: Final = schema.api_tokens


def move_folder(connection: Connection, owner_id: str, path: FilePath, new_path: FilePath, *, now: datetime) -> Folder:
    """Conflict if the new path is taken; InvalidInput if it is inside the folder itself. The files keep their
    modification time: only their path changes.
    """
    lock_owner(connection, owner_id)
    folder = require_folder(connection, owner_id, path)
    if path == new_path:
        return folder
    if new_path.startswith(f"{path}/"):
        raise InvalidInput("A folder cannot be moved into itself.", hint="Choose a folder outside it.")
    _refuse_too_long(connection, owner_id, path, new_path)
    claim_folder_path(connection, owner_id, new_path, now=now)
    sums = Sums(folder.files, folder.bytes)
    count_in_folders(connection, owner_id, path, -sums, now=now)
    _rewrite(connection, owner_id, path, new_path)
    count_in_folders(connection, owner_id, new_path, sums, now=now)
    return require_folder(connection, owner_id, new_path)


def delete_folder(connection: Connection, owner_id: str, path: FilePath, *, now: datetime) -> int:
    """The number of files deleted with it. Their objects are marked deleted in the same transaction."""
    lock_owner(connection, owner_id)
    folder = require_folder(connection, owner_id, path)
    inside = _inside(owner_id, path)
    doomed = select(_files.c.object_id).where(inside)
    connection.execute(update(_objects).where(_objects.c.id.in_(doomed)).values(deleted_at=now))
    connection.execute(delete(_files).where(inside))
    _end_sharing(connection, owner_id, path)
    connection.execute(delete(_folders).where(_whole(owner_id, path)))
    gone = Sums(folder.files, folder.bytes)
    count_in_folders(connection, owner_id, path, -gone, now=now)
    count_usage(connection, owner_id, -gone)
    return folder.files


def _subtree(owner_id: str, path: str) -> Select[tuple[str]]:
    """The paths of a folder and of all folders below it."""
    top = select(_folders.c.path).where(_folders.c.owner_id == owner_id, _folders.c.path == path)
    tree = top.cte("subtree", recursive=True)
    below = select(_folders.c.path).where(_folders.c.owner_id == owner_id, _folders.c.parent == tree.c.path)
    return select(tree.union_all(below).c.path)


def _whole(owner_id: str, path: str) -> ColumnElement[bool]:
    """The rows of a folder and of all folders below it."""
    return (_folders.c.owner_id == owner_id) & _folders.c.path.in_(_subtree(owner_id, path))


def _inside(owner_id: str, path: str) -> ColumnElement[bool]:
    """The rows of all files below a folder."""
    return (_files.c.owner_id == owner_id) & _files.c.folder.in_(_subtree(owner_id, path))


def _rewrite(connection: Connection, owner_id: str, path: FilePath, new_path: FilePath) -> None:
    """Folders are updated last, because the others are found through them. Case folding works on single characters, so
    the start of a search key changes exactly as the path does.
    """
    cut = _cut_orders(connection, owner_id, path)
    connection.execute(
        update(_files)
        .where(_inside(owner_id, path))
        .values(
            path=_moved(_files.c.path, path, new_path),
            folder=_moved(_files.c.folder, path, new_path),
            path_key=_moved(_files.c.path_key, path.casefold(), new_path.casefold()),
            path_order=_moved_order(path_order(path), path_order(new_path)),
        )
    )
    _order_again(connection, cut)
    for table, owner in ((_shares, _shares.c.owner_id), (_links, _links.c.owner_id), (_tokens, _tokens.c.user_id)):
        given = (owner == owner_id) & table.c.folder.in_(_subtree(owner_id, path))
        connection.execute(update(table).where(given).values(folder=_moved(table.c.folder, path, new_path)))
    parent, name = split_path(new_path)
    top = _folders.c.path == path
    connection.execute(
        update(_folders)
        .where(_whole(owner_id, path))
        .values(
            path=_moved(_folders.c.path, path, new_path),
            path_key=_moved(_folders.c.path_key, path.casefold(), new_path.casefold()),
            parent=case((top, parent), else_=_moved(_folders.c.parent, path, new_path)),
            **{key: case((top, value), else_=_folders.c[key]) for key, value in name_columns(name).items()},
        )
    )


def _end_sharing(connection: Connection, owner_id: str, path: FilePath) -> None:
    """Links are kept for their log but no longer work: a new folder with the same name is a different folder."""
    gone = _subtree(owner_id, path)
    connection.execute(delete(_shares).where(_shares.c.owner_id == owner_id, _shares.c.folder.in_(gone)))
    connection.execute(
        update(_links).where(_links.c.owner_id == owner_id, _links.c.folder.in_(gone)).values(folder=None)
    )


def _moved(column: Column[str], path: str, new_path: str) -> ColumnElement[str]:
    return literal(new_path, Text) + func.substr(column, len(path) + 1)


def _moved_order(order: bytes, new_order: bytes) -> ColumnElement[bytes]:
    """The sort key of a folder's contents starts with the folder's own key. SQLite turns joined bytes into text, so
    they are converted back.
    """
    rest = func.substr(_files.c.path_order, len(order) + 1)
    joined = cast(literal(new_order, LargeBinary).op("||")(rest), LargeBinary)
    return func.substr(joined, 1, PATH_BYTES, type_=LargeBinary)


def _cut_orders(connection: Connection, owner_id: str, path: FilePath) -> list[str]:
    """The ids of files whose paths are too long for their full sort key."""
    cut = func.length(_files.c.path_order) >= PATH_BYTES
    return list(connection.execute(select(_files.c.id).where(_inside(owner_id, path), cut)).scalars())


def _order_again(connection: Connection, file_ids: list[str]) -> None:
    for file_id in file_ids:
        one = _files.c.id == file_id
        path = connection.execute(select(_files.c.path).where(one)).scalar_one()
        connection.execute(update(_files).where(one).values(path_order=path_order(path)))


def _refuse_too_long(connection: Connection, owner_id: str, path: FilePath, new_path: FilePath) -> None:
    growth = _size(new_path) - _size(path)
    if growth <= 0:
        return
    for column, inside in ((_files.c.path, _inside(owner_id, path)), (_folders.c.path, _whole(owner_id, path))):
        # A character has at most four bytes: in most trees this finds nothing, and nothing has to be encoded.
        suspects = select(column).where(inside, func.length(column) * 4 > MAX_PATH_BYTES - growth)
        if any(_size(suspect) + growth > MAX_PATH_BYTES for suspect in connection.execute(suspects).scalars()):
            raise InvalidPath(f"A path in the folder would be longer than {MAX_PATH_BYTES} bytes.")


def _size(path: str) -> int:
    return len(path.encode())
