"""Integrity checks (scrubs) for administrators: start, list, cancel, and the damage found."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aishare.catalogue.content import damages
from aishare.catalogue.content.damages import DamagedFile
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.integrity import locations, scrubs
from aishare.catalogue.integrity.scrubs import COMPLETED, RUNNING, Scrub
from aishare.catalogue.people.audit import SERVICE, AuditEntry, append_audit
from aishare.core.clock import Clock
from aishare.core.errors import Conflict, InvalidInput, NotFound
from aishare.core.ids import new_id

ALL: Final = 100
"""Per cent."""

_SCHEDULE: Final = "schedule"

_ID_DIGITS: Final = "234567abcdefghijklmnopqrstuvwxyz"
"""Characters of ids, in the sort order of databases."""

_ID_LETTERS: Final = 4
"""This many characters are precise to one millionth."""


@dataclass(frozen=True, slots=True)
class ScrubOptions:
    """The percentage of objects to read, and their location; None: all locations."""

    percent: int = ALL
    location_id: str | None = None


class ScrubService:
    """Creates rows; processes find them and do the work."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def start(self, actor: str, options: ScrubOptions) -> Scrub:
        """NotFound if there is no such location."""
        if not 1 <= options.percent <= ALL:
            raise InvalidInput("percent must be a number from 1 to 100.")
        scrub = self._new(new_id(), actor, options)

        def insert(connection: Connection) -> None:
            _check_location(connection, options.location_id)
            scrubs.insert_scrub(connection, scrub)
            self._note(connection, actor, "scrub_start", scrub)

        await self._catalogue.write(insert)
        return scrub

    async def start_scheduled(self, due: datetime, *, percent: int) -> bool:
        """Whether it was started: of all processes that notice that it is due, one starts it.

        Not while the previous one is still running.
        """
        scrub = self._new(f"{_SCHEDULE}-{due.astimezone(UTC):%Y%m%dT%H%M}", _SCHEDULE, ScrubOptions(percent))

        def insert(connection: Connection) -> bool:
            known = scrubs.list_scrubs(connection)
            if any(one.id == scrub.id or (one.created_by == _SCHEDULE and one.state == RUNNING) for one in known):
                return False
            scrubs.insert_scrub(connection, scrub)
            self._note(connection, SERVICE, "scrub_start", scrub)
            return True

        try:
            return await self._catalogue.write(insert)
        except Conflict:  # the id is taken: another process was first
            return False

    async def all(self) -> list[Scrub]:
        """Newest first."""
        return await self._catalogue.read(scrubs.list_scrubs)

    async def get(self, scrub_id: str) -> Scrub:
        """NotFound if there is none."""
        return _found(await self._catalogue.read(lambda connection: scrubs.find_scrub(connection, scrub_id)))

    async def cancel(self, actor: str, scrub_id: str) -> Scrub:
        """Stops it; damage found so far is kept. Conflict if it had already ended."""
        now = self._clock()

        def change(connection: Connection) -> Scrub:
            scrub = _found(scrubs.find_scrub(connection, scrub_id))
            if not scrubs.cancel_scrub(connection, scrub_id, now=now):
                raise Conflict("This check has already ended.")
            self._note(connection, actor, "scrub_cancel", scrub)
            return _found(scrubs.find_scrub(connection, scrub_id))

        return await self._catalogue.write(change)

    async def damages(self, *, location_id: str | None = None, limit: int | None = None) -> list[DamagedFile]:
        """All known damage, by owner and path."""
        return await self._catalogue.read(
            lambda connection: damages.list_damages(connection, location_id=location_id, limit=limit)
        )

    def _new(self, scrub_id: str, actor: str, options: ScrubOptions) -> Scrub:
        return Scrub(
            id=scrub_id,
            location_id=options.location_id,
            state=RUNNING,
            percent=options.percent,
            created_by=actor,
            created_at=self._clock(),
        )

    def _note(self, connection: Connection, actor: str, action: str, scrub: Scrub) -> None:
        where = "all locations" if scrub.location_id is None else locations.label_of(connection, scrub.location_id)
        append_audit(connection, AuditEntry(self._clock(), action, actor, target=where, target_id=scrub.id))


def progress_of(scrub: Scrub) -> float:
    """From 0 to 1. Ids are random and handled in order, so the last one shows the share that is done."""
    if scrub.state == COMPLETED:
        return 1.0
    digits = (
        max(_ID_DIGITS.find(letter), 0) for letter in scrub.cursor[:_ID_LETTERS].ljust(_ID_LETTERS, _ID_DIGITS[0])
    )
    place = 0
    for digit in digits:
        place = place * len(_ID_DIGITS) + digit
    return float(place / len(_ID_DIGITS) ** _ID_LETTERS)


def _check_location(connection: Connection, location_id: str | None) -> None:
    known = {row.id for row, _ in locations.sealed_configs(connection)}
    if location_id is not None and location_id not in known:
        raise NotFound("There is no such location.", hint="Run `aishare storage info` to list them.")


def _found(scrub: Scrub | None) -> Scrub:
    if scrub is None:
        raise NotFound("There is no such check.")
    return scrub
