"""First run: anyone who can read the console of an installation without users can create its first administrator.

The process that starts the service makes the secret of the link; its processes know the digest. It is valid until there
is an administrator, however created. Each start prints a new link.
"""

import hmac
from dataclasses import dataclass

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people import audit, users
from aishare.catalogue.people.audit import AuditEntry
from aishare.catalogue.people.users import User
from aishare.core.errors import Forbidden, NotFound
from aishare.core.ids import secret_digest
from aishare.services.people.users import NewUser, UserService


@dataclass(slots=True)
class SetupLink:
    """What this process knows of its link: a digest, or none once it is used. Kept when settings change."""

    digest: bytes | None = None


class SetupService:
    """Offers the link, and accepts it once."""

    def __init__(self, *, catalogue: Catalogue, users: UserService, link: SetupLink) -> None:
        self._catalogue = catalogue
        self._users = users
        self._link = link

    async def offer(self, digest: bytes) -> bool:
        """Accepts the link whose secret has this digest, if there are no users yet; returns whether it did."""
        if await self._users.count() > 0:
            return False
        self._link.digest = digest
        return True

    async def needed(self) -> bool:
        """Whether a link of this process is still valid."""
        if self._link.digest is None:
            return False
        if await self._catalogue.read(users.superuser_exists):
            self._link.digest = None
            return False
        return True

    async def complete(self, secret: str, *, username: str, password: str, display_name: str | None) -> User:
        """Creates the first administrator; NotFound if there is one, Forbidden if the secret is not that of the link.

        Users are locked meanwhile, so that only one of several parallel requests succeeds.
        """
        if not await self.needed() or self._link.digest is None:
            raise _done()
        if not hmac.compare_digest(secret_digest(secret), self._link.digest):
            raise Forbidden("The link is not valid.", hint="Use the newest link printed by the server.")
        new = NewUser(username, display_name=display_name, password=password, superuser=True)
        insert = await self._users.creation(new)

        def create(connection: Connection) -> User:
            users.lock_users(connection)
            if users.superuser_exists(connection):
                raise _done()
            user = insert(connection)
            entry = AuditEntry(user.created_at, "set_up", user.username, actor_id=user.id)
            audit.append_audit(connection, entry)
            return user

        user = await self._catalogue.write(create)
        self._link.digest = None
        return user


def _done() -> NotFound:
    return NotFound("aishare is already set up.", hint="Sign in instead.")
