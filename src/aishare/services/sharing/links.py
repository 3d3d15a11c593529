"""Links for their owners: create, list, change, revoke. Visitors are handled in `link_visits`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from aishare.catalogue.content import files, folders
from aishare.catalogue.content.usage import lock_owner
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people import users
from aishare.catalogue.people.audit import AuditEntry, append_audit
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.sharing import link_uses, links
from aishare.catalogue.sharing.link_uses import UsePage
from aishare.catalogue.sharing.links import FILE, REQUEST, Link, LinkListing, LinkPage, NewLink, title_of
from aishare.core.clock import Clock
from aishare.core.conditions import UNCONDITIONAL, Preconditions
from aishare.core.errors import InvalidInput, NotFound
from aishare.core.ids import new_id
from aishare.core.tokens import WRITE
from aishare.services.content import Action, authorise, reaches, reaches_folder
from aishare.services.people import PasswordService
from aishare.services.sharing.link_tokens import LinkTokens

Version = Literal["latest", "current"]

_NEVER: Final = 0
"""`expires_in` of a link that never expires."""


@dataclass(frozen=True, slots=True)
class LinkLimits:
    """The default and longest expiry of links; None: they may never expire."""

    default: timedelta
    longest: timedelta | None


@dataclass(frozen=True, slots=True)
class LinkWish:
    """The owner's choices. `expires_in_seconds`: None for the default, 0 for a link that never expires."""

    expires_in_seconds: int | None = None
    username: str | None = None
    password: str | None = None
    max_downloads: int | None = None
    version: Version = "latest"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class LinkChange:
    """What can be changed while the address of a link stays the same; only the names in `given` count, None removes the
    value.
    """

    given: frozenset[str]
    password: str | None = None
    max_downloads: int | None = None
    note: str | None = None


class LinkService:
    """Everything about links except visits."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        tokens: LinkTokens,
        passwords: PasswordService,
        limits: LinkLimits,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._tokens = tokens
        self._passwords = passwords
        self._limits = limits
        self._clock = clock

    def token(self, link: Link) -> str:
        """The secret part of its address."""
        return self._tokens.token(link)

    async def share_file(self, caller: Caller, file_id: str, wish: LinkWish) -> Link:
        """A link to a file of the caller's own."""
        file = await self._catalogue.lookup(files.FILE_BY_ID, file_id=file_id)
        file = authorise(caller, file, Action.SHARE)
        sha256 = file.object.digests.sha256 if wish.version == "current" else None
        return await self._make(caller, wish, {"kind": FILE, "file_id": file.id, "sha256": sha256})

    async def share_folder(self, caller: Caller, folder: str, kind: str, wish: LinkWish) -> Link:
        """A link to a folder of the caller, or a file request; NotFound if there is no such folder."""
        if not folder:
            raise InvalidInput("The root folder cannot be shared.", hint="Choose a folder.")
        if wish.version != "latest":
            raise InvalidInput(
                "A link to a folder always shows its current contents.", hint="Set `version` to `latest`."
            )
        if not reaches_folder(caller, caller.user.id, folder):
            raise NotFound("There is no such folder.")
        return await self._make(caller, wish, {"kind": kind, "folder": folder})

    async def page(self, listing: LinkListing) -> LinkPage:
        """Newest first."""
        now = self._clock()
        return await self._catalogue.read(lambda connection: links.list_links(connection, listing, now=now))

    async def get(self, caller: Caller, link_id: str) -> Link:
        """One of the caller's own links."""
        link = await self._catalogue.read(lambda connection: self._find(connection, link_id))
        seen = link is not None and (link.kind != REQUEST or may_see_requests(caller))
        if link is None or not seen or link.owner_id != caller.user.id or not _reaches(caller, link):
            raise NotFound("There is no such link.")
        return link

    async def change(
        self, caller: Caller, link_id: str, change: LinkChange, *, conditions: Preconditions = UNCONDITIONAL
    ) -> Link:
        """Effective with the next request. Visitors who entered the old password must enter the new one."""
        link = await self.get(caller, link_id)
        changes: dict[str, Any] = {}
        if "password" in change.given:
            changes["password_hash"] = await self._hash(change.password)
        if "max_downloads" in change.given:
            changes["max_downloads"] = change.max_downloads
        if "note" in change.given:
            changes["note"] = _note(change.note)
        if changes or conditions.given:
            now, detail = self._clock(), ", ".join(sorted(change.given))

            def write(connection: Connection) -> None:
                self._require(connection, link, conditions)
                if changes:
                    links.change_link(connection, link.id, changes)
                    append_audit(connection, _entry("link_changed", caller, link, now, detail=detail))

            await self._catalogue.write(write)
        return await self.get(caller, link_id)

    async def revoke(self, caller: Caller, link_ids: Sequence[str]) -> list[str]:
        """The ids of the caller's links that were revoked."""
        owner_id, now = caller.user.id, self._clock()

        def change(connection: Connection) -> list[str]:
            wanted = [link_id for link_id in link_ids if self._is_reached(connection, caller, link_id)]
            return _revoke(connection, wanted, caller, owner_id=owner_id, now=now)

        return await self._catalogue.write(change)

    async def revoke_one(
        self, caller: Caller, link_id: str, *, anybodys: bool = False, conditions: Preconditions = UNCONDITIONAL
    ) -> None:
        """One of the caller's links; `anybodys`: for administrators, also links of other users."""
        now = self._clock()

        def change(connection: Connection) -> None:
            link = self._find(connection, link_id)
            if link is None or not _reaches(caller, link) or not (anybodys or link.owner_id == caller.user.id):
                raise NotFound("There is no such link.")
            self._require(connection, link, conditions)
            _revoke(connection, [link_id], caller, owner_id=link.owner_id, now=now)

        await self._catalogue.write(change)

    async def exists(self, link_id: str) -> bool:
        """With any owner."""
        return await self._catalogue.read(lambda connection: self._find(connection, link_id)) is not None

    async def uses(self, caller: Caller, link_id: str, *, cursor: str | None, limit: int) -> UsePage:
        """Who downloaded or uploaded what; for the owner and for administrators."""
        if not (caller.administers and await self.exists(link_id)):
            await self.get(caller, link_id)
        return await self._catalogue.read(
            lambda connection: link_uses.list_uses(connection, link_id, cursor=cursor, limit=limit)
        )

    async def _make(self, caller: Caller, wish: LinkWish, what: dict[str, Any]) -> Link:
        now = self._clock()
        password_hash, expires_at, note = await self._hash(wish.password), self._expiry(wish, now), _note(wish.note)
        link_id = new_id()
        token = self._tokens.issue(link_id)

        def insert(connection: Connection) -> Link:
            created_at = now
            if what.get("folder"):
                # Never before its folder, whichever clock was used for that: a newer folder counts as another one.
                created_at = max(now, folders.require_folder(connection, caller.user.id, what["folder"]).created_at)
            new = NewLink(
                id=link_id,
                owner_id=caller.user.id,
                kind=what["kind"],
                file_id=what.get("file_id"),
                folder=what.get("folder"),
                sha256=what.get("sha256"),
                user_id=_user_id(connection, wish.username),
                password_hash=password_hash,
                max_downloads=wish.max_downloads,
                note=note,
                created_at=created_at,
                expires_at=expires_at,
                token_hash=token.hash,
                token_sealed=token.sealed,
            )
            links.insert_link(connection, new)
            made = self._find(connection, link_id)
            if made is None:
                raise NotFound("There is no such link.")
            append_audit(connection, _entry("link_created", caller, made, now))
            return made

        return await self._catalogue.write(insert)

    def _require(self, connection: Connection, link: Link, conditions: Preconditions) -> None:
        """One change of an owner's links at a time, so that the link does not change meanwhile."""
        lock_owner(connection, link.owner_id)
        if conditions.given:
            now = self._find(connection, link.id)
            conditions.require(None if now is None else now.version)

    def _find(self, connection: Connection, link_id: str) -> Link | None:
        return links.find_link(connection, link_id, now=self._clock())

    def _is_reached(self, connection: Connection, caller: Caller, link_id: str) -> bool:
        """Only tokens limited to a folder need a check of each link."""
        if caller.folder is None:
            return True
        link = self._find(connection, link_id)
        return link is not None and _reaches(caller, link)

    async def _hash(self, password: str | None) -> str | None:
        return None if password is None else await self._passwords.hash(password)

    def _expiry(self, wish: LinkWish, now: datetime) -> datetime | None:
        """In whole seconds, as in signed tokens."""
        longest = self._limits.longest
        if wish.expires_in_seconds == _NEVER:
            if longest is not None:
                raise InvalidInput(
                    "Links without an expiry date are not allowed.", hint=f"Choose at most {longest.days} days."
                )
            return None
        lifetime = self._limits.default
        if wish.expires_in_seconds is not None:
            lifetime = timedelta(seconds=wish.expires_in_seconds)
        if longest is not None and lifetime > longest:
            raise InvalidInput(f"Links can be valid for at most {longest.days} days.", hint="Choose a shorter time.")
        return datetime.fromtimestamp(int((now + lifetime).timestamp()), tz=UTC)


