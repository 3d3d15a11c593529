"""Shares: who can read or write which files, and the contents of shared folders."""

from dataclasses import dataclass, replace
from typing import Literal

from aishare.catalogue.content.entries import EntryListing, EntryPage, list_entries
from aishare.catalogue.content.files import file_by_id
from aishare.catalogue.content.usage import lock_owner
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people import audit, users
from aishare.catalogue.people.audit import AuditEntry
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.people.users import Person, User
from aishare.catalogue.sharing import shares
from aishare.catalogue.sharing.shares import NewShare, Share
from aishare.core.clock import Clock
from aishare.core.conditions import UNCONDITIONAL, Preconditions
from aishare.core.errors import Forbidden, InvalidInput, NotFound
from aishare.core.ids import new_id
from aishare.core.paths import FilePath, split_path
from aishare.services.content import Action, authorise, reaches_folder, reaches_share, share_of, shared_folder

Level = Literal["read", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequest:
    """What to share, and with whom. Either `file_id` or `folder` is set."""

    file_id: str | None = None
    folder: FilePath | None = None
    username: str
    level: Level


class ShareService:
    """Creates and ends shares. Access through a share is checked in its row for each request."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def share(
        self, caller: Caller, request: ShareRequest, *, conditions: Preconditions = UNCONDITIONAL
    ) -> tuple[Share, bool]:
        """The share, and whether it is new; an existing share gets the new permission. Only one's own items can be
        shared.
        """
        now = self._clock()

        def change(connection: Connection) -> tuple[Share, bool]:
            _authorise(connection, caller, request)
            new = NewShare(
                share_id=new_id(),
                owner_id=caller.user.id,
                user_id=_addressee(connection, caller.user, request.username).id,
                file_id=request.file_id,
                folder=request.folder,
                may_write=request.level == "write",
            )
            share, created = shares.put_share(connection, new, now=now, conditions=conditions)
            self._note(connection, caller, "share_created" if created else "share_changed", share)
            return share, created

        return await self._catalogue.write(change)

    async def mine(self, caller: Caller, *, file_id: str | None = None, folder: str | None = None) -> list[Share]:
        """What the caller shares, everything or one item."""
        owner_id = caller.user.id
        found = await self._catalogue.read(
            lambda connection: shares.list_shares_of(connection, owner_id, file_id=file_id, folder=folder)
        )
        return [share for share in found if reaches_share(caller, share)]

    async def with_me(self, caller: Caller) -> list[Share]:
        """What others share with the caller."""
        found = await self._catalogue.read(lambda connection: shares.list_shares_with(connection, caller.user.id))
        return [_seen(share) for share in found if reaches_share(caller, share)]

    async def change(
        self, caller: Caller, share_id: str, level: Level, *, conditions: Preconditions = UNCONDITIONAL
    ) -> Share:
        """Changes the permission; only the owner may."""

        def change(connection: Connection) -> Share:
            share = self._locked(connection, caller, share_id)
            if share.owner.id != caller.user.id:
                raise Forbidden("Only the owner can change a share.", hint="Ask the owner.")
            conditions.require(share.version)
            shares.set_right(connection, share_id, may_write=level == "write")
            changed = replace(share, may_write=level == "write")
            self._note(connection, caller, "share_changed", changed)
            return changed

        return await self._catalogue.write(change)

    async def end(self, caller: Caller, share_id: str, *, conditions: Preconditions = UNCONDITIONAL) -> None:
        """The owner ends the share, or the user leaves it."""

        def change(connection: Connection) -> None:
            share = self._locked(connection, caller, share_id)
            conditions.require(share.version)
            shares.delete_share(connection, share_id)
            self._note(connection, caller, "share_deleted", share)

        await self._catalogue.write(change)

    async def entries(self, caller: Caller, share_id: str, listing: EntryListing) -> EntryPage:
        """One page of a folder in a shared folder; all paths are relative to the shared folder."""

        def read(connection: Connection) -> EntryPage:
            base = shared_folder(share_of(connection, caller, share_id))
            return list_entries(connection, listing, owner_id=base.owner_id, base=base.path)

        return await self._catalogue.read(read)

    def _locked(self, connection: Connection, caller: Caller, share_id: str) -> Share:
        lock_owner(connection, share_of(connection, caller, share_id).owner.id)
        return share_of(connection, caller, share_id)

    def _note(self, connection: Connection, caller: Caller, action: str, share: Share) -> None:
        entry = AuditEntry(
            self._clock(),
            action,
            caller.user.username,
            actor_id=caller.user.id,
            target=share.folder if share.file is None else share.file.path,
            detail=f"{share.owner.username} to {share.user.username}, {'write' if share.may_write else 'read'}",
            target_id=None if share.file is None else share.file.id,
            owner_name=share.owner.username,
        )
        audit.append_audit(connection, entry)


def _authorise(connection: Connection, caller: Caller, request: ShareRequest) -> None:
    if request.file_id is not None:
        authorise(caller, file_by_id(connection, request.file_id), Action.SHARE)
    elif not reaches_folder(caller, caller.user.id, request.folder or ""):
        raise NotFound("There is no such folder.")


def _addressee(connection: Connection, owner: User, username: str) -> Person:
    known = users.user_by_name(connection, username)
    if known is None or known.user.disabled_at is not None:
        raise InvalidInput("There is no user with this name.", hint="Search for the user.")
    if known.user.id == owner.id:
        raise InvalidInput("You already own it.", hint="Choose another user.")
    return Person(known.user.id, known.user.username, known.user.display_name)


def _seen(share: Share) -> Share:
    """As seen by the user it is shared with: without the folders above."""
    if share.file is not None:
        return replace(share, file=replace(share.file, path=share.file.name))
    return replace(share, folder=split_path(share.folder or "")[1])
