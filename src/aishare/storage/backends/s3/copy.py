"""Copies inside the storage."""

from typing import Final

from aishare.core.errors import CorruptObject, NotSupported
from aishare.core.keys import Key
from aishare.core.sizes import GiB
from aishare.storage.backends.s3.client import Connection
from aishare.storage.backends.s3.read import stat
from aishare.storage.base import ObjectInfo, ServerSideCopier

_MAX_COPY_BYTES: Final = 5 * GiB
"""Limit of CopyObject; larger objects must be read and written."""


class S3Copier:
    """ServerSideCopier on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def reaches(self, other: ServerSideCopier) -> bool:
        return isinstance(other, S3Copier) and _access(self.connection) == _access(other.connection)

    async def copy(self, source: Key, target: Key, *, origin: ServerSideCopier | None = None) -> ObjectInfo:
        """NotSupported beyond 5 GiB, or if the source cannot be reached."""
        there = self if origin is None else origin
        if not isinstance(there, S3Copier) or not self.reaches(there):
            raise NotSupported("The storage cannot copy from there.")
        connection, original = self.connection, await stat(there.connection, source)
        if original.size_bytes > _MAX_COPY_BYTES:
            raise NotSupported(f"{source} is larger than the 5 GiB that S3 can copy in one request.")
        place = there.connection.place(source)
        request = connection.client.copy_object(
            **connection.place(target), CopySource={"Bucket": place["Bucket"], "Key": place["Key"]}
        )
        await connection.call(request, f"copying {source} to {target}", body_bytes=original.size_bytes)
        copied = await stat(connection, target)
        if copied.size_bytes != original.size_bytes:
            raise CorruptObject(f"The copy {target} has {copied.size_bytes} bytes of {original.size_bytes}.")
        return copied


def _access(connection: Connection) -> tuple[object, ...]:
    """Two locations for which these are equal are places in one storage, for one user."""
    config = connection.config
    return (config.profile, config.reachable_url, config.region, config.access_key, config.secret_key)
