"""Visits to links: the check before every request, and counting downloads.

Access is checked by one function, `enter`: the token, its row, then user and password. Nothing is remembered from an
earlier request except what the visitor's cookies contain.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from aishare.catalogue.columns import microseconds
from aishare.catalogue.content.entries import EntryListing, EntryPage, list_entries
from aishare.catalogue.content.files import FILE_BY_ID, FILE_BY_PATH, File
from aishare.catalogue.content.folders import Folder, require_folder
from aishare.catalogue.content.free_paths import free_path
from aishare.catalogue.content.usage import lock_owner
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people.audit import AuditEntry, append_audit
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.sharing import link_uses, links
from aishare.catalogue.sharing.link_uses import NewUse
from aishare.catalogue.sharing.links import (
    FILE,
    FOLDER,
    LINK_BY_ID,
    LINK_BY_TOKEN,
    LIVE,
    REQUEST,
    USED_UP,
    Link,
    title_of,
)
from aishare.core.clock import Clock
from aishare.core.errors import (
    AishareError,
    CatalogueUnavailable,
    LinkExpired,
    LinkGone,
    LinkOtherUser,
    LinkPasswordRequired,
    LinkRevoked,
    LinkUsedUp,
    NotAuthenticated,
    NotFound,
    OutsideFolder,
    StorageFull,
)
from aishare.core.ids import new_id, new_secret, secret_digest
from aishare.core.paths import FilePath, join_path, path_below
from aishare.services.content import Author
from aishare.services.sharing.link_tokens import LinkTokens, lookup_hash, not_found

_log = structlog.get_logger(__name__)

VISITOR: Final = "link visitor"
"""The actor in the audit log for visitors who are not signed in."""

UNLOCKED: Final = timedelta(hours=1)
"""How long a link stays unlocked after its password was entered."""

_NOT_WRITTEN: Final = (CatalogueUnavailable, StorageFull)
"""The database cannot be written: its disk is full, or another program has locked it."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opens the link. `caller` returns the signed-in user, or raises NotAuthenticated; it is only called if it
    matters. `unlocked` are cookies that may have been set after the password, `marks` those that may have been set with
    the first byte: another site on the same domain may have set some of these names.
    """

    address: str
    caller: Callable[[], Awaitable[Caller]]
    unlocked: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def mark_digests(self) -> list[bytes]:
        """As stored in the rows of downloads."""
        return [secret_digest(mark) for mark in self.marks]


@dataclass(frozen=True, slots=True)
class Visit:
    """A link that this visitor may open; `caller` is known if the link is for one user."""

    link: Link
    visitor: Visitor
    caller: Caller | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a page may show of a link: `visit` only if nothing else is needed."""

    link: Link
    visit: Visit | None
    needs_sign_in: bool
    needs_password: bool
    unlocked: bool


@dataclass(frozen=True, slots=True)
class Portion:
    """What one request is about to send. `first` is the first byte, `length` the number of bytes; `size` is None for an
    archive.
    """

    path: str | None
    first: int
    length: int
    size: int | None

    @property
    def is_archive(self) -> bool:
        return self.size is None

    @property
    def whole(self) -> bool:
        return self.size is None or self.length >= self.size


@dataclass(frozen=True, slots=True)
class Use:
    """A download that was started. `mark` is for the visitor's cookie, None if the download had started before."""

    id: str
    mark: str | None


