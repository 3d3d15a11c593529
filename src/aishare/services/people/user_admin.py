"""Managing users, so that at least one administrator always remains."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people import audit, sessions, users
from aishare.catalogue.people.audit import AuditEntry
from aishare.catalogue.people.users import User, UserSummary
from aishare.core.clock import Clock
from aishare.core.errors import Conflict, NotFound
from aishare.services.people.passwords import PasswordService
from aishare.services.people.users import NewUser, UserService, parse_display_name

_NOT_YOURSELF = "Ask another administrator to do this."


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChanges:
    """What to change; None leaves it unchanged."""

    display_name: str | None = None
    disabled: bool | None = None
    superuser: bool | None = None
    demo: bool | None = None
    password: str | None = None

    def names(self) -> str:
        """What is changed, for the audit log; never the new name or password."""
        flags = {"disabled": self.disabled, "superuser": self.superuser, "demo": self.demo}
        named = [name for name in ("display_name", "password") if getattr(self, name) is not None]
        said = [name if flag else f"not {name}" for name, flag in flags.items() if flag is not None]
        return ", ".join(named + said)


class UserAdminService:
    """Every change is decided and recorded in one transaction, with the users locked."""

    def __init__(self, *, catalogue: Catalogue, users: UserService, passwords: PasswordService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._users = users
        self._passwords = passwords
        self._clock = clock

    async def all(self) -> list[UserSummary]:
        """All users, by name."""
        return await self._catalogue.read(users.list_summaries)

    async def create(self, actor: User, new: NewUser) -> UserSummary:
        """Conflict if the name is taken, ignoring case."""
        insert, now = await self._users.creation(new), self._clock()

        def create(connection: Connection) -> UserSummary:
            created = insert(connection)
            _note(connection, actor, "user_created", created, now=now)
            return users.summary_of(connection, created.id)

        return await self._catalogue.write(create)

    async def change(self, actor: User, user_id: str, changes: UserChanges) -> UserSummary:
        """Conflict if no enabled administrator would be left, or if users would disable or demote themselves.

        A new password, or disabling the user, ends the user's sessions.
        """
        password_hash = None if changes.password is None else await self._passwords.hash(changes.password)
        steps, now = self._steps(changes, password_hash), self._clock()

        def change(connection: Connection) -> UserSummary:
            users.lock_users(connection)
            known = users.user_by_id(connection, user_id)
            if known is None:
                raise NotFound("There is no such user.")
            if actor.id == user_id and (changes.disabled or changes.superuser is False):
                raise Conflict("You cannot disable or demote yourself.", hint=_NOT_YOURSELF)
            for step in steps:
                step(connection, user_id)
            if known.user.is_superuser and not users.enabled_superuser_exists(connection):
                raise Conflict("This is the last administrator.", hint="Make another user an administrator first.")
            _note(connection, actor, "user_changed", known.user, now=now, detail=changes.names())
            return users.summary_of(connection, user_id)

        return await self._catalogue.write(change)

    def _steps(self, changes: UserChanges, password_hash: str | None) -> list[Callable[[Connection, str], None]]:
        steps: list[Callable[[Connection, str], None]] = []
        if changes.display_name is not None:
            name = parse_display_name(changes.display_name)
            steps.append(partial(users.set_display_name, display_name=name))
        if changes.superuser is not None or changes.demo is not None:
            steps.append(partial(users.set_flags, is_superuser=changes.superuser, is_demo=changes.demo))
        if changes.disabled is not None:
            steps.append(partial(users.set_disabled, disabled_at=self._clock() if changes.disabled else None))
        if password_hash is not None:
            steps.append(partial(users.set_password, password_hash=password_hash))
        if password_hash is not None or changes.disabled:
            steps.append(sessions.delete_sessions_of)
        return steps


def _note(  # noqa: PLR0913 - actor, action and user
    connection: Connection, actor: User, action: str, target: User, *, now: datetime, detail: str | None = None
) -> None:
    entry = AuditEntry(now, action, actor.username, actor_id=actor.id, target=target.username, detail=detail)
    audit.append_audit(connection, entry)
