"""Detects the features of a storage by trying them: a list of vendors would soon be out of date."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from aishare.core.errors import AishareError, BackendDenied, BackendError, BackendUnavailable
from aishare.core.ids import new_id
from aishare.core.keys import Key, parse_key
from aishare.core.sizes import MiB
from aishare.storage.backends.s3.client import Connection
from aishare.storage.backends.s3.errors import vendor_code
from aishare.storage.backends.s3.exchange import Greeting, greet, trusted_context
from aishare.storage.backends.s3.proxies import proxy_for
from aishare.storage.base import PartUploads, StorageProfile

_PART_SIZES: Final = (1, 5 * MiB)
_BODY: Final = b"aishare"
_TYPE: Final = "application/octet-stream"


class S3Profiler:
    """Profiler on one connection."""

    def __init__(self, connection: Connection, parts: PartUploads) -> None:
        self._connection = connection
        self._parts = parts
        self._server: str | None = None

    async def profile(self) -> StorageProfile:
        key = parse_key(f"probe/{new_id()}")
        greeting = await self._greeting()
        try:
            return StorageProfile(
                checksums=await self._tried(self._checksums(key)),
                conditional_put=await self._tried(self._conditional_put(key)),
                delete_objects=await self._tried(self._delete_objects(key)),
                multipart_minimum_bytes=await self._multipart_minimum(key),
                addressing=self._connection.config.style.value,
                clock_offset_ms=_offset(greeting),
                server=self._server,
            )
        finally:
            await self._connection.call(
                self._connection.client.delete_object(**self._connection.place(key)), "removing a probe"
            )

    async def _tried(self, trial: Awaitable[bool]) -> bool | None:
        """False if the storage refuses; None if this key lacks the permission, so the result is unknown."""
        try:
            return await trial
        except BackendUnavailable:
            raise
        except BackendDenied:
            return None
        except BackendError:
            return False

    async def _put(self, key: Key, **extra: Any) -> Any:
        request = self._connection.client.put_object(**self._connection.place(key), Body=_BODY, **extra)
        answer: Any = await self._connection.call(request, "writing a probe")
        self._server = answer["ResponseMetadata"]["HTTPHeaders"].get("server") or self._server
        return answer

    async def _checksums(self, key: Key) -> bool:
        """Whether it verifies and stores a CRC32; some storages accept the header and ignore it."""
        answer = await self._put(key, ChecksumAlgorithm="CRC32")
        return "ChecksumCRC32" in answer

    async def _conditional_put(self, key: Key) -> bool:
        """Whether a second writer of a name is refused; some storages accept the header and replace the object."""
        await self._put(key)
        try:
            await self._put(key, IfNoneMatch="*")
        except BackendError as error:
            if vendor_code(error.__cause__) == "PreconditionFailed":
                return True
            raise
        return False

    async def _delete_objects(self, key: Key) -> bool:
        place = self._connection.place(key)
        request = self._connection.client.delete_objects(
            Bucket=place["Bucket"], Delete={"Objects": [{"Key": place["Key"]}], "Quiet": True}
        )
        return not (await self._connection.call(request, "deleting probes")).get("Errors")

    async def _multipart_minimum(self, key: Key) -> int | None:
        """The smallest tested size that a part other than the last can have."""
        for size in _PART_SIZES:
            if await self._tried(self._joins(key, size)):
                return size
        return None

    async def _joins(self, key: Key, size: int) -> bool:
        upload_id = await self._parts.create(key, content_type=_TYPE)
        try:
            parts = [
                await self._parts.upload_part(key, upload_id, number=number, body=body)
                for number, body in enumerate((bytes(size), b"x"), start=1)
            ]
            await self._parts.complete(key, upload_id, parts)
        except AishareError:
            await self._parts.abort(key, upload_id)
            raise
        return True

    async def _greeting(self) -> Greeting | None:
        """The head of a plain response; None through a proxy, which would respond itself."""
        config = self._connection.config
        if proxy_for(config.request_url) is not None:
            return None
        parts = urlsplit(config.request_url)
        tls = parts.scheme == "https"
        context = await trusted_context(config) if tls else None
        try:
            async with asyncio.timeout(config.connect_timeout_seconds):
                return await greet(parts.hostname or "", parts.port or (443 if tls else 80), context=context)
        except (OSError, AishareError):
            return None


def _offset(greeting: Greeting | None) -> int | None:
    """Difference of the storage's clock from ours, accurate to half a second: the header only has whole seconds."""
    if greeting is None or greeting.date is None:
        return None
    return round((greeting.date.astimezone(UTC) - datetime.now(UTC)).total_seconds() * 1000 + 500)
