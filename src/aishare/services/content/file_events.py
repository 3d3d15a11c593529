"""Audit entries for changes of files and folders, written in the transaction of the change."""

from dataclasses import dataclass
from datetime import datetime

from aishare.catalogue.content.files import File, PutResult
from aishare.catalogue.content.folders import Folder
from aishare.catalogue.database.session import Connection
from aishare.catalogue.people.audit import AuditEntry, append_audit
from aishare.catalogue.people.sessions import Caller
from aishare.core.paths import split_path


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes a file. `through` is the share or link used, if it is not the user's own."""

    name: str
    user_id: str | None
    through: str | None = None

    @classmethod
    def of(cls, caller: Caller) -> "Author":
        return cls(caller.user.username, caller.user.id)


def note_upload(connection: Connection, author: Author, put: PutResult, *, now: datetime) -> None:
    """A new file, or new content of a file."""
    size = _size(put.file)
    detail = size if author.through is None else f"{size}, {author.through}"
    _note_file(connection, author, "file_uploaded" if put.created else "file_replaced", put.file, detail, now=now)


def note_rename(connection: Connection, author: Author, before: File, path: str, *, now: datetime) -> None:
    """A new name in the same folder, or another folder."""
    if path != before.path:
        _note_file(connection, author, f"file_{_movement(before.path, path)}", before, f"to {path}", now=now)


def note_delete(connection: Connection, author: Author, file: File, *, now: datetime) -> None:
    """A deleted file."""
    _note_file(connection, author, "file_deleted", file, _size(file), now=now)


def note_folder_created(
    connection: Connection, caller: Caller, path: str, *, now: datetime, owner_name: str | None = None
) -> None:
    """A folder created on its own; folders created by an upload are not recorded. `owner_name` if it is not the
    caller's.
    """
    _note_folder(connection, caller, "folder_created", path, None, now=now, owner_name=owner_name)


def note_folder_moved(connection: Connection, caller: Caller, before: Folder, path: str, *, now: datetime) -> None:
    """One entry, however many files were moved with it."""
    if path != before.path:
        action = f"folder_{_movement(before.path, path)}"
        _note_folder(connection, caller, action, before.path, f"to {path}, {_content(before)}", now=now)


def note_folder_deleted(connection: Connection, caller: Caller, folder: Folder, *, now: datetime) -> None:
    """One entry, however many files were deleted with it."""
    _note_folder(connection, caller, "folder_deleted", folder.path, _content(folder), now=now)


def _movement(before: str, after: str) -> str:
    return "renamed" if split_path(before)[0] == split_path(after)[0] else "moved"


def _content(folder: Folder) -> str:
    return f"{_count(folder.files, 'file')}, {_count(folder.bytes, 'byte')}"


def _size(file: File) -> str:
    return _count(file.object.digests.size_bytes, "byte")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _note_file(  # noqa: PLR0913 - actor, action and target
    connection: Connection, author: Author, action: str, file: File, detail: str, *, now: datetime
) -> None:
    entry = AuditEntry(
        now,
        action,
        author.name,
        actor_id=author.user_id,
        target=file.path,
        detail=detail,
        target_id=file.id,
        owner_name=file.owner_name,
    )
    append_audit(connection, entry)


def _note_folder(  # noqa: PLR0913 - the same
    connection: Connection,
    caller: Caller,
    action: str,
    path: str,
    detail: str | None,
    *,
    now: datetime,
    owner_name: str | None = None,
) -> None:
    user = caller.user
    owner_name = owner_name or user.username
    entry = AuditEntry(now, action, user.username, actor_id=user.id, target=path, detail=detail, owner_name=owner_name)
    append_audit(connection, entry)