class LinkVisitService:
    """Checks access, and returns what visitors may see."""

    def __init__(self, *, catalogue: Catalogue, tokens: LinkTokens, clock: Clock) -> None:
        self._catalogue = catalogue
        self._tokens = tokens
        self._clock = clock

    async def enter(self, token: str, visitor: Visitor, *, kinds: tuple[str, ...], path: str | None = None) -> Visit:
        """Checks access. A link that has reached its limit still admits visitors who started a download of `path` and
        have not finished it.
        """
        link = await self.known(token, kinds=kinds)
        if link.state == USED_UP and not await self._has_begun(link, visitor, path):
            raise _end(link)
        caller = await self._named(link, visitor)
        if link.password_hash is not None and not self._is_unlocked(link, visitor):
            raise LinkPasswordRequired(
                "The link is protected by a password.", hint="Open the link in a browser and enter the password."
            )
        return Visit(link, visitor, caller)

    async def known(self, token: str, *, kinds: tuple[str, ...]) -> Link:
        """The first half of the check: the token of a link of these kinds that has neither ended nor lost its item."""
        link = await self._link_of(token)
        if link is None or link.kind not in kinds:
            raise not_found()
        if link.state not in {LIVE, USED_UP}:
            raise _end(link)
        return link

    async def require_unchanged(self, visit: Visit, token: str) -> None:
        """For long operations: the link still leads to the same item as when the visit began."""
        link = await self.known(token, kinds=(visit.link.kind,))
        if (link.folder, link.password_hash) != (visit.link.folder, visit.link.password_hash):
            raise _gone()

    async def look(self, token: str, visitor: Visitor) -> Outlook:
        """For the page of the link: what is missing is returned, not raised. LinkOtherUser for another user."""
        link = await self.known(token, kinds=(FILE, FOLDER, REQUEST))
        if link.state == USED_UP and not await self._is_unfinished(link, visitor):
            raise _end(link)
        try:
            caller, needs_sign_in = await self._named(link, visitor), False
        except NotAuthenticated:
            caller, needs_sign_in = None, True
        needs_password = link.password_hash is not None
        unlocked = not needs_password or self._is_unlocked(link, visitor)
        visit = Visit(link, visitor, caller) if unlocked and not needs_sign_in else None
        return Outlook(link, visit, needs_sign_in, needs_password=needs_password, unlocked=unlocked)

    def unlocked(self, link: Link) -> str:
        """The cookie for visitors who entered the password."""
        return self._tokens.unlocked(link, until=self._clock() + UNLOCKED)

    async def file(self, visit: Visit, path: FilePath | None = None) -> File:
        """The file of the link, or the one at `path` in its folder."""
        link = visit.link
        if link.kind == FILE:
            file = await self._catalogue.lookup(FILE_BY_ID, file_id=link.file_id)
            if file is None or (link.sha256 is not None and file.object.digests.sha256 != link.sha256):
                raise _gone()
            return file
        if path is None:
            raise not_found()
        full = join_path(link.folder or "", path)
        file = await self._catalogue.lookup(FILE_BY_PATH, owner_id=link.owner_id, path=full)
        if file is None:
            raise NotFound("There is no such file in the folder.")
        return file

    async def folder(self, visit: Visit) -> Folder:
        """The link's folder, with its totals."""
        link = visit.link
        return await self._catalogue.read(
            lambda connection: require_folder(connection, link.owner_id, link.folder or "")
        )

    async def entries(self, visit: Visit, listing: EntryListing) -> EntryPage:
        """One page of the folder of the link."""
        link = visit.link
        return await self._catalogue.read(
            lambda connection: list_entries(connection, listing, owner_id=link.owner_id, base=link.folder or "")
        )

    async def begin(self, visit: Visit, portion: Portion) -> Use:
        """Counts before the first byte is sent; LinkUsedUp if no download is left. Ranges of a download that was
        started belong to it.
        """
        link, visitor, now = visit.link, visit.visitor, self._clock()
        secret, marks = new_secret(), visitor.mark_digests
        fresh = self._new_use(visit, portion, secret)

        def goes_on(connection: Connection) -> str | None:
            return link_uses.continue_use(
                connection, fresh, marks=marks, whole=portion.whole, later=portion.first > 0, now=now
            )

        def change(connection: Connection) -> Use:
            known = goes_on(connection)
            if known is None and links.count_use(connection, link.id, now=now):
                link_uses.insert_use(connection, fresh, now=now)
                append_audit(connection, _entry("link_downloaded", visit, portion.path, now=now))
                return Use(fresh.id, secret)
            known = known or goes_on(connection)  # another range may have started it while this one waited to count
            if known is None and portion.is_archive:
                known = link_uses.restart_use(connection, fresh, marks=marks, now=now)
            if known is None:
                raise _end(links.find_link(connection, link.id, now=now) or link)
            return Use(known, None)

        return await self._counted(link, change)

    async def end(self, use: Use, *, unsent: int, size: int | None = None) -> None:
        """The request has ended; `unsent` bytes of the announced ones were not sent."""
        now = self._clock()
        try:
            await self._catalogue.write(
                lambda connection: link_uses.end_request(connection, use.id, unsent=unsent, size_bytes=size, now=now)
            )
        except _NOT_WRITTEN as error:
            _log.warning("link_use_not_ended", code=error.code)

    async def _counted(self, link: Link, change: Callable[[Connection], Use]) -> Use:
        """If the database cannot be written, downloads continue; but limited ones are never sent without
        being counted.
        """
        try:
            return await self._catalogue.write(change)
        except _NOT_WRITTEN as error:
            if link.max_downloads is not None:
                raise
            _log.warning("link_use_not_counted", link=link.id, code=error.code)
            return Use(new_id(), None)

    def take_upload(self, connection: Connection, visit: Visit, name: str, size: int) -> tuple[str, FilePath]:
        """Owner and path of a file uploaded by a visitor, in the transaction that creates it; counted there too,
        because the link may have ended during the upload.
        """
        now = self._clock()
        lock_owner(connection, visit.link.owner_id)
        link = links.find_link(connection, visit.link.id, now=now) or visit.link
        if link.state != LIVE or link.folder is None or not links.count_use(connection, link.id, now=now):
            raise _end(link)
        path = free_path(connection, link.owner_id, link.folder, name)
        portion = Portion(path_below(path, link.folder), 0, size, size)
        link_uses.insert_use(connection, self._new_use(visit, portion, None), now=now, ended_at=now)
        append_audit(connection, _entry("link_uploaded", visit, path, now=now))
        return link.owner_id, path

    def _new_use(self, visit: Visit, portion: Portion, mark: str | None) -> NewUse:
        caller = visit.caller
        return NewUse(
            id=new_id(),
            link_id=visit.link.id,
            mark=None if mark is None else secret_digest(mark),
            user_id=caller.user.id if caller else None,
            username=caller.user.username if caller else None,
            address=visit.visitor.address,
            path=portion.path,
            bytes=portion.length,
            size_bytes=portion.size,
        )

    async def _link_of(self, token: str) -> Link | None:
        """One lookup by key, whatever was sent, so that the time reveals nothing."""
        now = microseconds(self._clock())
        claims = self._tokens.read(token)
        if claims is None:
            return await self._catalogue.lookup(LINK_BY_TOKEN, token_hash=lookup_hash(token), now=now)
        link = await self._catalogue.lookup(LINK_BY_ID, link_id=claims.link_id, now=now)
        return link if link is not None and self._tokens.admits(claims, link) else None

    async def _has_begun(self, link: Link, visitor: Visitor, path: str | None) -> bool:
        marks, now = visitor.mark_digests, self._clock()
        return await self._catalogue.read(
            lambda connection: link_uses.has_begun(
                connection, link.id, marks=marks, address=visitor.address, path=path, now=now
            )
        )

    async def _is_unfinished(self, link: Link, visitor: Visitor) -> bool:
        marks, now = visitor.mark_digests, self._clock()
        return await self._catalogue.read(
            lambda connection: link_uses.is_unfinished(connection, link.id, marks=marks, now=now)
        )

    async def _named(self, link: Link, visitor: Visitor) -> Caller | None:
        if link.user_id is None:
            return None
        caller = await visitor.caller()
        if caller.user.id != link.user_id:
            raise LinkOtherUser("The link is for another user.", hint="Sign in as the user the link was made for.")
        if caller.folder is not None:
            raise OutsideFolder(
                "A token limited to a folder can only open links to that folder.",
                hint="Sign in, or use another token.",
            )
        return caller

    def _is_unlocked(self, link: Link, visitor: Visitor) -> bool:
        now = self._clock()
        return any(self._tokens.opens(cookie, link, now=now) for cookie in visitor.unlocked)


