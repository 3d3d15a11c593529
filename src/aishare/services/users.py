"""Users: who exists, who may sign in, and who is offered on the login page of a demonstration."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aishare.catalogue import audit, throttle, users
from aishare.catalogue.audit import AuditEntry
from aishare.catalogue.session import Catalogue, Connection
from aishare.catalogue.users import User
from aishare.core.clock import Clock
from aishare.core.errors import InvalidInput, NotFound, Throttled, WrongCredentials
from aishare.core.ids import new_id
from aishare.services.passwords import PasswordService

_USERNAME: Final = re.compile(r"[\w](?:[\w.@+-]{0,62}[\w])?")


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is needed to create a user. Without a password nobody can sign in with one."""

    username: str
    display_name: str | None = None
    password: str | None = None
    superuser: bool = False
    demo: bool = False


class UserService:
    """Creates, disables and recognises users."""

    def __init__(
        self, *, catalogue: Catalogue, passwords: PasswordService, limit: throttle.Limit, clock: Clock
    ) -> None:
        self._catalogue = catalogue
        self._passwords = passwords
        self._limit = limit
        self._clock = clock

    async def create(self, new: NewUser) -> User:
        """Conflict if the name is taken, in whatever case."""
        username = parse_username(new.username)
        password_hash = None if new.password is None else await self._passwords.hash(new.password)
        now = self._clock()
        return await self._catalogue.write(
            lambda connection: users.insert_user(
                connection,
                user_id=new_id(),
                username=username,
                display_name=(new.display_name or username).strip()[:200],
                password_hash=password_hash,
                is_superuser=new.superuser,
                is_demo=new.demo,
                now=now,
            )
        )

    async def disable(self, username: str) -> User:
        """From the next request on nothing of this user is accepted: sessions, tokens, password."""
        now = self._clock()
        known = await self._catalogue.read(lambda connection: users.user_by_name(connection, username))
        if known is None:
            raise NotFound(f"There is no user {username!r}.")
        await self._catalogue.write(lambda connection: users.set_disabled(connection, known.user.id, disabled_at=now))
        return known.user

    async def by_name(self, username: str) -> User:
        """NotFound if there is none."""
        known = await self._catalogue.read(lambda connection: users.user_by_name(connection, username))
        if known is None:
            raise NotFound(f"There is no user {username!r}.", hint="aishare user create makes one.")
        return known.user

    async def count(self) -> int:
        """How many users there are."""
        return await self._catalogue.read(users.count_users)

    async def sign_in(self, username: str, password: str, *, address: str) -> User:
        """The user; WrongCredentials for every kind of failure, Throttled after too many.

        The same work is done for unknown names, so that time tells nothing either.
        """
        subjects = _subjects(username, address)
        await self._refuse_locked(subjects)
        known = await self._catalogue.read(lambda connection: users.user_by_name(connection, username))
        fits = await self._passwords.verify(password, known.password_hash if known else None)
        if known is None or not fits or known.user.disabled_at is not None:
            await self._note_failure(subjects, username=username, address=address)
            raise WrongCredentials("User name or password is wrong.")
        await self._catalogue.write(lambda connection: throttle.clear(connection, subjects))
        return known.user

    async def demo_users(self, *, include_superusers: bool) -> list[User]:
        """Enabled users flagged as demo, read afresh."""
        return await self._catalogue.read(
            lambda connection: users.list_demo_users(connection, include_superusers=include_superusers)
        )

    async def demo_sign_in(self, username: str, *, include_superusers: bool) -> User:
        """One of `demo_users`, and nobody else."""
        offered = await self.demo_users(include_superusers=include_superusers)
        for user in offered:
            if user.username == username:
                return user
        raise NotFound("There is no such demo user.")

    async def _refuse_locked(self, subjects: list[str]) -> None:
        now = self._clock()
        locked_until = await self._catalogue.read(lambda connection: throttle.locked_until(connection, subjects))
        if locked_until is not None and locked_until > now:
            raise Throttled(
                "Too many failed attempts.",
                retry_after_seconds=_seconds_until(locked_until, now),
                hint="Wait before you try again.",
            )

    async def _note_failure(self, subjects: list[str], *, username: str, address: str) -> None:
        now = self._clock()

        def note(connection: Connection) -> None:
            for subject in subjects:
                throttle.record_failure(connection, subject, now=now, limit=self._limit)
            audit.append_audit(connection, AuditEntry(now, "sign_in_failed", username[:100], address=address))

        await self._catalogue.write(note)


def parse_username(text: str) -> str:
    """Letters, digits and . _ @ + - inside; at most 64 characters."""
    name = unicodedata.normalize("NFKC", text)
    if not _USERNAME.fullmatch(name):
        raise InvalidInput(
            "Not a user name.", hint="Take 1 to 64 letters and digits; . _ @ + and - may stand between them."
        )
    return name


def _subjects(username: str, address: str) -> list[str]:
    """What failures are counted for: the account (case folded, cut to a bounded size) and where they come from."""
    return [f"user:{unicodedata.normalize('NFKC', username).casefold()[:100]}", f"address:{address[:100]}"]


def _seconds_until(moment: datetime, now: datetime) -> int:
    return max(1, int((moment - now).total_seconds()) + 1)
