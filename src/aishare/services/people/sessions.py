"""Sessions and API tokens: random secrets of which only a digest is stored, looked up for each request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people import audit, sessions, tokens
from aishare.catalogue.people.audit import COMMAND_LINE, AuditEntry
from aishare.catalogue.people.sessions import Caller, Session
from aishare.catalogue.people.users import User
from aishare.core.clock import Clock
from aishare.core.errors import InvalidInput, NotAuthenticated, NotFound
from aishare.core.ids import new_id, new_secret, secret_digest
from aishare.core.tokens import ADMIN, READ, WRITE, TokenScope, ordered_scopes
from aishare.services.people.touches import Touches


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lasts without activity, and at most."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """Where a sign-in came from, for the user's list of sessions."""

    address: str
    user_agent: str


class SessionService:
    """Starts, recognises and ends sessions."""

    def __init__(self, *, catalogue: Catalogue, limits: SessionLimits, clock: Clock) -> None:
        self._catalogue = catalogue
        self._limits = limits
        self._clock = clock
        self._touches = Touches(catalogue, sessions.touch_session)

    @property
    def max_age_seconds(self) -> int:
        """How long a browser may keep the cookie."""
        return int(self._limits.absolute.total_seconds())

    async def start(self, user: User, client: ClientInfo) -> str:
        """The secret for the cookie, returned only once."""
        secret, now = new_secret(), self._clock()

        def insert(connection: Connection) -> None:
            sessions.insert_session(
                connection,
                session_id=new_id(),
                token_hash=secret_digest(secret),
                user_id=user.id,
                now=now,
                expires_at=now + self._limits.absolute,
                user_agent=client.user_agent[:300],
                address=client.address,
            )
            entry = AuditEntry(now, "sign_in", user.username, actor_id=user.id)
            audit.append_audit(connection, entry)

        await self._catalogue.write(insert)
        return secret

    async def caller(self, secret: str) -> Caller:
        """The user of this session; NotAuthenticated if it ended or its user was disabled."""
        digest = secret_digest(secret)
        caller = await self._catalogue.lookup(sessions.CALLER_BY_SESSION, token_hash=digest)
        now = self._clock()
        if caller is None or not _is_live(caller, now) or self._is_idle(caller, digest, now):
            raise NotAuthenticated("You are not signed in.", hint="Sign in again.")
        await self._touches.note(digest, caller.last_seen_at, now=now)
        return caller

    async def end(self, secret: str) -> None:
        """Ends the session; a session that does not exist is not an error."""
        digest, now = secret_digest(secret), self._clock()
        caller = await self._catalogue.lookup(sessions.CALLER_BY_SESSION, token_hash=digest)
        if caller is None:
            return

        def delete(connection: Connection) -> None:
            if sessions.delete_session(connection, token_hash=digest):
                _note(connection, caller.user, "sign_out", now=now)

        await self._catalogue.write(delete)

    async def sessions_of(self, user: User) -> list[Session]:
        """Sessions that are still valid, most recently used first."""
        now = self._clock()
        return await self._catalogue.read(
            lambda connection: sessions.list_sessions(connection, user.id, now=now, seen_since=now - self._limits.idle)
        )

    async def end_one(self, user: User, session_id: str) -> None:
        """NotFound if this user has no such session."""
        now = self._clock()

        def delete(connection: Connection) -> None:
            if not sessions.delete_session_of(connection, session_id=session_id, user_id=user.id):
                raise NotFound("There is no such session.")
            _note(connection, user, "session_ended", now=now, target=session_id)

        await self._catalogue.write(delete)

    async def sweep(self) -> None:
        """Deletes sessions that have expired."""
        now = self._clock()
        await self._catalogue.write(lambda connection: sessions.delete_expired_sessions(connection, now=now))

    def _is_idle(self, caller: Caller, digest: bytes, now: datetime) -> bool:
        seen_at = self._touches.last_seen(digest, caller.last_seen_at)
        return seen_at is not None and now - seen_at > self._limits.idle


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenWish:
    """The properties of a new token. Without `scopes`: everything its owner can do; with a folder, only inside it."""

    name: str
    expires_in_seconds: int | None = None
    scopes: Sequence[TokenScope] | None = None
    folder: str | None = None


