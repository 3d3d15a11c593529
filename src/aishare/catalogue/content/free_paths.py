"""A free path for a file that must not replace another: its own name, or with a number added."""

from pathlib import PurePosixPath
from typing import Final

from sqlalchemy import Connection, select, union_all

from aishare.catalogue import schema
from aishare.core.ids import new_id
from aishare.core.paths import MAX_SEGMENT_BYTES, FilePath, join_path, parse_path

_NUMBERED: Final = 200
"""Up to this many copies of a name are numbered in order; later ones get a random number, which is faster than a long
search.
"""


def free_path(connection: Connection, owner_id: str, folder: str, name: str) -> FilePath:
    """Needs the owner's lock, so that the path is still free when the file is created."""
    numbered = (_with_mark(name, str(number)) for number in range(2, _NUMBERED + 1))
    candidates = [join_path(folder, candidate) for candidate in (name, *numbered)]
    taken = _taken(connection, owner_id, candidates)
    for candidate in candidates:
        if candidate not in taken:
            return parse_path(candidate)
    return parse_path(join_path(folder, _with_mark(name, new_id())))


def _with_mark(name: str, mark: str) -> str:
    """`data.csv` becomes `data (2).csv`; a name that is too long is shortened."""
    path = PurePosixPath(name)
    ending = f" ({mark}){path.suffix}"
    stem = path.stem.encode()[: MAX_SEGMENT_BYTES - len(ending.encode())]
    return stem.decode(errors="ignore") + ending


def _taken(connection: Connection, owner_id: str, candidates: list[str]) -> set[str]:
    """Paths that are already used by files or folders."""
    found = [
        select(table.c.path).where(table.c.owner_id == owner_id, table.c.path.in_(candidates))
        for table in (schema.files, schema.folders)
    ]
    return set(connection.execute(union_all(*found)).scalars())
