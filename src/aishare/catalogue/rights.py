"""What shares let a user do with a file, read at each use."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from aishare.catalogue import schema
from aishare.catalogue.files import File
from aishare.core.paths import ancestors_of, is_inside, path_below, split_path

_table = schema.shares
_users = schema.users


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