def shows_content(link: Link) -> bool:
    """Whether thumbnails and previews may be sent, which are not counted."""
    return link.max_downloads is None


def _end(link: Link) -> AishareError:
    if link.state == links.REVOKED:
        return LinkRevoked("The link was revoked.", hint="Ask the person who sent it for a new one.")
    if link.state == links.EXPIRED:
        return LinkExpired("The link has expired.", hint="Ask the person who sent it for a new one.")
    return _used_up() if link.state == USED_UP else _gone()


def _used_up() -> LinkUsedUp:
    return LinkUsedUp("The link has reached its download limit.", hint="Ask the person who sent it for a new one.")


def _gone() -> LinkGone:
    return LinkGone("The file or folder behind the link is no longer available.", hint="Ask the person who sent it.")


def author_of(visit: Visit) -> Author:
    """For files uploaded by a visitor."""
    user = visit.caller.user if visit.caller else None
    return Author(user.username if user else VISITOR, user.id if user else None, f"through the {title_of(visit.link)}")


def _entry(action: str, visit: Visit, path: str | None, *, now: datetime) -> AuditEntry:
    author = author_of(visit)
    return AuditEntry(
        now,
        action,
        author.name,
        actor_id=author.user_id,
        target=title_of(visit.link),
        detail=path,
        target_id=visit.link.id,
        owner_name=visit.link.owner_username,
    )
