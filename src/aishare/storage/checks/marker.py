"""The owner marker: a small object in every storage that says which installation of aishare it belongs to.

Two installations in one place would delete each other's objects as unused. If a place has no owner yet, the marker is
written and read back: if two installations claim it at once, the one whose marker remains is the owner.
"""

import asyncio
import fcntl
import hashlib
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aishare.core.clock import utc_now
from aishare.core.errors import BackendUnavailable, CorruptObject, LocationMissing, LocationOwned, ObjectNotFound
from aishare.core.keys import parse_key
from aishare.storage.base import BaseStorageBackend, Source

MARKER_KEY: Final = parse_key("owner.json")
"""Outside `objects/`, so that it is not listed as an object."""

_PAUSE_SECONDS: Final = 1.0
"""Between writing and reading back: another installation that saw no marker either has written its own by then."""

_LARGEST: Final = 4096
_ATTEMPTS: Final = 3
"""Attempts to read the marker: data may be damaged in transit."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of a storage. `name` is for people; `created_at` says since when, in ISO 8601."""

    installation: str
    name: str
    created_at: str


_UNKNOWN: Final = Owner("unknown", "unknown", "unknown")
"""The storage has an owner marker that cannot be read."""


async def claim(
    backend: BaseStorageBackend, installation: str, name: str, *, take_over: bool = False, expected: bool = False
) -> Owner | None:
    """Makes the storage ours. Returns the previous owner, or None. Raises LocationOwned if it belongs to another
    installation, unless `take_over`; BackendError if the storage fails.

    With `expected` it was ours: without our marker it was emptied or replaced, LocationMissing.
    """
    if take_over:
        before = await owner_of(backend)
        if before is None or before.installation != installation:
            await _put(backend, Owner(installation, name, utc_now().isoformat()))
        return before
    before = await read_owner(backend)
    if before is None and expected:
        raise emptied()
    if before is None:
        async with _in_turn(backend) as pause_seconds:
            before = await _claim_free(backend, Owner(installation, name, utc_now().isoformat()), pause_seconds)
    if before is not None and before.installation != installation:
        raise owned_by(before)
    return before


async def read_owner(backend: BaseStorageBackend) -> Owner | None:
    """The owner; None if there is none. Raises CorruptObject for an unreadable marker."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _parsed(await _read(backend))
        except ObjectNotFound:
            return None
        except CorruptObject:
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


async def owner_of(backend: BaseStorageBackend) -> Owner | None:
    """The same, for people: an unreadable marker also means that there is an owner."""
    try:
        return await read_owner(backend)
    except CorruptObject:
        return _UNKNOWN


def owned_by(owner: Owner) -> LocationOwned:
    """An error with the owner, and what can be done."""
    return LocationOwned(
        f"This storage belongs to another installation of aishare: {owner.name}, since {owner.created_at[:16]}.",
        hint=(
            "Choose another bucket, S3_KEY_PREFIX or folder. If that installation no longer exists, or this is "
            "the same one with a new database, take the storage over: aishare storage take-over --yes"
        ),
    )


def emptied() -> LocationMissing:
    """An error with what can be done."""
    return LocationMissing(
        "The storage is not the one that aishare used before: its owner marker is missing. It was emptied or replaced.",
        hint=(
            "Restore its content; it is then used again automatically. To start with a new, empty storage: "
            "aishare storage take-over --yes"
        ),
    )


async def _claim_free(backend: BaseStorageBackend, ours: Owner, pause_seconds: float) -> Owner | None:
    """None if it is ours now, otherwise the owner that was first."""
    if pause_seconds == 0 and (faster := await read_owner(backend)) is not None:
        return faster
    await _put(backend, ours)
    await asyncio.sleep(pause_seconds)
    found = await read_owner(backend)
    if found is None:
        raise BackendUnavailable("The storage has lost the owner marker that was just written.")
    return None if found == ours else found


@asynccontextmanager
async def _in_turn(backend: BaseStorageBackend) -> AsyncIterator[float]:
    """How long to wait before reading back. A folder is locked, so that only one installation claims it at a time and
    nobody has to wait.
    """
    folder = None
    if backend.local_files is not None:
        folder = await asyncio.to_thread(_locked, Path(backend.local_files.path_of(MARKER_KEY)).parent)
    try:
        yield _PAUSE_SECONDS if folder is None else 0.0
    finally:
        if folder is not None:
            os.close(folder)


def _locked(folder: Path) -> int | None:
    """None if the file system has no locks."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


async def _read(backend: BaseStorageBackend) -> bytes:
    content = b""
    async with backend.read(MARKER_KEY) as reader:
        async for piece in reader.pieces:
            content += piece
            if len(content) > _LARGEST:
                raise CorruptObject(f"{MARKER_KEY} is not an aishare owner marker.")
    return content


async def _put(backend: BaseStorageBackend, owner: Owner) -> None:
    content = json.dumps({**_fields(owner), "sha256": _digest(owner)}).encode()

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    source = Source(pieces, rewindable=True)
    await backend.put(MARKER_KEY, source, size=len(content), content_type="application/json")


def _parsed(content: bytes) -> Owner:
    try:
        document = json.loads(content)
        owner = Owner(str(document["installation"]), str(document["name"]), str(document["created_at"]))
        proven = document["sha256"] == _digest(owner)
    except (ValueError, TypeError, KeyError) as error:
        raise CorruptObject(f"{MARKER_KEY} cannot be read.") from error
    if not proven:
        raise CorruptObject(f"{MARKER_KEY} is not what was written.")
    return owner


def _fields(owner: Owner) -> dict[str, str]:
    return {"installation": owner.installation, "name": owner.name, "created_at": owner.created_at}


def _digest(owner: Owner) -> str:
    """A marker damaged in transit must not look like that of another installation."""
    return hashlib.sha256(json.dumps(_fields(owner)).encode()).hexdigest()
