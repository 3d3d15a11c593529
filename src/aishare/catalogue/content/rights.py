"""What shares allow a user to do with a file, read for each request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from aishare.catalogue import schema
from aishare.catalogue.content.files import File
from aishare.catalogue.database.session import Lookup
from aishare.core.paths import ancestors_of, is_inside, path_below, split_path

_table = schema.shares
_users = schema.users

_AT_ONCE: Final = 16
"""Folders per query, each an index search; paths are rarely deeper."""


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """A folder above the file that is shared with the user."""

    path: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class Right:
    """`folders` are the shared folders above the file, outermost first; `may_write` is the permission for the file
    itself.
    """

    may_write: bool
    folders: tuple[SharedFolder, ...]

    @property
    def may_arrange(self) -> bool:
        """Whether the file can be renamed and deleted: it is in a folder shared with write access."""
        return any(folder.may_write for folder in self.folders)

    def may_put(self, path: str) -> bool:
        """Whether a path of the owner is in a folder shared with write access."""
        return any(folder.may_write and is_inside(path, folder.path) for folder in self.folders)

    @property
    def root(self) -> str | None:
        """The outermost shared folder; the user cannot see anything above it."""
        return self.folders[0].path if self.folders else None

    def seen(self, path: str) -> str:
        """The path as the user sees it."""
        return split_path(path)[1] if self.root is None else path_below(path, self.root)


MAY_READ: Final = Right(may_write=False, folders=())
"""The value of `SHARED`: there is a share of some kind, so the user may at least read."""

_OF_FILE: Final = select(_table.c.owner_id).where(
    _table.c.file_id == bindparam("file_id"), _table.c.user_id == bindparam("user_id")
)
_OF_FOLDER: Final = select(_table.c.owner_id).where(
    _table.c.owner_id == bindparam("owner_id"),
    _table.c.folder.in_([bindparam(f"folder_{index}") for index in range(_AT_ONCE)]),
    _table.c.user_id == bindparam("user_id"),
)

SHARED: Final = Lookup(
    select(_users.c.id).where(_users.c.id.in_(_OF_FILE.union_all(_OF_FOLDER)), _users.c.disabled_at.is_(None)),
    lambda _: MAY_READ,
)
"""For downloads, which need no more than this; see `shared_questions`."""


def shared_questions(user_id: str, file: File) -> Iterator[dict[str, str]]:
    """Parameters of SHARED: if none of the queries finds anything, nothing is shared. The second is only for deep
    folders.
    """
    folders = ancestors_of(file.path)
    for start in range(0, max(len(folders), 1), _AT_ONCE):
        some = folders[start : start + _AT_ONCE]
        some += [""] * (_AT_ONCE - len(some))  # the root cannot be shared
        yield {
            "user_id": user_id,
            "file_id": file.id,
            "owner_id": file.owner_id,
            **{f"folder_{index}": folder for index, folder in enumerate(some)},
        }


def right_on(connection: Connection, user_id: str, file: File) -> Right | None:
    """None if nothing is shared, or if the owner is disabled."""
    of_folder = (_table.c.owner_id == file.owner_id) & _table.c.folder.in_(ancestors_of(file.path))
    statement = (
        select(_table.c.folder, _table.c.may_write)
        .join(_users, _users.c.id == _table.c.owner_id)
        .where(
            _table.c.user_id == user_id,
            (_table.c.file_id == file.id) | of_folder,
            _users.c.disabled_at.is_(None),
        )
    )
    rows = [(row.folder, bool(row.may_write)) for row in connection.execute(statement)]
    return _right(rows) if rows else None


def _right(rows: Sequence[tuple[str | None, bool]]) -> Right:
    folders = sorted((folder, may_write) for folder, may_write in rows if folder is not None)
    return Right(
        may_write=any(may_write for _, may_write in rows),
        folders=tuple(SharedFolder(folder, may_write) for folder, may_write in folders),
    )
