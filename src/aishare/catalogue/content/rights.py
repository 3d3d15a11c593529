"""What shares let a user do with a file, read at each use."""

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
"""Folders per look-up, each a search in an index; paths have seldom more."""


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """A folder above the file that the user was given."""

    path: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class Right:
    """`folders` are those above the file, the outermost first; `may_write` holds for the content of the file itself."""

    may_write: bool
    folders: tuple[SharedFolder, ...]

    @property
    def may_arrange(self) -> bool:
        """Whether the file may be renamed and deleted: it lies in a folder that may be written."""
        return any(folder.may_write for folder in self.folders)

    def may_put(self, path: str) -> bool:
        """Whether a path of the owner's lies in a folder that may be written."""
        return any(folder.may_write and is_inside(path, folder.path) for folder in self.folders)

    @property
    def root(self) -> str | None:
        """The outermost folder that was shared; what lies above it is none of the user's business."""
        return self.folders[0].path if self.folders else None

    def seen(self, path: str) -> str:
        """The path as the user sees it."""
        return split_path(path)[1] if self.root is None else path_below(path, self.root)


MAY_READ: Final = Right(may_write=False, folders=())
"""What `SHARED` says: that there is a right of some kind, and so to read."""

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
"""For downloads, which need to know no more; see `shared_questions`."""


def shared_questions(user_id: str, file: File) -> Iterator[dict[str, str]]:
    """Parameters of SHARED: if none of them finds anything, nothing was shared. The second is only for deep folders."""
    folders = ancestors_of(file.path)
    for start in range(0, max(len(folders), 1), _AT_ONCE):
        some = folders[start : start + _AT_ONCE]
        some += [""] * (_AT_ONCE - len(some))  # the root, which nobody shares
        yield {
            "user_id": user_id,
            "file_id": file.id,
            "owner_id": file.owner_id,
            **{f"folder_{index}": folder for index, folder in enumerate(some)},
        }


def right_on(connection: Connection, user_id: str, file: File) -> Right | None:
    """None if nothing was shared, or the owner is disabled."""
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
