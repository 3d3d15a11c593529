"""delete: one request per object; DeleteObjects needs checksums that several stores refuse."""

from aishare.core.errors import ObjectNotFound
from aishare.core.keys import Key
from aishare.storage.backends.s3.client import Connection


async def delete(connection: Connection, key: Key) -> None:
    """See BaseStorageBackend.delete. A versioned bucket keeps old versions as its own rules say."""
    try:
        await connection.call(connection.client.delete_object(**connection.place(key)), f"deleting {key}")
    except ObjectNotFound:
        return  # some storages respond with 404 where S3 responds with 204
