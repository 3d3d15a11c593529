"""Sends a body so that a bit flipped in transit is noticed, by the storage or by us."""

import base64
import re
from collections.abc import Mapping
from typing import Any, Final

from aishare.core.errors import CorruptObject
from aishare.storage.backends.s3.buffers import PartBuffer
from aishare.storage.backends.s3.client import Connection

_SEND_TRIES: Final = 3
"""A body damaged in transit is sent again from memory, because the source cannot be read again."""

MD5_ETAG: Final = re.compile(r'"?([0-9a-f]{32})"?')

_ETAG_HINT = "Something between aishare and the storage changes content or headers: check proxies and the network."


async def send_proven(
    connection: Connection, buffer: PartBuffer, operation: str, parameters: Mapping[str, Any], *, doing: str
) -> Mapping[str, Any]:
    """Sends a body with its Content-MD5 and compares the ETag if it is an MD5; a damaged body is sent again, then an
    error is raised.
    """
    digest = await buffer.md5()
    for attempt in range(1, _SEND_TRIES + 1):
        try:
            answer = await _sent(connection, buffer, operation, parameters, doing=doing, digest=digest)
        except CorruptObject:
            if attempt == _SEND_TRIES:
                raise
            continue
        if _etag_agrees(answer, digest):
            return answer
    if operation == "put_object":
        await connection.call(
            connection.client.delete_object(Bucket=parameters["Bucket"], Key=parameters["Key"]), doing
        )
    raise CorruptObject(f"{doing} failed: the storage's ETag is not the MD5 of what was sent", hint=_ETAG_HINT)


async def _sent(  # noqa: PLR0913 - one request, and the state shared by retries
    connection: Connection,
    buffer: PartBuffer,
    operation: str,
    parameters: Mapping[str, Any],
    *,
    doing: str,
    digest: bytes,
) -> Mapping[str, Any]:
    md5 = base64.b64encode(digest).decode()
    if connection.direct is not None and operation == "put_object":
        length = str(buffer.size_bytes)
        headers = {"Content-MD5": md5, "Content-Type": parameters["ContentType"], "Content-Length": length}
        request = connection.direct.put(parameters["Key"], buffer.sendable(), headers=headers)
        answer = await connection.call(request, doing, body_bytes=buffer.size_bytes)
        if answer is not None:
            return answer
    request = getattr(connection.client, operation)(Body=buffer.body(), ContentMD5=md5, **parameters)
    return await connection.call(request, doing, body_bytes=buffer.size_bytes)


def _etag_agrees(answer: Mapping[str, Any], digest: bytes) -> bool:
    """An ETag is the MD5 of the body, unless the storage encrypts with its own keys; other formats say nothing."""
    if answer.get("SSECustomerAlgorithm") or "kms" in str(answer.get("ServerSideEncryption", "")):
        return True
    found = MD5_ETAG.fullmatch(str(answer.get("ETag", "")))
    return found is None or found.group(1) == digest.hex()
