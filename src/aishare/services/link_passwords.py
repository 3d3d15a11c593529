"""Passwords of links: checked as sign-ins are, with a limit for failures of the link and of the address."""

from typing import Final

from aishare.catalogue import throttle
from aishare.catalogue.links import Link
from aishare.catalogue.session import Catalogue, Connection
from aishare.catalogue.throttle import Limit
from aishare.core.clock import Clock
from aishare.core.errors import Throttled, WrongCredentials
from aishare.services.passwords import PasswordService

_SUBJECT_MAX: Final = 100


class LinkPasswordService:
    """Says whether a password opens a link."""

    def __init__(self, *, catalogue: Catalogue, passwords: PasswordService, limit: Limit, clock: Clock) -> None:
        self._catalogue = catalogue
        self._passwords = passwords
        self._limit = limit
        self._clock = clock

    async def check(self, link: Link, password: str, *, address: str) -> None:
        """WrongCredentials, or Throttled after too many of them."""
        subjects = [f"link:{link.id}", f"link-address:{address[:_SUBJECT_MAX]}"]
        await self._refuse_locked(subjects)
        if link.password_hash is None or await self._passwords.verify(password, link.password_hash):
            await self._catalogue.write(lambda connection: throttle.clear(connection, subjects))
            return
        now = self._clock()

        def note(connection: Connection) -> None:
            for subject in subjects:
                throttle.record_failure(connection, subject, now=now, limit=self._limit)

        await self._catalogue.write(note)
        raise WrongCredentials("That is not the password of the link.")

    async def _refuse_locked(self, subjects: list[str]) -> None:
        now = self._clock()
        until = await self._catalogue.read(lambda connection: throttle.locked_until(connection, subjects))
        if until is not None and until > now:
            seconds = max(1, int((until - now).total_seconds()) + 1)
            raise Throttled("Too many failed attempts.", retry_after_seconds=seconds, hint="Wait before you try again.")
