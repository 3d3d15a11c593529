"""A folder on a local disk.

Operators: the folder must be writable for the service and on a file system that keeps what fsync was called for (any
local one). An object lies at `<root>/<key>`; bytes on their way in lie in `<root>/.incoming` and are renamed when they
are complete and synced, so a file under its key is always whole. Files are 0600, folders 0700.
"""

import asyncio
import errno
import os
import stat
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from aishare.core.errors import (
    AishareError,
    BackendDenied,
    BackendError,
    BackendUnavailable,
    CorruptObject,
    InvalidKey,
    LengthMismatch,
    ObjectNotFound,
    StorageFull,
)
from aishare.core.ids import new_id
from aishare.core.keys import Key, parse_key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import PIECE_SIZE
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, Source, cut_range

T = TypeVar("T")

INCOMING: Final = ".incoming"
MARKER: Final = ".aishare-location"
"""Holds the identity of the folder. No key begins with a dot, so it can not be taken for an object."""

_THREADS: Final = 16
"""Disk calls at once. More threads only wait for the same disk."""

_SCAN_BATCH: Final = 512

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DENIED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@dataclass(frozen=True, slots=True)
class LocalConfig:
    """`excluded`: folders below the root that belong to others, such as the image cache."""

    root: Path
    label: str = "local"
    excluded: tuple[Path, ...] = ()


class LocalStorageBackend(BaseStorageBackend):
    """Objects are files below the root."""

    def __init__(self, config: LocalConfig) -> None:
        self.label = config.label
        self.local_files = self
        self._root = config.root
        self._excluded = frozenset(os.fspath(path) for path in (*config.excluded, config.root / INCOMING))
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="disk")

    def path_of(self, key: Key) -> Path:
        return self._root / key

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        self._refuse_excluded(key)
        incoming = await self._run(lambda: _Incoming(self._root))
        try:
            async for piece in source.open():
                await self._run(lambda piece=piece: incoming.write(piece))  # type: ignore[misc]
            _check_length(incoming.size, announced=size)
            status = await self._run(lambda: incoming.publish(self._root, key))
        except BaseException:
            await asyncio.shield(self._run(incoming.discard))
            raise
        return _info(key, status, content_type)

    @asynccontextmanager
    async def read(self, key: Key, byte_range: ByteRange | None = None) -> AsyncIterator[ObjectReader]:
        descriptor = await self._run(lambda: _open(self.path_of(key), key))
        try:
            info = _info(key, os.fstat(descriptor))
            wanted = cut_range(byte_range, info.size_bytes)
            yield ObjectReader(info, wanted, self._pieces(descriptor, wanted))
        finally:
            os.close(descriptor)

    async def stat(self, key: Key) -> ObjectInfo:
        return await self._run(lambda: _info(key, _stat(self.path_of(key), key)))

    async def delete(self, key: Key) -> None:
        await self._run(lambda: _delete(self.path_of(key)))

    async def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        walk = self._walk(self._root, prefix, after)
        while batch := await self._run(lambda: _take(walk, _SCAN_BATCH)):
            for info in batch:
                yield info

    async def aclose(self) -> None:
        self._threads.shutdown(wait=True)

    async def identity(self) -> str:
        """A random name of this folder, kept in it: moved or mounted elsewhere, it is still the same place."""
        return await self._run(lambda: _identity(self._root))

    async def sweep_incoming(self, *, older_than_seconds: float) -> int:
        """Remove what crashed uploads left; the number of files."""
        return await self._run(lambda: _sweep(self._root / INCOMING, older_than_seconds))

    async def _run(self, work: Callable[[], T]) -> T:
        """Cancelling waits for the call: nobody may close a descriptor that a thread still uses."""
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            raise
        except OSError as error:
            raise _translated(error) from error

    async def _pieces(self, descriptor: int, wanted: ByteRange | None) -> AsyncIterator[bytes]:
        position, stop = (wanted.start, wanted.stop) if wanted else (0, 0)
        while position < stop:
            length = min(PIECE_SIZE, stop - position)
            piece = await self._run(lambda at=position, n=length: os.pread(descriptor, n, at))  # type: ignore[misc]
            if not piece:
                raise CorruptObject("The file on the disk is shorter than it was when the download began.")
            position += len(piece)
            yield piece

    def _walk(self, folder: Path, prefix: str, after: Key | None) -> Iterator[ObjectInfo]:
        """Depth first, the entries of each folder by name."""
        for entry in _entries(folder):
            path = Path(entry.path)
            relative = path.relative_to(self._root).as_posix()
            if entry.is_dir(follow_symlinks=False):
                below = f"{relative}/"
                if entry.path not in self._excluded and (below.startswith(prefix) or prefix.startswith(below)):
                    yield from self._walk(path, prefix, after)
            elif relative.startswith(prefix) and entry.is_file(follow_symlinks=False) and _is_after(relative, after):
                info = _info_of_entry(relative, entry)
                if info is not None:
                    yield info

    def _refuse_excluded(self, key: Key) -> None:
        path = os.fspath(self.path_of(key))
        if any(path == excluded or path.startswith(f"{excluded}/") for excluded in self._excluded):
            raise InvalidKey(f"{key} lies in a folder that belongs to another part of aishare.")


