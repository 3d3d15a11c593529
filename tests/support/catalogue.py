"""Rows to start from: a user, a location, files of any number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, insert, update

from aishare.catalogue import schema
from aishare.catalogue.content.files import File, NewFile, PutResult, path_columns, put_file
from aishare.catalogue.content.folders import insert_folders
from aishare.catalogue.content.objects import StoredObject, insert_object
from aishare.catalogue.content.usage import Sums, count_usage
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.integrity.locations import Location, activate_location
from aishare.catalogue.people.users import User, insert_user
from aishare.core.digests import Digester
from aishare.core.ids import new_id
from aishare.core.keys import object_key
from aishare.core.paths import ancestors_of, parse_path

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
"""With microseconds: what is stored must come back exactly."""


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def make_user(
    catalogue: Catalogue, username: str = "ada", *, demo: bool = False, superuser: bool = False
) -> User:
    return await catalogue.write(
        lambda connection: insert_user(
            connection,
            user_id=new_id(),
            username=username,
            display_name=username.title(),
            password_hash=None,
            is_superuser=superuser,
            is_demo=demo,
            now=NOW,
        )
    )


async def make_location(catalogue: Catalogue, fingerprint: str = "here") -> Location:
    wanted = Location(new_id(), "local", fingerprint, fingerprint, "active", NOW)
    return await catalogue.write(lambda connection: activate_location(connection, wanted))


def make_object(location: Location, content: bytes = b"content", *, object_id: str | None = None) -> StoredObject:
    digester = Digester()
    digester.update(content)
    object_id = object_id or new_id()
    return StoredObject(object_id, location.id, object_key(object_id), digester.result(), 1, "text/plain", NOW)


def put(
    connection: Connection, owner: User, path: str, stored: StoredObject, *, kind: str = "text", at: datetime = NOW
) -> PutResult:
    new = NewFile(new_id(), owner.id, parse_path(path), "text/plain", kind, stored)
    return put_file(connection, new, now=at)


async def make_files(catalogue: Catalogue, owner: User, location: Location, paths: Iterable[str]) -> list[File]:
    """Each is a second newer than the one before; size and content are those given for its path."""

    def insert(connection: Connection) -> list[File]:
        return [
            put(connection, owner, path, make_object(location, path.encode()), at=later(index)).file
            for index, path in enumerate(paths)
        ]

    return await catalogue.write(insert)


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


async def make_many_files(catalogue: Catalogue, owner: User, location: Location, paths: Sequence[str]) -> None:
    """Thousands in a moment, each of one byte: the rows that as many uploads of new files would leave."""
    objects = [make_object(location, b"x") for _ in paths]
    above = Counter(folder for path in paths for folder in ancestors_of(path))

    def insert_all(connection: Connection) -> None:
        for stored in objects:
            insert_object(connection, stored)
        rows = [
            {
                "id": new_id(),
                "owner_id": owner.id,
                **path_columns(path),
                "media_type": "text/plain",
                "kind": "text",
                "size_bytes": 1,
                "object_id": stored.id,
                "created_at": NOW,
                "modified_at": NOW,
            }
            for path, stored in zip(paths, objects, strict=True)
        ]
        connection.execute(insert(schema.files), rows)
        insert_folders(connection, owner.id, list(above), now=NOW)
        sums = [{"at": folder, "sum": count} for folder, count in above.items()]
        folder_of = (schema.folders.c.owner_id == owner.id) & (schema.folders.c.path == bindparam("at"))
        counted = update(schema.folders).where(folder_of).values(files=bindparam("sum"), bytes=bindparam("sum"))
        connection.execute(counted, sums)
        count_usage(connection, owner.id, Sums(len(paths), len(paths)))

    await catalogue.write(insert_all)
