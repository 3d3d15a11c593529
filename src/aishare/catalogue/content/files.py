"""Files: owner, path, and the object with the content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, bindparam, delete, insert, select, update

from aishare.catalogue import schema
from aishare.catalogue.content.folders import claim_path, count_in_folders
from aishare.catalogue.content.objects import OBJECT_COLUMNS, StoredObject, insert_object, mark_deleted, object_of
from aishare.catalogue.content.usage import Sums, count_usage, lock_owner
from aishare.catalogue.database.session import Lookup
from aishare.catalogue.previews import IMAGE_COLUMNS, KnownImage, image_of
from aishare.core.conditions import Version, etag_of_digest
from aishare.core.errors import Conflict
from aishare.core.natural_order import name_order, path_order
from aishare.core.paths import FilePath, split_path

_table = schema.files


@dataclass(frozen=True, slots=True)
class File:
    """A file as users see it."""

    id: str
    owner_id: str
    owner_name: str
    path: str
    name: str
    media_type: str
    kind: str
    created_at: datetime
    modified_at: datetime
    object: StoredObject
    image: KnownImage | None = None
    """What is known about the content as an image; None if it has not been examined."""

    @property
    def version(self) -> Version:
        """The version that conditional requests refer to."""
        return Version(etag_of_digest(self.object.digests.sha256), self.modified_at)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be stored. `file_id` is only used if there is no file at this path."""

    file_id: str
    owner_id: str
    path: FilePath
    media_type: str
    kind: str
    object: StoredObject


@dataclass(frozen=True, slots=True)
class PutResult:
    """The stored file, and whether it is new."""

    file: File
    created: bool


_FILE_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.id,
    _table.c.owner_id,
    schema.users.c.username,
    _table.c.path,
    _table.c.name,
    _table.c.media_type,
    _table.c.kind,
    _table.c.created_at,
    _table.c.modified_at,
)
_JOINED: Final = (
    _table.join(schema.objects)
    .join(schema.users)
    .outerjoin(schema.images, schema.images.c.sha256 == schema.objects.c.sha256)
)

SELECT_FILES: Final = select(*_FILE_COLUMNS, *OBJECT_COLUMNS, *IMAGE_COLUMNS).select_from(_JOINED)
"""Columns for `file_of`."""


def file_of(row: Sequence[Any]) -> File:
    """Builds a File from a row of SELECT_FILES."""
    first, second = len(_FILE_COLUMNS), len(_FILE_COLUMNS) + len(OBJECT_COLUMNS)
    return File(*row[:first], object_of(row[first:second]), image_of(row[second:]))  # type: ignore[call-arg]  # a slice has no length


FILE_BY_ID: Final = Lookup(SELECT_FILES.where(_table.c.id == bindparam("file_id")), file_of)


def file_by_id(connection: Connection, file_id: str) -> File | None:
    """In a transaction; outside of one, `FILE_BY_ID` is faster."""
    row = connection.execute(SELECT_FILES.where(_table.c.id == file_id)).first()
    return None if row is None else file_of(row)


FILE_BY_PATH: Final = Lookup(
    SELECT_FILES.where(_table.c.owner_id == bindparam("owner_id"), _table.c.path == bindparam("path")), file_of
)


def file_by_path(connection: Connection, owner_id: str, path: str) -> File | None:
    """In a transaction; outside of one, `FILE_BY_PATH` is faster."""
    row = connection.execute(FILE_BY_PATH.statement, {"owner_id": owner_id, "path": path}).first()
    return None if row is None else file_of(row)


