"""Links: files and folders that anyone with the token can download, and file requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from aishare.catalogue import schema
from aishare.catalogue.columns import microseconds
from aishare.catalogue.cursors import newest_first
from aishare.catalogue.database.session import Lookup
from aishare.core.conditions import Version, etag_of

FILE: Final = "file"
FOLDER: Final = "folder"
REQUEST: Final = "request"
"""Visitors upload files to a folder without seeing its contents."""

LIVE: Final = "live"
REVOKED: Final = "revoked"
GONE: Final = "gone"
EXPIRED: Final = "expired"
USED_UP: Final = "used_up"

_table = schema.links
_owner: Final = schema.users.alias("link_owner")
_named: Final = schema.users.alias("link_user")
_files: Final = schema.files
_objects: Final = schema.objects
_folders: Final = schema.folders


@dataclass(frozen=True, slots=True)
class NewLink:
    """`file_id` for a file, `folder` for a folder or file request; `sha256` if only the current content is shared."""

    id: str
    owner_id: str
    kind: str
    file_id: str | None
    folder: str | None
    sha256: bytes | None
    user_id: str | None
    password_hash: str | None
    max_downloads: int | None
    note: str | None
    created_at: datetime
    expires_at: datetime | None
    token_hash: bytes
    token_sealed: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """The current state of a link. `state` applies at the given time; the file's names are None if it was deleted.
    `token_sealed` is None if the token is a signed one.
    """

    id: str
    owner_id: str
    kind: str
    file_id: str | None
    folder: str | None
    sha256: bytes | None
    user_id: str | None
    password_hash: str | None
    max_downloads: int | None
    downloads: int
    note: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    token_sealed: bytes | None
    owner_username: str
    owner_display_name: str
    username: str | None
    file_name: str | None
    file_path: str | None
    state: str

    @property
    def is_open_to_all(self) -> bool:
        """Whether its address alone is enough."""
        return self.user_id is None and self.password_hash is None

    @property
    def version(self) -> Version:
        """Used in conditional requests: changes when the owner changes or ends the link, not when it is used."""
        chosen = (self.id, self.password_hash, self.max_downloads, self.note, self.revoked_at)
        return Version(etag_of(chosen), None)


@dataclass(frozen=True, slots=True)
class LinkListing:
    """Which links: of one owner, or of all; optionally only those to `folder` or `file_id`. `within` is the folder that
    the caller is limited to: links to it and to everything below. `requests`: include file requests.
    """

    owner_id: str | None = None
    file_id: str | None = None
    folder: str | None = None
    state: str | None = None
    cursor: str | None = None
    limit: int = 100
    within: str | None = None
    requests: bool = True


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Some links, newest first, and where the next page starts; None at the end."""

    items: list[Link]
    next_cursor: str | None


def title_of(link: Link) -> str:
    """The name of the link's file or folder, for people."""
    path = link.file_path if link.kind == FILE else link.folder
    if path is None:
        path = "a deleted file" if link.kind == FILE else "a deleted folder"
    return f"request link to {path}" if link.kind == REQUEST else f"link to {path}"


_COLUMNS: Final[tuple[Column[Any], ...]] = (
    _table.c.id,
    _table.c.owner_id,
    _table.c.kind,
    _table.c.file_id,
    _table.c.folder,
    _table.c.sha256,
    _table.c.user_id,
    _table.c.password_hash,
    _table.c.max_downloads,
    _table.c.downloads,
    _table.c.note,
    _table.c.created_at,
    _table.c.expires_at,
    _table.c.revoked_at,
    _table.c.used_at,
    _table.c.token_sealed,
    _owner.c.username,
    _owner.c.display_name,
    _named.c.username,
    _files.c.name,
    _files.c.path,
)


def _word(text: str) -> ColumnElement[str]:
    """One of our constants in the text of a statement, because lookups only bind their own parameters."""
    return literal_column(f"'{text}'", Text())


def _is_gone() -> ColumnElement[bool]:
    """A folder that is newer than the link is a different folder with the same name."""
    other_content = and_(_table.c.sha256.is_not(None), _objects.c.sha256 != _table.c.sha256)
    file_gone = or_(_files.c.id.is_(None), other_content)
    folder_gone = or_(_folders.c.path.is_(None), _folders.c.created_at > _table.c.created_at)
    return or_(
        _owner.c.disabled_at.is_not(None),
        and_(_table.c.kind == _word(FILE), file_gone),
        and_(_table.c.kind != _word(FILE), folder_gone),
    )


_NOW: Final = bindparam("now", type_=BigInteger())
_STATE: Final[ColumnElement[str]] = case(
    (_table.c.revoked_at.is_not(None), _word(REVOKED)),
    (_is_gone(), _word(GONE)),
    (_table.c.expires_at <= _NOW, _word(EXPIRED)),
    (_table.c.downloads >= _table.c.max_downloads, _word(USED_UP)),
    else_=_word(LIVE),
)
"""The only place that decides whether a link still works, for lists and for requests."""

