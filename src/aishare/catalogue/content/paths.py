"""What exists at given paths, for many paths at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aishare.catalogue import schema

_files = schema.files
_folders = schema.folders


@dataclass(frozen=True, slots=True)
class Occupied:
    """A path that is taken. For a folder, `sha256` and `size_bytes` are None."""

    path: str
    modified_at: datetime
    size_bytes: int | None = None
    sha256: bytes | None = None


def occupied_paths(connection: Connection, owner_id: str, paths: Sequence[str]) -> list[Occupied]:
    """Those of `paths` at which there is a file or a folder."""
    files = (
        select(_files.c.path, _files.c.modified_at, _files.c.size_bytes, schema.objects.c.sha256)
        .select_from(_files.join(schema.objects))
        .where(_files.c.owner_id == owner_id, _files.c.path.in_(paths))
    )
    folders = select(_folders.c.path, _folders.c.modified_at).where(
        _folders.c.owner_id == owner_id, _folders.c.path.in_(paths)
    )
    return [Occupied(*row) for statement in (files, folders) for row in connection.execute(statement)]