def _identity(root: Path) -> str:
    marker = root / MARKER
    if not marker.exists():
        incoming = _Incoming(root)
        incoming.write(new_id().encode())
        incoming.publish(root, MARKER)
    return marker.read_text(encoding="ascii").strip()


class _Incoming:
    """A temporary file on its way to becoming an object. All methods are for a thread."""

    def __init__(self, root: Path) -> None:
        folder = root / INCOMING
        _make_folders(folder, stop=root.parent)
        self._path = folder / new_id()
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._published = False
        self.size = 0

    def write(self, piece: bytes) -> None:
        view = memoryview(piece)
        while view:
            written = os.write(self._descriptor, view)
            view = view[written:]
        self.size += len(piece)

    def publish(self, root: Path, key: str) -> os.stat_result:
        """Bytes first, then the name, then the folder that holds the name: what a power cut leaves is whole or absent.

        After a failed fsync the pages count as clean and a second call would lie, so there is none.
        """
        target = root / key
        os.fsync(self._descriptor)
        status = os.fstat(self._descriptor)
        _make_folders(target.parent, stop=root)
        self._path.rename(target)
        self._published = True
        self._close()
        _sync_folder(target.parent)
        return status

    def discard(self) -> None:
        """Nothing stays. After the rename there is nothing to take back: the object is complete, only unconfirmed."""
        self._close()
        if not self._published:
            self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _check_length(size: int, *, announced: int | None) -> None:
    if announced is not None and size != announced:
        raise LengthMismatch(f"{size} bytes came, {announced} were announced.")


def _make_folders(folder: Path, *, stop: Path) -> None:
    """Make `folder` and what is missing above it, each synced into its parent; `stop` is not looked behind."""
    if folder == stop or folder.is_dir():
        return
    _make_folders(folder.parent, stop=stop if folder.parent != folder else folder)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open(path: Path, key: Key) -> int:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise _not_found(key) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_found(key)
    return descriptor


def _stat(path: Path, key: Key) -> os.stat_result:
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise _not_found(key) from None
    if not stat.S_ISREG(status.st_mode):
        raise _not_found(key)
    return status


def _delete(path: Path) -> None:
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return
    _sync_folder(path.parent)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []


def _is_after(relative: str, after: Key | None) -> bool:
    """Whether the walk comes by `relative` later than by `after`: names are compared folder by folder."""
    return after is None or relative.split("/") > after.split("/")


def _info_of_entry(relative: str, entry: os.DirEntry[str]) -> ObjectInfo | None:
    try:
        return _info(parse_key(relative), entry.stat(follow_symlinks=False))
    except (InvalidKey, FileNotFoundError):  # not one of ours, or deleted meanwhile
        return None


def _info(key: Key, status: os.stat_result, content_type: str | None = None) -> ObjectInfo:
    return ObjectInfo(key, status.st_size, content_type, modified_at=datetime.fromtimestamp(status.st_mtime, UTC))


def _take(infos: Iterator[ObjectInfo], count: int) -> list[ObjectInfo]:
    return [info for _, info in zip(range(count), infos, strict=False)]


def _sweep(folder: Path, older_than_seconds: float) -> int:
    removed = 0
    for entry in _entries(folder):
        with suppress(FileNotFoundError):
            if time.time() - entry.stat(follow_symlinks=False).st_mtime > older_than_seconds:
                Path(entry.path).unlink()
                removed += 1
    return removed


def _not_found(key: Key) -> ObjectNotFound:
    return ObjectNotFound(f"There is no object {key}.")


def _translated(error: OSError) -> AishareError:
    """By number; the message names what failed, never a path of this machine."""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    if error.errno in _FULL:
        return StorageFull("The disk of the storage is full.", hint="Free space, or move to a larger storage.")
    if error.errno in _DENIED:
        return BackendDenied(f"The storage folder can not be used: {reason}.", hint="Check its owner and mount.")
    if error.errno == errno.EIO:
        return BackendUnavailable("The disk reports an error.", hint="Look at the system log; the disk may be dying.")
    return BackendError(f"The storage folder does not work: {reason}.")