class TokenService:
    """API tokens of a user."""

    PREFIX: Final = "aishare_"
    """Lets people and secret scanners recognise a leaked token."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._touches = Touches(catalogue, tokens.touch_token)

    async def create(self, user: User, wish: TokenWish, *, by_command: bool = False) -> tuple[tokens.ApiToken, str]:
        """The token's row and its secret, returned only once. `by_command`: not created by the user."""
        secret, now = self.PREFIX + new_secret(), self._clock()
        lifetime = wish.expires_in_seconds
        new = tokens.NewToken(
            id=new_id(),
            user_id=user.id,
            name=wish.name,
            token_hash=secret_digest(secret),
            created_at=now,
            expires_at=None if lifetime is None else now + timedelta(seconds=lifetime),
            scopes=_scopes(wish),
            folder=wish.folder,
        )

        def insert(connection: Connection) -> tokens.ApiToken:
            token = tokens.insert_token(connection, new)
            detail = f"of {user.username}, {_said(token)}"
            _note(connection, None if by_command else user, "token_created", now=now, target=new.name, detail=detail)
            return token

        return await self._catalogue.write(insert), secret

    async def tokens_of(self, user: User) -> list[tokens.ApiToken]:
        """Without the secrets, which are not stored."""
        return await self._catalogue.read(lambda connection: tokens.list_tokens(connection, user.id))

    async def by_owner(self) -> list[tuple[str, tokens.ApiToken]]:
        """Tokens of all users, with the names of their owners."""
        return await self._catalogue.read(tokens.list_all_tokens)

    async def revoke(self, user: User, token_id: str, *, by_command: bool = False) -> bool:
        """Whether this user had such a token."""
        now = self._clock()

        def delete(connection: Connection) -> bool:
            gone = tokens.delete_token(connection, token_id=token_id, user_id=user.id)
            if gone is not None:
                detail = f"of {user.username}, {_said(gone)}"
                actor = None if by_command else user
                _note(connection, actor, "token_revoked", now=now, target=gone.name, detail=detail)
            return gone is not None

        return await self._catalogue.write(delete)

    async def caller(self, secret: str) -> Caller:
        """The user of this token; NotAuthenticated if it ended or its user was disabled."""
        digest = secret_digest(secret)
        caller = await self._catalogue.lookup(tokens.CALLER_BY_TOKEN, token_hash=digest)
        now = self._clock()
        if caller is None or not _is_live(caller, now):
            raise NotAuthenticated("The API token is not valid.", hint="Create a new one.")
        await self._touches.note(digest, caller.last_seen_at, now=now)
        return caller


def _scopes(wish: TokenWish) -> tuple[TokenScope, ...] | None:
    """A folder only contains files, so a token for a folder can never do everything."""
    if wish.scopes is None:
        return None if wish.folder is None else (READ, WRITE)
    scopes = ordered_scopes(wish.scopes)
    if not scopes:
        raise InvalidInput("A token needs at least one scope.", hint="Leave out `scopes` to allow everything.")
    if wish.folder is not None and ADMIN in scopes:
        raise InvalidInput(
            "A token limited to a folder cannot administer.", hint='Remove the folder or the scope "admin".'
        )
    return scopes


def _said(token: tokens.ApiToken) -> str:
    """For the audit log."""
    scopes = "all rights" if token.scopes is None else " ".join(token.scopes)
    return f"id {token.id}, {scopes}" + ("" if token.folder is None else f", folder {token.folder}")


def _note(  # noqa: PLR0913 - actor, action and target
    connection: Connection,
    actor: User | None,
    action: str,
    *,
    now: datetime,
    target: str | None = None,
    detail: str | None = None,
) -> None:
    name = COMMAND_LINE if actor is None else actor.username
    actor_id = None if actor is None else actor.id
    audit.append_audit(connection, AuditEntry(now, action, name, actor_id=actor_id, target=target, detail=detail))


def _is_live(caller: Caller, now: datetime) -> bool:
    return caller.user.disabled_at is None and (caller.expires_at is None or caller.expires_at > now)
