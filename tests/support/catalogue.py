"""Rows to start from: a user, a location, files of any number."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from aishare.catalogue.files import File, NewFile, PutResult, put_file
from aishare.catalogue.locations import Location, activate_location
from aishare.catalogue.objects import StoredObject
from aishare.catalogue.session import Catalogue
from aishare.catalogue.users import User, insert_user
from aishare.core.digests import Digester
from aishare.core.ids import new_id
from aishare.core.keys import object_key
from aishare.core.paths import parse_path

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
    """Each a second younger than the one before, its size and content its path's."""

    def insert(connection: Connection) -> list[File]:
        return [
            put(connection, owner, path, make_object(location, path.encode()), at=later(index)).file
            for index, path in enumerate(paths)
        ]

    return await catalogue.write(insert)


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
