"""Two locations with one catalogue, and a migration between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from aishare.catalogue import schema
from aishare.catalogue.content.files import delete_file
from aishare.catalogue.content.objects import StoredObject, find_object
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.integrity.locations import Location, activate_location
from aishare.catalogue.people.users import User
from aishare.core.clock import utc_now
from aishare.core.ids import new_id
from aishare.services.content.storage import OpenLocation, StorageService
from aishare.services.moving.migration_steps import MigrationSteps
from aishare.services.moving.migrations import MigrationOptions, MigrationService, MigrationView
from aishare.services.moving.purge import PurgeService
from aishare.services.work.step import Step
from aishare.storage.base import BaseStorageBackend, Source
from tests.support.catalogue import make_object, make_user, put


@dataclass
class Mover:
    """Source and target over one catalogue; `shift` moves the clock."""

    catalogue: Catalogue
    user: User
    source: OpenLocation
    target: OpenLocation
    storage: StorageService
    shift: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return utc_now() + self.shift

    @property
    def service(self) -> MigrationService:
        return MigrationService(catalogue=self.catalogue, storage=self.storage, clock=self.now)

    def steps(self, owner: str | None = None) -> MigrationSteps:
        return MigrationSteps(catalogue=self.catalogue, storage=self.storage, clock=self.now, owner=owner)

    @property
    def purge(self) -> PurgeService:
        return PurgeService(catalogue=self.catalogue, storage=self.storage, clock=self.now)

    async def add(self, count: int, *, size: int = 100) -> list[StoredObject]:
        """Objects in the source, each of another content."""
        return [await self.add_one(f"{number}.txt", number.to_bytes(4, "big") * (size // 4)) for number in range(count)]

    async def add_one(self, path: str, content: bytes) -> StoredObject:
        stored = make_object(self.source.row, content)
        await self.write(self.source.backend, stored.key, content)
        await self.catalogue.write(lambda connection: put(connection, self.user, f"{stored.id}-{path}", stored))
        return stored

    async def write(self, backend: BaseStorageBackend, key: str, content: bytes) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            if content:
                yield content

        source = Source(open=pieces, rewindable=True)
        await backend.put(key, source, size=len(content), content_type="text/plain")

    async def delete(self, stored: StoredObject) -> None:
        """As a user does: the row is deleted now, the bytes later."""
        file_of = select(schema.files.c.id).where(schema.files.c.object_id == stored.id)

        def delete(connection: Connection) -> bool:
            return delete_file(connection, file_id=connection.execute(file_of).scalar_one(), now=self.now())

        assert await self.catalogue.write(delete)

    async def start(self, **options: object) -> str:
        started = await self.service.start("ada", self.source.row.id, self.target.row.id, MigrationOptions(**options))
        return started.migration.id

    async def run(self, migration_id: str, *, owner: str | None = None) -> MigrationView:
        """Steps until there is nothing more to do."""
        steps = self.steps(owner)
        while await steps.step(migration_id) is not Step.END:
            pass
        return await self.service.get(migration_id)

    async def row(self, stored: StoredObject) -> StoredObject | None:
        return await self.catalogue.read(lambda connection: find_object(connection, stored.id))

    async def content(self, stored: StoredObject) -> bytes:
        now = await self.row(stored)
        assert now is not None
        async with self.storage.read(now, None) as reader:
            return b"".join([piece async for piece in reader.pieces])


@asynccontextmanager
async def moving(catalogue: Catalogue, source: BaseStorageBackend, target: BaseStorageBackend) -> AsyncIterator[Mover]:
    user = await make_user(catalogue)
    rows = []
    for name in ("source", "target"):
        wanted = Location(new_id(), "local", name, name, "active", utc_now())
        rows.append(await catalogue.write(lambda connection, wanted=wanted: activate_location(connection, wanted)))
    old, new = OpenLocation(rows[0], source), OpenLocation(rows[1], target)
    storage = StorageService(
        active=new, readable={old.row.id: old, new.row.id: new}, catalogue=catalogue, clock=utc_now
    )
    yield Mover(catalogue, user, old, new, storage)


async def all_keys(backend: BaseStorageBackend) -> set[str]:
    return {info.key async for info in backend.scan()}
