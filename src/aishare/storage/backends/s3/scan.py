"""scan: one page of at most 1,000 names in memory at a time."""

from collections.abc import AsyncIterator
from typing import Any

from aishare.core.errors import InvalidKey
from aishare.core.keys import Key, parse_key
from aishare.storage.backends.s3.client import Connection
from aishare.storage.base import ObjectInfo


async def scan(connection: Connection, prefix: str, after: Key | None) -> AsyncIterator[ObjectInfo]:
    """See BaseStorageBackend.scan. Names in the bucket that are not our keys belong to others and are left out."""
    position: dict[str, Any] = {"StartAfter": connection.full(after)} if after is not None else {}
    start = connection.full("")
    while True:
        request = connection.client.list_objects_v2(Bucket=connection.config.bucket, Prefix=start + prefix, **position)
        page = await connection.call(request, "listing objects")
        for entry in page.get("Contents", []):
            try:
                key = parse_key(entry["Key"].removeprefix(start))
            except InvalidKey:
                continue
            etag = entry.get("ETag", "").strip('"') or None
            yield ObjectInfo(key, entry["Size"], etag=etag, modified_at=entry.get("LastModified"))
        if not page.get("IsTruncated") or "NextContinuationToken" not in page:
            return
        position = {"ContinuationToken": page["NextContinuationToken"]}