def put_file(connection: Connection, new: NewFile, *, now: datetime) -> PutResult:
    """Creates the file, or gives the file at that path its new content; the old object is marked deleted.

    Conflict if a folder has that path, or if a file is in the place of one of its parent folders.
    """
    lock_owner(connection, new.owner_id)
    insert_object(connection, new.object)
    known = connection.execute(
        select(_table.c.id, _table.c.object_id, _table.c.size_bytes).where(
            _table.c.owner_id == new.owner_id, _table.c.path == new.path
        )
    ).first()
    size = new.object.digests.size_bytes
    content = {
        "media_type": new.media_type,
        "kind": new.kind,
        "size_bytes": size,
        "object_id": new.object.id,
        "modified_at": now,
    }
    if known is None:
        file_id = new.file_id
        claim_path(connection, new.owner_id, new.path, now=now)
        identity = {"id": file_id, "owner_id": new.owner_id, "created_at": now, **path_columns(new.path)}
        connection.execute(insert(_table).values(**identity, **content))
        _count(connection, new.owner_id, new.path, Sums(1, size), now=now)
    else:
        file_id = known.id
        connection.execute(update(_table).where(_table.c.id == file_id).values(**content))
        mark_deleted(connection, known.object_id, now=now)
        _count(connection, new.owner_id, new.path, Sums(0, size - known.size_bytes), now=now)
    return PutResult(_file(connection, file_id), created=known is None)


def rename_file(connection: Connection, *, file_id: str, path: FilePath, now: datetime) -> File | None:
    """None if the file is gone; Conflict if another file or a folder has that path."""
    owner_id = lock_owner_of(connection, file_id)
    known = _known(connection, file_id)
    if owner_id is None or known is None:
        return None
    if known.path != path:
        _refuse_taken(connection, owner_id, path)
        claim_path(connection, owner_id, path, now=now)
        sums = Sums(1, known.size_bytes)
        count_in_folders(connection, owner_id, known.path, -sums, now=now)
        count_in_folders(connection, owner_id, path, sums, now=now)
    changed = update(_table).where(_table.c.id == file_id).values(modified_at=now, **path_columns(path))
    connection.execute(changed)
    return _file(connection, file_id)


def delete_file(connection: Connection, *, file_id: str, now: datetime) -> bool:
    """Whether there was such a file. Its object is marked deleted in the same transaction; its folder stays."""
    owner_id = lock_owner_of(connection, file_id)
    known = _known(connection, file_id)
    if owner_id is None or known is None:
        return False
    connection.execute(delete(_table).where(_table.c.id == file_id))
    mark_deleted(connection, known.object_id, now=now)
    _count(connection, owner_id, known.path, Sums(-1, -known.size_bytes), now=now)
    return True


def lock_owner_of(connection: Connection, file_id: str) -> str | None:
    """The owner of a file, if there is one; nobody else can change this owner's files until the transaction ends."""
    owner_id: str | None = connection.execute(select(_table.c.owner_id).where(_table.c.id == file_id)).scalar()
    if owner_id is not None:
        lock_owner(connection, owner_id)
    return owner_id


def _known(connection: Connection, file_id: str) -> Row[str, str, int] | None:
    """Read after locking: before that, the file may have had another object or path, or may since have been deleted."""
    columns = (_table.c.path, _table.c.object_id, _table.c.size_bytes)
    return connection.execute(select(*columns).where(_table.c.id == file_id)).first()


def _refuse_taken(connection: Connection, owner_id: str, path: FilePath) -> None:
    taken = select(_table.c.id).where(_table.c.owner_id == owner_id, _table.c.path == path)
    if connection.execute(taken).first() is not None:
        raise Conflict("A file with this name already exists.", hint="Choose another name, or delete that file first.")


def path_columns(path: str) -> dict[str, str | bytes]:
    """All columns derived from the path of a file."""
    folder, name = split_path(path)
    return {
        "path": path,
        "path_key": path.casefold(),
        "path_order": path_order(path),
        "folder": folder,
        "name": name,
        "name_order": name_order(name),
    }


def _file(connection: Connection, file_id: str) -> File:
    return file_of(connection.execute(SELECT_FILES.where(_table.c.id == file_id)).one())


def _count(connection: Connection, owner_id: str, path: str, sums: Sums, *, now: datetime) -> None:
    count_in_folders(connection, owner_id, path, sums, now=now)
    count_usage(connection, owner_id, sums)
