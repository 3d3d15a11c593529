"""Shares: what a user lets another user read or write. Changes hold the lock of the owner's files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from aishare.catalogue import schema
from aishare.catalogue.content import SELECT_FILES, File, file_of, lock_owner, require_folder
from aishare.catalogue.people import Person
from aishare.core.conditions import UNCONDITIONAL, Preconditions, Version, etag_of
from aishare.core.errors import NotFound

_table = schema.shares
_files = schema.files
_owners = schema.users.alias("owners")
_people = schema.users.alias("people")


@dataclass(frozen=True, slots=True)
class Share:
    """Either `file` or `folder`, a path of the owner, is set."""

    id: str
    owner: Person
    user: Person
    file: File | None
    folder: str | None
    may_write: bool
    created_at: datetime

    @property
    def version(self) -> Version:
        """Used in conditional requests: changes with the permission."""
        return Version(etag_of((self.id, self.may_write)), None)


@dataclass(frozen=True, slots=True)
class NewShare:
    """Either `file_id` or `folder` is set. `share_id` is only used if the item was not shared with the user before."""

    share_id: str
    owner_id: str
    user_id: str
    file_id: str | None
    folder: str | None
    may_write: bool


_COLUMNS: Final = (
    _table.c.id,
    _table.c.file_id,
    _table.c.folder,
    _table.c.may_write,
    _table.c.created_at,
    *(people.c[name] for people in (_owners, _people) for name in ("id", "username", "display_name")),
)
_SELECT: Final = (
    select(*_COLUMNS)
    .join(_owners, _owners.c.id == _table.c.owner_id)
    .join(_people, _people.c.id == _table.c.user_id)
    .order_by(_table.c.created_at.desc(), _table.c.id)
)


def put_share(
    connection: Connection, new: NewShare, *, now: datetime, conditions: Preconditions = UNCONDITIONAL
) -> tuple[Share, bool]:
    """The share, and whether it is new; for an item that was already shared with the user, the permission changes.

    NotFound if the owner has no such file or folder.
    """
    lock_owner(connection, new.owner_id)
    _require_thing(connection, new)
    share_id = _same(connection, new)
    conditions.require(None if share_id is None else _one(connection, share_id).version)
    if share_id is not None:
        connection.execute(update(_table).where(_table.c.id == share_id).values(may_write=new.may_write))
        return _one(connection, share_id), False
    connection.execute(
        insert(_table).values(
            id=new.share_id,
            owner_id=new.owner_id,
            user_id=new.user_id,
            file_id=new.file_id,
            folder=new.folder,
            may_write=new.may_write,
            created_at=now,
        )
    )
    return _one(connection, new.share_id), True


def list_shares_of(
    connection: Connection, owner_id: str, *, file_id: str | None = None, folder: str | None = None
) -> list[Share]:
    """What an owner shares, everything or one item; newest first."""
    condition = _table.c.owner_id == owner_id
    if file_id is not None:
        condition &= _table.c.file_id == file_id
    if folder is not None:
        condition &= _table.c.folder == folder
    return _list(connection, condition)


def list_shares_with(connection: Connection, user_id: str) -> list[Share]:
    """What others share with a user, newest first, without disabled owners."""
    return _list(connection, (_table.c.user_id == user_id) & _owners.c.disabled_at.is_(None))


def shares_by(thing: Column[str], owner_id: str, things: Sequence[str]) -> Select[str, int, int]:
    """A zero for each item, and the number of people it is shared with, without disabled users."""
    counts = select(thing, literal_column("0", BigInteger()), func.count()).join(
        _people, _people.c.id == _table.c.user_id
    )
    wanted = (_table.c.owner_id == owner_id, thing.in_(things), _people.c.disabled_at.is_(None))
    return counts.where(*wanted).group_by(thing)


def find_share(connection: Connection, share_id: str, caller_id: str) -> Share:
    """For its owner, and for the user it is shared with unless the owner is disabled; NotFound for everyone else."""
    is_owner = _table.c.owner_id == caller_id
    is_user = (_table.c.user_id == caller_id) & _owners.c.disabled_at.is_(None)
    found = _list(connection, (_table.c.id == share_id) & (is_owner | is_user))
    if not found:
        raise NotFound("There is no such share.")
    return found[0]


def set_right(connection: Connection, share_id: str, *, may_write: bool) -> None:
    """Effective with the next request."""
    connection.execute(update(_table).where(_table.c.id == share_id).values(may_write=may_write))


def delete_share(connection: Connection, share_id: str) -> None:
    """Effective with the next request."""
    connection.execute(delete(_table).where(_table.c.id == share_id))


def _same(connection: Connection, new: NewShare) -> str | None:
    """The id of the share of this item with this user, if there is one."""
    thing = _table.c.file_id == new.file_id if new.file_id else _table.c.folder == new.folder
    same = (_table.c.owner_id == new.owner_id) & (_table.c.user_id == new.user_id) & thing
    return connection.execute(select(_table.c.id).where(same)).scalar()


def _require_thing(connection: Connection, new: NewShare) -> None:
    if new.file_id is None:
        require_folder(connection, new.owner_id, new.folder or "")
        return
    known = select(_files.c.id).where(_files.c.id == new.file_id, _files.c.owner_id == new.owner_id)
    if connection.execute(known).first() is None:
        raise NotFound("There is no such file.")


def _one(connection: Connection, share_id: str) -> Share:
    return _list(connection, _table.c.id == share_id)[0]


def _list(connection: Connection, condition: ColumnElement[bool]) -> list[Share]:
    """Two queries, however many shares there are. If a file is deleted between them, its share is left out."""
    rows = connection.execute(_SELECT.where(condition)).all()
    files = _files_of(connection, [row.file_id for row in rows if row.file_id is not None], condition)
    return [_share(row, files) for row in rows if row.file_id is None or row.file_id in files]


def _files_of(connection: Connection, wanted: Sequence[str], condition: ColumnElement[bool]) -> dict[str, File]:
    if not wanted:
        return {}
    ids = select(_table.c.file_id).join(_owners, _owners.c.id == _table.c.owner_id).where(condition)
    found = (file_of(row) for row in connection.execute(SELECT_FILES.where(_files.c.id.in_(ids))))
    return {file.id: file for file in found}


def _share(row: Row[Any], files: dict[str, File]) -> Share:
    share_id, file_id, folder, may_write, created_at, *people = tuple(row)
    file = None if file_id is None else files[file_id]
    return Share(share_id, Person(*people[:3]), Person(*people[3:]), file, folder, bool(may_write), created_at)
