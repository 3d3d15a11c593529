"""Users: accounts, signing in, and the demo users of the sign-in page."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people import audit, sessions, users
from aishare.catalogue.people.audit import COMMAND_LINE, AuditEntry
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.people.users import Person, User
from aishare.core.clock import Clock
from aishare.core.errors import InvalidInput, NotFound, WrongCredentials
from aishare.core.ids import new_id
from aishare.services.people.passwords import PasswordService, check_password
from aishare.services.people.sign_in_throttle import AttemptOrigin, SignInThrottle

_USERNAME: Final = re.compile(r"[\w](?:[\w.@+-]{0,62}[\w])?")

_MAX_DISPLAY_NAME: Final = 200

_SEARCH_LIMIT: Final = 10


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is needed to create a user. Without a password, nobody can sign in with one."""

    username: str
    display_name: str | None = None
    password: str | None = None
    superuser: bool = False
    demo: bool = False


class UserService:
    """Creates, disables and recognises users."""

    def __init__(
        self, *, catalogue: Catalogue, passwords: PasswordService, throttle: SignInThrottle, clock: Clock
    ) -> None:
        self._catalogue = catalogue
        self._passwords = passwords
        self._throttle = throttle
        self._clock = clock

    async def create(self, new: NewUser) -> User:
        """For commands. Conflict if the name is taken, ignoring case."""
        insert, now = await self.creation(new), self._clock()

        def create(connection: Connection) -> User:
            user = insert(connection)
            _note_command(connection, "user_created", user, now=now)
            return user

        return await self._catalogue.write(create)

    async def creation(self, new: NewUser) -> Callable[[Connection], User]:
        """Checks and hashes immediately; the returned change is for a transaction of the caller."""
        username = parse_username(new.username)
        display_name = username if not new.display_name else parse_display_name(new.display_name)
        password_hash = None if new.password is None else await self._passwords.hash(new.password)
        return partial(
            users.insert_user,
            user_id=new_id(),
            username=username,
            display_name=display_name,
            password_hash=password_hash,
            is_superuser=new.superuser,
            is_demo=new.demo,
            now=self._clock(),
        )

    async def disable(self, username: str) -> User:
        """From the next request on, sessions, tokens and password of this user are refused."""
        now = self._clock()
        known = await self._catalogue.read(lambda connection: users.user_by_name(connection, username))
        if known is None:
            raise NotFound(f"There is no user {username!r}.")

        def change(connection: Connection) -> None:
            users.set_disabled(connection, known.user.id, disabled_at=now)
            _note_command(connection, "user_changed", known.user, now=now, detail="disabled")

        await self._catalogue.write(change)
        return replace(known.user, disabled_at=now)

    async def rename(self, user: User, display_name: str) -> User:
        """Changes the name that others see."""
        name = parse_display_name(display_name)
        entry = AuditEntry(
            self._clock(), "user_changed", user.username, actor_id=user.id, target=user.username, detail="display_name"
        )

        def change(connection: Connection) -> None:
            users.set_display_name(connection, user.id, name)
            audit.append_audit(connection, entry)

        await self._catalogue.write(change)
        return replace(user, display_name=name)

    async def set_password(self, username: str, password: str) -> User:
        """For administrators; sessions of the user end, API tokens stay valid."""
        user = await self.by_name(username)
        password_hash, now = await self._passwords.hash(password), self._clock()

        def change(connection: Connection) -> None:
            users.set_password(connection, user.id, password_hash)
            sessions.delete_sessions_of(connection, user.id)
            _note_command(connection, "user_changed", user, now=now, detail="password")

        await self._catalogue.write(change)
        return user

    async def change_password(self, caller: Caller, current: str, new: str, *, origin: AttemptOrigin) -> None:
        """WrongCredentials and Throttled as for a sign-in; other sessions of the user end, API tokens stay valid."""
        check_password(new)
        username = caller.user.username
        async with self._throttle.attempt(username, origin):
            known = await self._catalogue.read(lambda connection: users.user_by_id(connection, caller.user.id))
            known_hash = known.password_hash if known else None
            if not await self._passwords.verify(current, known_hash) or known_hash is None:
                raise WrongCredentials("The current password is wrong.")
        password_hash, now = await self._passwords.hash(new), self._clock()

        def change(connection: Connection) -> None:
            replaced = users.replace_password(
                connection, caller.user.id, known_hash=known_hash, password_hash=password_hash
            )
            if not replaced:
                raise WrongCredentials("The current password is wrong.", hint="It was changed a moment ago.")
            sessions.delete_sessions_of(connection, caller.user.id, but=caller.session_id)
            audit.append_audit(connection, AuditEntry(now, "password_changed", username, actor_id=caller.user.id))

        await self._catalogue.write(change)

    async def all(self) -> list[User]:
        """All users, by name."""
        return await self._catalogue.read(users.list_users)

    async def search(self, caller: Caller, text: str) -> list[Person]:
        """Up to ten users to share with."""
        return await self._catalogue.read(
            lambda connection: users.search_people(connection, text, but=caller.user.id, limit=_SEARCH_LIMIT)
        )

    async def by_name(self, username: str) -> User:
        """NotFound if there is none."""
        known = await self._catalogue.read(lambda connection: users.user_by_name(connection, username))
        if known is None:
            raise NotFound(f"There is no user {username!r}.", hint="Create one with `aishare user create`.")
        return known.user

    async def count(self) -> int:
        """The number of users."""
        return await self._catalogue.read(users.count_users)

    async def sign_in(self, username: str, password: str, *, origin: AttemptOrigin) -> User:
        """The user; WrongCredentials for every kind of failure, Throttled after too many.

        Unknown names and disabled users take the same time, so that the duration reveals nothing.
        """
        async with self._throttle.attempt(username, origin):
            known = await self._catalogue.read(lambda connection: users.user_by_name(connection, username))
            fits = await self._passwords.verify(password, known.password_hash if known else None)
            if known is None or not fits or known.user.disabled_at is not None:
                raise WrongCredentials("The user name or password is wrong.")
        return known.user

    async def demo_users(self, *, include_superusers: bool) -> list[User]:
        """Enabled users flagged as demo, read each time."""
        return await self._catalogue.read(
            lambda connection: users.list_demo_users(connection, include_superusers=include_superusers)
        )

    async def demo_sign_in(self, username: str, *, include_superusers: bool) -> User:
        """Only for one of `demo_users`."""
        offered = await self.demo_users(include_superusers=include_superusers)
        for user in offered:
            if user.username == username:
                return user
        raise NotFound("There is no such demo user.")


def _note_command(
    connection: Connection, action: str, target: User, *, now: datetime, detail: str | None = None
) -> None:
    audit.append_audit(connection, AuditEntry(now, action, COMMAND_LINE, target=target.username, detail=detail))


def parse_username(text: str) -> str:
    """Letters, digits and . _ @ + - inside; at most 64 characters."""
    name = unicodedata.normalize("NFKC", text)
    if not _USERNAME.fullmatch(name):
        raise InvalidInput(
            "The user name is not valid.", hint="Use 1 to 64 letters and digits, with . _ @ + or - between them."
        )
    return name


def parse_display_name(text: str) -> str:
    """1 to 200 characters on one line."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= _MAX_DISPLAY_NAME or any(unicodedata.category(char) in {"Cc", "Cs"} for char in name):
        raise InvalidInput(
            "The display name is not valid.", hint=f"Use 1 to {_MAX_DISPLAY_NAME} characters on one line."
        )
    return name
