"""Storage locations for administrators: list them, and remove empty ones."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.integrity import locations
from aishare.catalogue.integrity.locations import LocationContent
from aishare.catalogue.moving import copies
from aishare.catalogue.people import audit
from aishare.catalogue.people.audit import AuditEntry
from aishare.catalogue.people.users import User
from aishare.core.clock import Clock
from aishare.core.errors import BackendError, Conflict, NotFound
from aishare.services.content import StorageService


@dataclass(frozen=True, slots=True)
class LocationState:
    """A location, its contents, and whether it responds. `copies` were left behind by objects that were moved."""

    content: LocationContent
    copies: int
    copy_bytes: int
    reachable: bool
    problem: str | None
    sealed: bool
    profile: str | None


class LocationService:
    """`problems`: of locations that this process could not open, by id; a live view."""

    def __init__(
        self, *, catalogue: Catalogue, storage: StorageService, problems: Mapping[str, str], clock: Clock
    ) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._problems = problems
        self._clock = clock

    async def all(self) -> list[LocationState]:
        """Oldest first. Checks whether each responds."""

        def find(connection: Connection) -> tuple[list[LocationContent], dict[str, tuple[int, int]], dict[str, str]]:
            sealed = {row.id: "" for row, config in locations.sealed_configs(connection) if config is not None}
            return locations.list_contents(connection), copies.copies_by_location(connection), sealed

        contents, left, sealed = await self._catalogue.read(find)
        profiles = await self._catalogue.read(locations.profiles)
        problems = await asyncio.gather(*(self._problem(content) for content in contents))
        return [
            LocationState(
                content=content,
                copies=left.get(content.location.id, (0, 0))[0],
                copy_bytes=left.get(content.location.id, (0, 0))[1],
                reachable=problem is None,
                problem=problem,
                sealed=content.location.id in sealed,
                profile=profiles.get(content.location.id),
            )
            for content, problem in zip(contents, problems, strict=True)
        ]

    async def retire(self, actor: User, location_id: str) -> None:
        """Conflict unless it is empty and not in use."""

        def change(connection: Connection) -> None:
            content = next((one for one in locations.list_contents(connection) if one.location.id == location_id), None)
            if content is None:
                raise NotFound("There is no such location.")
            if content.location.state != locations.READABLE:
                raise Conflict(f"This location is {content.location.state}: only an earlier location can be retired.")
            if content.objects or copies.copies_by_location(connection).get(location_id):
                raise Conflict(
                    "This location still contains files.",
                    hint="Move them first, or wait until copies left by a migration are deleted.",
                )
            locations.retire_location(connection, location_id)
            entry = AuditEntry(
                self._clock(),
                "location_retired",
                actor.username,
                actor_id=actor.id,
                target=content.location.label,
                target_id=location_id,
            )
            audit.append_audit(connection, entry)

        await self._catalogue.write(change)

    async def _problem(self, content: LocationContent) -> str | None:
        """None if it responds."""
        if content.location.state == locations.RETIRED:
            return None
        if content.location.id in self._problems:
            return self._problems[content.location.id]
        try:
            await self._storage.ping(content.location.id)
        except BackendError as error:
            return error.message
        return None
