"""What a migration moved, for the record."""

import hashlib
import json
from datetime import datetime

from aishare.catalogue import migrations
from aishare.catalogue.migrations import Migration
from aishare.catalogue.session import Connection


def manifest_of(connection: Connection, migration: Migration, *, failures: int, now: datetime) -> str:
    """JSON. `sha256` is that of lines `<object id> <SHA-256 in hex> <size>` and a newline, in the order of ids.

    Files that were deleted since they were moved are in none of the figures.
    """
    digest, count, size = hashlib.sha256(), 0, 0
    for object_id, sha256, size_bytes in migrations.moved_objects(connection, migration.id):
        digest.update(f"{object_id} {sha256.hex()} {size_bytes}\n".encode())
        count, size = count + 1, size + size_bytes
    return json.dumps(
        {
            "migration_id": migration.id,
            "source": migration.source_id,
            "target": migration.target_id,
            "objects": count,
            "bytes": size,
            "sha256": digest.hexdigest(),
            "failures": failures,
            "completed_at": now.isoformat(),
        }
    )
