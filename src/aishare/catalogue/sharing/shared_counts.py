"""Which of an owner's files and folders others can access: for an icon on each row of a list, in one query for all
rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, union_all

from aishare.catalogue import schema
from aishare.catalogue.columns import microseconds
from aishare.catalogue.sharing.links import live_links_by
from aishare.catalogue.sharing.shares import shares_by


@dataclass(frozen=True, slots=True)
class SharedCounts:
    """Active links, and people it is shared with directly; shares of a parent folder do not count."""

    links: int = 0
    people: int = 0


NOT_SHARED: Final = SharedCounts()


@dataclass(frozen=True, slots=True)
class Shared:
    """By file id or path of a folder; items that are not on the page have no counts."""

    counts: Mapping[str, SharedCounts] = field(default_factory=dict)

    def of(self, key: str) -> SharedCounts:
        return self.counts.get(key, NOT_SHARED)


def shared_files(connection: Connection, owner_id: str, file_ids: Sequence[str], *, now: datetime) -> Shared:
    """For files of this owner."""
    links, shares = schema.links.c.file_id, schema.shares.c.file_id
    return _shared(connection, owner_id, file_ids, links=links, shares=shares, now=now)


def shared_folders(connection: Connection, owner_id: str, paths: Sequence[str], *, now: datetime) -> Shared:
    """For folders of this owner."""
    links, shares = schema.links.c.folder, schema.shares.c.folder
    return _shared(connection, owner_id, paths, links=links, shares=shares, now=now)


def _shared(  # noqa: PLR0913 - owner, items and columns
    connection: Connection,
    owner_id: str,
    things: Sequence[str],
    *,
    links: Column[str],
    shares: Column[str],
    now: datetime,
) -> Shared:
    if not things:
        return Shared()
    both = union_all(live_links_by(links, owner_id, things), shares_by(shares, owner_id, things))
    found: dict[str, SharedCounts] = {}
    for thing, by_link, by_share in connection.execute(both, {"now": microseconds(now)}):
        known = found.get(thing, NOT_SHARED)
        found[thing] = SharedCounts(known.links + by_link, known.people + by_share)
    return Shared(found)
