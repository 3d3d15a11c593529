"""Unfinished multipart uploads: invisible in listings, but still charged for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from aishare.core.errors import BackendDenied, InvalidKey
from aishare.core.keys import Key, parse_key
from aishare.storage.backends.s3.client import Connection
from aishare.storage.backends.s3.parts import abort_upload


class S3Leftovers:
    """Leftovers on one connection: only uploads of our own keys, below our own prefix."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def count_incoming(self, *, older_than_seconds: float) -> int:
        return len([upload async for upload in self._stale(older_than_seconds)])

    async def sweep_incoming(self, *, older_than_seconds: float) -> int:
        """One upload that cannot be removed does not stop the others; an error is only raised if none could
        be removed.
        """
        refused: list[BackendDenied] = []
        stale = [upload async for upload in self._stale(older_than_seconds)]
        for key, upload_id in stale:
            try:
                await abort_upload(self._connection, key, upload_id)
            except BackendDenied as error:
                refused.append(error)
        if refused and len(refused) == len(stale):
            raise refused[0]
        return len(stale) - len(refused)

    async def _stale(self, older_than_seconds: float) -> AsyncIterator[tuple[Key, str]]:
        connection, position = self._connection, dict[str, Any]()
        before = datetime.now(UTC) - timedelta(seconds=older_than_seconds)
        start = connection.full("")
        while True:
            request = connection.client.list_multipart_uploads(
                Bucket=connection.config.bucket, Prefix=start, **position
            )
            page = await connection.call(request, "listing unfinished uploads")
            for upload in page.get("Uploads", []):
                key = _key(upload["Key"].removeprefix(start))
                if key is not None and upload["Initiated"] < before:
                    yield key, upload["UploadId"]
            if not page.get("IsTruncated") or "NextKeyMarker" not in page:
                return
            position = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page.get("NextUploadIdMarker", "")}


def _key(name: str) -> Key | None:
    """Of objects and connection tests; everything else in the bucket belongs to others."""
    if not name.startswith(("objects/", "probe/")):
        return None
    try:
        return parse_key(name)
    except InvalidKey:
        return None
