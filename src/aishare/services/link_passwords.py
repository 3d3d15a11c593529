"""Passwords of links: checked as sign-ins are, with limits for failures of the link and of the address."""

from aishare.catalogue.links import Link
from aishare.catalogue.session import Catalogue
from aishare.core.errors import WrongCredentials
from aishare.services.passwords import PasswordService
from aishare.services.sign_in_throttle import Origin, SignInThrottle


class LinkPasswordService:
    """Says whether a password opens a link."""

    def __init__(self, *, catalogue: Catalogue, passwords: PasswordService, throttle: SignInThrottle) -> None:
        self._catalogue = catalogue
        self._passwords = passwords
        self._throttle = throttle

    async def check(self, link: Link, password: str, *, origin: Origin) -> None:
        """WrongCredentials, or Throttled after too many of them."""
        await self._throttle.refuse_locked(link.id, origin)
        if link.password_hash is None or await self._passwords.verify(password, link.password_hash):
            await self._catalogue.write(lambda connection: self._throttle.clear(connection, link.id))
            return
        await self._throttle.note_failure(link.id, origin)
        raise WrongCredentials("That is not the password of the link.")
