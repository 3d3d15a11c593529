"""The connection test: small real operations in order, each with its result, its duration and what to change.

Uses only the interface; checks that are specific to a storage come first, from its `preflight`.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from aishare.core.errors import AishareError, BackendError, BackendTimeout, CorruptObject, ObjectNotFound
from aishare.core.ids import new_id
from aishare.core.keys import Key, parse_key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import KiB
from aishare.storage.base import BaseStorageBackend, Check, PartUploads, Source

DEADLINE_SECONDS: Final = 9.0
"""People wait for the result; including the clean-up it arrives within 10 seconds even if the storage hangs."""

_CLEANUP_SECONDS: Final = 0.9
_TYPE: Final = "application/octet-stream"
_RANGE: Final = ByteRange(1000, 3000)
_SIZE: Final = 64 * KiB


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """The result of one step. `ok` is None for a step that was skipped; a successful one with a hint is a warning."""

    name: str
    ok: bool | None
    ms: float
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """All steps; `ok` if none failed."""

    ok: bool
    steps: tuple[ProbeStep, ...]


async def run_probe(target: BaseStorageBackend, *, deadline_seconds: float = DEADLINE_SECONDS) -> ProbeReport:
    """All steps of `probe`. Never raises errors of the storage."""
    return report_of([step async for step in probe(target, deadline_seconds=deadline_seconds)])


def report_of(steps: Sequence[ProbeStep]) -> ProbeReport:
    """All steps together."""
    return ProbeReport(ok=all(step.ok is not False for step in steps), steps=tuple(steps))


async def probe(
    target: BaseStorageBackend, *, deadline_seconds: float = DEADLINE_SECONDS
) -> AsyncGenerator[ProbeStep, None]:
    """Yields each step as it ends; after the first failure the others are reported as skipped. Leaves nothing behind.

    A target that retries for long would hide the cause behind the deadline, so use an impatient configuration.
    """
    ends = time.monotonic() + deadline_seconds
    trial = _Trial(target)
    failed: str | None = None
    try:
        for check in trial.checks():
            if failed is not None:
                yield ProbeStep(check.name, None, 0, f"Skipped because {failed} failed.")
                continue
            step = await _run(check, ends)
            failed = step.name if step.ok is False else None
            yield step
    finally:
        await trial.clean_up()


async def _run(check: Check, ends: float) -> ProbeStep:
    began = time.monotonic()
    try:
        async with asyncio.timeout(ends - began):
            message, ok, hint = await check.run(), True, None
    except _Warned as warning:
        message, ok, hint = str(warning), True, warning.hint
    except _NotOffered as error:
        return ProbeStep(check.name, None, 0, str(error))
    except TimeoutError:
        message, ok, hint = (
            "No response in time.",
            False,
            "Check that the storage is running and can be reached from this server.",
        )
    except AishareError as error:
        message, ok, hint = error.message, False, error.hint
    except Exception as error:  # noqa: BLE001 - a broken backend is a result of the test
        message, ok, hint = f"Unexpected {type(error).__name__}.", False, "The log has the details."
    return ProbeStep(check.name, ok, round((time.monotonic() - began) * 1000, 1), message, hint)


class _NotOffered(Exception):
    """The storage does not have the feature; nothing to test."""


class _Warned(Exception):
    """The step succeeded, with a warning."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class _Trial:
    """The objects of one test, and their removal."""

    def __init__(self, target: BaseStorageBackend) -> None:
        self._target = target
        self._key = parse_key(f"probe/{new_id()}")
        self._content = os.urandom(_SIZE)
        self._written: set[Key] = set()
        self._upload: tuple[Key, str] | None = None
        self._completed: tuple[Key, str] | None = None

    def checks(self) -> Sequence[Check]:
        preflight = self._target.preflight
        return (
            *(preflight.checks() if preflight is not None else ()),
            Check("put", self._put),
            Check("head", self._head),
            Check("range_read", self._range_read),
            Check("multipart", self._multipart),
            Check("presigned_fetch", self._presigned_fetch),
            Check("delete", self._delete),
        )

    async def _put(self) -> str:
        self._written.add(self._key)
        await self._target.put(self._key, Source(self._pieces, rewindable=True), size=_SIZE, content_type=_TYPE)
        return f"{_SIZE} bytes written."

    async def _pieces(self) -> AsyncIterator[bytes]:
        yield self._content

    async def _head(self) -> str:
        info = await self._target.stat(self._key)
        if info.size_bytes != _SIZE:
            raise CorruptObject(f"The storage reports {info.size_bytes} bytes instead of {_SIZE}.", hint=_DAMAGE_HINT)
        return f"{info.size_bytes} bytes found."

    async def _range_read(self) -> str:
        async with self._target.read(self._key, _RANGE) as reader:
            content = b"".join([piece async for piece in reader.pieces])
        if content != self._content[_RANGE.start : _RANGE.stop]:
            raise CorruptObject("The storage returned different bytes than were written.", hint=_DAMAGE_HINT)
        return f"Bytes {_RANGE.start} to {_RANGE.stop - 1} are correct."

    async def _multipart(self) -> str:
        parts = self._target.parts
        if parts is None:
            raise _NotOffered("This storage does not need multipart uploads.")
        key = parse_key(f"{self._key}-parts")
        self._written.add(key)
        await self._upload_parts(parts, key)
        info = await self._target.stat(key)
        if info.size_bytes != _SIZE:
            raise CorruptObject(f"The storage joined {info.size_bytes} bytes instead of {_SIZE}.", hint=_DAMAGE_HINT)
        return "One part uploaded and completed."

    async def _upload_parts(self, parts: PartUploads, key: Key) -> None:
        upload_id = await parts.create(key, content_type=_TYPE)
        self._upload = (key, upload_id)
        part = await parts.upload_part(key, upload_id, number=1, body=self._content)
        await parts.complete(key, upload_id, [part])
        self._upload, self._completed = None, (key, upload_id)

    async def _presigned_fetch(self) -> str:
        presigner, preflight = self._target.presigner, self._target.preflight
        if presigner is None or preflight is None:
            raise _NotOffered("This storage does not support presigned links.")
        request = await presigner.presign_get(
            self._key, expires_in_seconds=60, content_type=_TYPE, content_disposition="attachment"
        )
        host = urlsplit(request.url).netloc
        try:
            status, body = await preflight.fetch(request)
        except BackendError as error:
            hint = f"If this server cannot reach {host}, browsers probably cannot either: set S3_PUBLIC_ENDPOINT."
            raise BackendError(f"{error.message} ({host})", hint=hint) from error
        self._check_fetched(status, body, host)
        return f"Fetched from {host}."

    def _check_fetched(self, status: int, body: bytes, host: str) -> None:
        if status == HTTPStatus.FORBIDDEN and b"SignatureDoesNotMatch" in body:
            raise BackendError(
                f"The storage does not accept links signed for {host}.",
                hint=(
                    "A proxy in front of the storage must forward the Host header unchanged, and "
                    "S3_PUBLIC_ENDPOINT must be the address that the storage sees."
                ),
            )
        if status != HTTPStatus.OK:
            raise BackendError(
                f"{host} responded to a presigned link with status {status}.", hint="Check S3_PUBLIC_ENDPOINT."
            )
        if body != self._content:
            raise CorruptObject(f"{host} returned different bytes than were written.", hint="Check S3_PUBLIC_ENDPOINT.")

    async def _delete(self) -> str:
        for key in sorted(self._written):
            await self._target.delete(key)
        try:
            await self._target.stat(self._key)
        except ObjectNotFound:
            self._written.clear()
            await self._warn_of_leftovers()
            return "The test objects were deleted."
        raise BackendError(
            "The object still exists after it was deleted.", hint="Allow the access key to delete objects."
        )

    async def _warn_of_leftovers(self) -> None:
        """Interrupted uploads must also be found and removed; a key without that permission still works."""
        if self._target.parts is None or self._completed is None:
            return
        if missing := await self._target.parts.missing_rights(*self._completed):
            raise _Warned(
                "The test objects were deleted. Unfinished uploads cannot be cleaned up.",
                hint=f"Grant the access key {' and '.join(missing)}, or let the storage delete unfinished uploads.",
            )

    async def clean_up(self) -> None:
        """Limited in time; what remains in a failed storage is under `probe/` and contains random bytes."""
        try:
            async with asyncio.timeout(_CLEANUP_SECONDS):
                await self._remove()
        except (TimeoutError, BackendTimeout, BackendError):
            return

    async def _remove(self) -> None:
        if self._upload is not None and self._target.parts is not None:
            await self._target.parts.abort(*self._upload)
        for key in sorted(self._written):
            await self._target.delete(key)


_DAMAGE_HINT = (
    "Something between aishare and the storage changes the data: check proxies, caches and the storage itself."
)