_SELECT: Final[Select[Any]] = select(*_COLUMNS, _STATE.label("state")).select_from(
    _table.join(_owner, _owner.c.id == _table.c.owner_id)
    .outerjoin(_named, _named.c.id == _table.c.user_id)
    .outerjoin(_files, and_(_files.c.id == _table.c.file_id, _files.c.owner_id == _table.c.owner_id))
    .outerjoin(_objects, _objects.c.id == _files.c.object_id)
    .outerjoin(_folders, and_(_folders.c.owner_id == _table.c.owner_id, _folders.c.path == _table.c.folder))
)


def _link(row: Sequence[Any]) -> Link:
    return Link(*row)


LINK_BY_ID: Final = Lookup(_SELECT.where(_table.c.id == bindparam("link_id")), _link)
"""Takes `link_id` and `now` in microseconds."""

LINK_BY_TOKEN: Final = Lookup(_SELECT.where(_table.c.token_hash == bindparam("token_hash")), _link)
"""Takes `token_hash` and `now` in microseconds."""


def find_link(connection: Connection, link_id: str, *, now: datetime) -> Link | None:
    """The link with this id, of any owner."""
    row = connection.execute(_SELECT.where(_table.c.id == link_id), {"now": microseconds(now)}).first()
    return None if row is None else _link(row)


def live_links_by(thing: Column[str], owner_id: str, things: Sequence[str]) -> Select[str, int, int]:
    """The number of active links to each of these, and a zero. Takes `now` in microseconds."""
    counts = _SELECT.with_only_columns(thing, func.count(), literal_column("0", BigInteger()))
    return counts.where(_table.c.owner_id == owner_id, thing.in_(things), _STATE == LIVE).group_by(thing)


def insert_link(connection: Connection, new: NewLink) -> None:
    """It has not been used yet."""
    values = {column.name: getattr(new, column.name) for column in _table.c if hasattr(new, column.name)}
    connection.execute(insert(_table).values(**values, downloads=0))


def list_links(connection: Connection, listing: LinkListing, *, now: datetime) -> LinkPage:
    """One page."""
    rows, next_cursor = newest_first(
        connection,
        _SELECT.where(*_filters(listing)),
        _table.c.created_at,
        _table.c.id,
        cursor=listing.cursor,
        limit=listing.limit,
        parameters={"now": microseconds(now)},
    )
    return LinkPage([_link(row) for row in rows], next_cursor)


def revoke_links(connection: Connection, link_ids: Sequence[str], *, owner_id: str | None, now: datetime) -> list[str]:
    """The ids of the revoked links: those that exist, belong to the owner (if given), and were not revoked before."""
    wanted: list[ColumnElement[bool]] = [_table.c.id.in_(link_ids), _table.c.revoked_at.is_(None)]
    if owner_id is not None:
        wanted.append(_table.c.owner_id == owner_id)
    statement = update(_table).where(*wanted).values(revoked_at=now).returning(_table.c.id)
    return list(connection.execute(statement).scalars())


def change_link(connection: Connection, link_id: str, changes: dict[str, Any]) -> None:
    """Changes what is not part of the token: password_hash, max_downloads, note."""
    connection.execute(update(_table).where(_table.c.id == link_id).values(**changes))


def count_use(connection: Connection, link_id: str, *, now: datetime) -> bool:
    """Takes one of the remaining uses; False if there is none. The row stays locked, so that parallel requests cannot
    exceed the limit.
    """
    left = or_(_table.c.max_downloads.is_(None), _table.c.downloads < _table.c.max_downloads)
    statement = (
        update(_table)
        .where(_table.c.id == link_id, _table.c.revoked_at.is_(None), left)
        .values(downloads=_table.c.downloads + 1, used_at=now)
    )
    return connection.execute(statement).rowcount == 1


def _filters(listing: LinkListing) -> list[ColumnElement[bool]]:
    wanted = (
        (_table.c.owner_id, listing.owner_id),
        (_table.c.file_id, listing.file_id),
        (_table.c.folder, listing.folder),
        (_STATE, listing.state),
    )
    filters = [column == value for column, value in wanted if value is not None]
    if not listing.requests:
        filters.append(_table.c.kind != REQUEST)
    return filters if listing.within is None else [*filters, _leads_into(listing.within)]


def _leads_into(folder: str) -> ColumnElement[bool]:
    below = [func.substr(path, 1, len(folder) + 1) == f"{folder}/" for path in (_files.c.path, _table.c.folder)]
    return or_(_table.c.folder == folder, *below)
