"""Multipart uploads: the four requests, and uploads that continue after a request."""

import hashlib
from collections.abc import Awaitable, Sequence
from typing import Any

from aishare.core.errors import BackendDenied, BackendError, CorruptObject, NotSupported
from aishare.core.keys import Key
from aishare.storage.backends.s3.buffers import PartBudget, PartBuffer, part_buffer
from aishare.storage.backends.s3.client import Connection
from aishare.storage.backends.s3.errors import vendor_code
from aishare.storage.backends.s3.read import stat
from aishare.storage.backends.s3.sending import MD5_ETAG, send_proven
from aishare.storage.base import ObjectInfo, UploadPart


class S3PartUploads:
    """PartUploads on one connection."""

    def __init__(self, connection: Connection, budget: PartBudget) -> None:
        self._connection = connection
        self._budget = budget

    async def create(self, key: Key, *, content_type: str) -> str:
        return await create_upload(self._connection, key, content_type)

    async def upload_part(self, key: Key, upload_id: str, *, number: int, body: bytes) -> UploadPart:
        async with part_buffer(
            self._budget, len(body), self._connection.config.temporary_folder, self._connection.config.reserve
        ) as buffer:
            await buffer.add(body)
            async with self._budget.turn_to_send:
                return await send_part(self._connection, key, upload_id, number=number, buffer=buffer)

    async def complete(self, key: Key, upload_id: str, parts: Sequence[UploadPart]) -> ObjectInfo:
        return await complete_upload(self._connection, key, upload_id, parts=parts, content_type=None)

    async def abort(self, key: Key, upload_id: str) -> None:
        await abort_upload(self._connection, key, upload_id)

    async def missing_rights(self, key: Key, upload_id: str) -> Sequence[str]:
        place = self._connection.place(key)
        listing = self._connection.client.list_multipart_uploads(
            Bucket=place["Bucket"], Prefix=place["Key"], MaxUploads=1
        )
        tried = {
            "s3:ListBucketMultipartUploads": self._connection.call(listing, "listing unfinished uploads"),
            "s3:AbortMultipartUpload": self.abort(key, upload_id),
        }
        return [right for right, request in tried.items() if await _is_refused(request)]


async def _is_refused(request: Awaitable[object]) -> bool:
    try:
        await request
    except (BackendDenied, NotSupported):
        return True
    return False


async def create_upload(connection: Connection, key: Key, content_type: str) -> str:
    request = connection.client.create_multipart_upload(**connection.place(key), ContentType=content_type)
    return (await connection.call(request, f"starting an upload of {key}"))["UploadId"]


async def send_part(connection: Connection, key: Key, upload_id: str, *, number: int, buffer: PartBuffer) -> UploadPart:
    answer = await send_proven(
        connection,
        buffer,
        "upload_part",
        {**connection.place(key), "UploadId": upload_id, "PartNumber": number},
        doing=f"writing part {number} of {key}",
    )
    return UploadPart(number, buffer.size_bytes, str(answer["ETag"]).strip('"'))


async def complete_upload(
    connection: Connection, key: Key, upload_id: str, *, parts: Sequence[UploadPart], content_type: str | None
) -> ObjectInfo:
    """Joins the parts and checks that the storage has as many bytes as were sent."""
    listed: Any = [{"PartNumber": part.number, "ETag": f'"{part.etag}"'} for part in parts]
    request = connection.client.complete_multipart_upload(
        **connection.place(key), UploadId=upload_id, MultipartUpload={"Parts": listed}
    )
    try:
        await connection.call(request, f"completing {key}")
    except BackendError as error:
        # If the response is lost, the client repeats the request, and then the upload is gone: check the object
        # instead.
        lost = vendor_code(error.__cause__) == "NoSuchUpload"
        if not lost or (await stat(connection, key)).etag != multipart_etag(parts):
            raise
    info = await stat(connection, key)
    expected = sum(part.size_bytes for part in parts)
    if info.size_bytes != expected:
        await connection.call(connection.client.delete_object(**connection.place(key)), f"removing {key}")
        raise CorruptObject(f"The storage kept only {info.size_bytes} of {expected} bytes of {key}.")
    return ObjectInfo(key, expected, content_type or info.content_type, info.etag, info.modified_at)


async def abort_upload(connection: Connection, key: Key, upload_id: str) -> None:
    request = connection.client.abort_multipart_upload(**connection.place(key), UploadId=upload_id)
    try:
        await connection.call(request, f"aborting the upload of {key}")
    except BackendError as error:
        if vendor_code(error.__cause__) != "NoSuchUpload":
            raise


def multipart_etag(parts: Sequence[UploadPart]) -> str:
    """The ETag that AWS and compatible servers derive from the parts' MD5s."""
    joined = b"".join(bytes.fromhex(part.etag) for part in parts if MD5_ETAG.fullmatch(part.etag))
    return f"{hashlib.md5(joined, usedforsecurity=False).hexdigest()}-{len(parts)}"
