"""Copies inside the store."""

from typing import Final

from aishare.core.errors import CorruptObject, NotSupported
from aishare.core.keys import Key
from aishare.core.sizes import GiB
from aishare.storage.base import ObjectInfo
from aishare.storage.s3.client import Connection
from aishare.storage.s3.read import stat

_MAX_COPY_BYTES: Final = 5 * GiB
"""What CopyObject takes; larger objects have to be read and put."""


class S3Copier:
    """ServerSideCopier on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def copy(self, source: Key, target: Key) -> ObjectInfo:
        """NotSupported beyond 5 GiB."""
        connection, original = self._connection, await stat(self._connection, source)
        if original.size_bytes > _MAX_COPY_BYTES:
            raise NotSupported(f"{source} is larger than the 5 GiB that S3 copies in one request.")
        place = connection.place(source)
        request = connection.client.copy_object(
            **connection.place(target), CopySource={"Bucket": place["Bucket"], "Key": place["Key"]}
        )
        await connection.call(request, f"copying {source} to {target}", body_bytes=original.size_bytes)
        copied = await stat(connection, target)
        if copied.size_bytes != original.size_bytes:
            raise CorruptObject(f"The copy {target} has {copied.size_bytes} bytes of {original.size_bytes}.")
        return copied