def may_see_requests(caller: Caller) -> bool:
    """Anyone with the address of a file request can upload; a token without write access is not shown it."""
    return caller.has_scope(WRITE)


def _reaches(caller: Caller, link: Link) -> bool:
    """If the file or folder of a link was deleted, it is unknown where it was: only tokens limited to a folder do not
    see the link.
    """
    if link.file_path is not None:
        return reaches(caller, link.owner_id, link.file_path)
    return reaches_folder(caller, link.owner_id, link.folder or "")


def downloads_left(link: Link) -> int | None:
    """None if there is no limit."""
    return None if link.max_downloads is None else max(0, link.max_downloads - link.downloads)


def _revoke(
    connection: Connection, link_ids: Sequence[str], caller: Caller, *, owner_id: str, now: datetime
) -> list[str]:
    revoked = links.revoke_links(connection, link_ids, owner_id=owner_id, now=now)
    for link_id in revoked:
        if (link := links.find_link(connection, link_id, now=now)) is not None:
            append_audit(connection, _entry("link_revoked", caller, link, now))
    return revoked


def _user_id(connection: Connection, username: str | None) -> str | None:
    if username is None:
        return None
    known = users.user_by_name(connection, username)
    if known is None or known.user.disabled_at is not None:
        raise InvalidInput("There is no user with this name.", hint="Use the name the user signs in with.")
    return known.user.id


def _note(note: str | None) -> str | None:
    return (note or "").strip() or None


def _entry(action: str, caller: Caller, link: Link, now: datetime, *, detail: str | None = None) -> AuditEntry:
    return AuditEntry(
        now,
        action,
        caller.user.username,
        actor_id=caller.user.id,
        target=title_of(link),
        detail=detail,
        target_id=link.id,
        owner_name=link.owner_username,
    )
