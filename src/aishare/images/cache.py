"""Thumbnails on the local disk, by the digest of the original. All of them can be deleted at any time.

Several processes share the folder: files are added by rename, and files may already have been deleted by another
process. Only files with our own names are changed, because the folder may contain other files.
"""

import asyncio
import errno
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, NamedTuple

from aishare.core.ids import new_id
from aishare.images.recipe import RECIPE

_FOLDER: Final = "thumbnails"
_NAME: Final = re.compile(r"([0-9a-f]{64})-\d{1,5}\.webp|\.incoming-[a-z2-7]{24}")
_BLOCK: Final = 4096
"""Disk space that the smallest file uses on most file systems."""

_KNOWN_MAX: Final = 10_000
_TOUCH_SECONDS: Final = 600.0
"""How often the last use of a thumbnail is recorded; more often would cost more than it is worth."""

_SWEPT_TO: Final = 0.9
_STALE_SECONDS: Final = 3600.0


class _Known(NamedTuple):
    size_bytes: int
    touched: float


class ThumbnailCache:
    """A folder with about `limit_bytes` at most; the least recently used files are deleted first.

    `is_there` says whether its disk is mounted: nothing is created in the mount point of a missing disk.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limit_bytes: int,
        require_room: Callable[[Path, int], object] = lambda _folder, _size: None,
        is_there: Callable[[], bool] = lambda: True,
    ) -> None:
        self._require_room = require_room
        self._root = folder
        self._folder = folder / _FOLDER / f"v{RECIPE}"
        self._limit_bytes = limit_bytes
        self._is_there = is_there
        self._known: dict[str, _Known] = {}
        self._added = 0

    def path_of(self, sha256: bytes, size: int) -> str:
        name = sha256.hex()
        return f"{self._folder}/{name[:2]}/{name}-{size}.webp"

    async def find(self, sha256: bytes, size: int) -> int | None:
        """Bytes of the thumbnail; None if there is none. Another process may delete it a moment later."""
        path = self.path_of(sha256, size)
        known = self._known.get(path)
        if known is None or time.monotonic() - known.touched > _TOUCH_SECONDS:
            found = await asyncio.to_thread(_touched, path)
            if found is None:
                self.miss(sha256, size)
                return None
            known = self._remember(path, found)
        return known.size_bytes

    def miss(self, sha256: bytes, size: int) -> None:
        """Records that it is gone."""
        self._known.pop(self.path_of(sha256, size), None)

    async def put(self, sha256: bytes, size: int, content: bytes) -> None:
        """Raises OSError of the disk, or the error of `require_room`; then nothing is left behind."""
        if not self._is_there():
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        path = self.path_of(sha256, size)
        await asyncio.to_thread(self._write, Path(path), content)
        self._remember(path, len(content))
        self._added += len(content) + _BLOCK
        if self._added > self._limit_bytes // 10:
            await self.sweep()

    async def temporary(self) -> IO[bytes]:
        """A file without a name: it disappears when it is closed."""
        return await asyncio.to_thread(_temporary, self._root if self._is_there() else Path(tempfile.gettempdir()))

    async def forget(self, digests: Iterable[bytes]) -> None:
        """Deletes thumbnails of content that no longer exists."""
        await asyncio.to_thread(_remove, self._folder, [digest.hex() for digest in digests])
        self._known.clear()

    async def sweep(self) -> int:
        """Enforces the limit; returns the number of deleted files."""
        self._added = 0
        removed = await asyncio.to_thread(_sweep, self._root / _FOLDER, self._folder.name, self._limit_bytes)
        if removed:
            self._known.clear()
        return removed

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._require_room(path.parent, len(content))
        _write(path, content)

    def _remember(self, path: str, size_bytes: int) -> _Known:
        if len(self._known) >= _KNOWN_MAX:
            self._known.pop(next(iter(self._known)))
        known = self._known[path] = _Known(size_bytes, time.monotonic())
        return known


def _touched(path: str) -> int | None:
    try:
        os.utime(path)
        return Path(path).stat().st_size
    except OSError:
        return None


def _temporary(folder: Path) -> IO[bytes]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f".incoming-{new_id()}"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    path.unlink()
    return os.fdopen(descriptor, "w+b", buffering=0)


def _write(target: Path, content: bytes) -> None:
    """All or nothing, even after a power cut: an incomplete thumbnail would be shown for years."""
    incoming = target.with_name(f".incoming-{new_id()}")
    try:
        with os.fdopen(os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        incoming.replace(target)
    except BaseException:
        incoming.unlink(missing_ok=True)
        raise


def _remove(folder: Path, names: list[str]) -> None:
    for name in names:
        for path in (folder / name[:2]).glob(f"{name}-*.webp"):
            path.unlink(missing_ok=True)


class _Entry(NamedTuple):
    used: float
    bytes: int
    path: Path
    current: bool


def _sweep(folder: Path, version: str, limit_bytes: int) -> int:
    """First those of other recipes and leftovers of a crash; then the least recently used."""
    entries = sorted(_entries(folder, version), key=lambda entry: (entry.current, entry.used))
    total = sum(entry.bytes for entry in entries)
    goal = total if total <= limit_bytes else int(limit_bytes * _SWEPT_TO)
    removed = 0
    for entry in entries:
        if entry.current and total <= goal:
            break
        with suppress(FileNotFoundError):
            entry.path.unlink()
            removed += 1
        total -= entry.bytes
    return removed


def _entries(folder: Path, version: str) -> Iterable[_Entry]:
    for parent, _, names in os.walk(folder):
        for name in filter(_NAME.fullmatch, names):
            path = Path(parent, name)
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            unfinished = name.startswith(".")
            if unfinished and time.time() - status.st_mtime < _STALE_SECONDS:
                continue  # still being written
            current = path.parts[-3] == version and not unfinished
            yield _Entry(status.st_mtime, -(-status.st_size // _BLOCK) * _BLOCK, path, current)
