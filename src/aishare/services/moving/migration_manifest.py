"""The manifest of a migration: what was moved, in numbers and one digest."""

import hashlib
from datetime import datetime
from typing import Any, Final

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.moving import copies, migration_failures
from aishare.catalogue.moving.migrations import Migration

_PAGE: Final = 2000


async def manifest_of(catalogue: Catalogue, migration: Migration, *, completed_at: datetime) -> dict[str, Any]:
    """Of the objects that it moved and that are still there.

    `sha256` is over lines of object id, SHA-256 and size, sorted by id, so that anyone can compute it again.
    """
    digest, count, size, after = hashlib.sha256(), 0, 0, ""

    def page(connection: Connection) -> list[Any]:
        return copies.moved_pairs(
            connection,
            migration.id,
            left=migration.source_id,
            now_in=migration.target_id,
            after=after,
            limit=_PAGE,
        )

    while pairs := await catalogue.read(page):
        for _copy, stored in pairs:
            digest.update(f"{stored.id} {stored.digests.sha256.hex()} {stored.digests.size_bytes}\n".encode())
            count, size = count + 1, size + stored.digests.size_bytes
        after = pairs[-1][1].id
    failures = await catalogue.read(migration_failures.count_failures)
    return {
        "migration_id": migration.id,
        "source": migration.source_id,
        "target": migration.target_id,
        "objects": count,
        "bytes": size,
        "sha256": digest.hexdigest(),
        "failures": failures.get(migration.id, 0),
        "completed_at": completed_at.isoformat(),
    }
