"""Link passwords: checked like sign-ins, with limits on failures per link and per address."""

from aishare.catalogue.sharing.links import Link
from aishare.core.errors import WrongCredentials
from aishare.services.people import AttemptOrigin, PasswordService, SignInThrottle


class LinkPasswordService:
    """Checks whether a password opens a link."""

    def __init__(self, *, passwords: PasswordService, throttle: SignInThrottle) -> None:
        self._passwords = passwords
        self._throttle = throttle

    async def check(self, link: Link, password: str, *, origin: AttemptOrigin) -> None:
        """Raises WrongCredentials, or Throttled after too many failures."""
        if link.password_hash is None:
            return
        async with self._throttle.attempt(link.id, origin):
            if not await self._passwords.verify(password, link.password_hash):
                raise WrongCredentials("The link password is wrong.")
