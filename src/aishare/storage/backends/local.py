"""A folder on a local disk.

For administrators: the folder must be writable for the service and on a file system that respects fsync (any local
one). An object is stored at `<root>/<key>`; uploads are in `<root>/.incoming` and are renamed when they are complete
and synced, so a file under its key is always complete. Files are 0600, folders 0700.
"""

import asyncio
import errno
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
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
    StorageFull,
)
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange
from aishare.core.sizes import PIECE_SIZE, KiB
from aishare.core.threads import to_its_end
from aishare.storage.backends.disk import Disk, OpenFile, PartialFile, info_of
from aishare.storage.base import BaseStorageBackend, ObjectInfo, ObjectReader, Source, Space, cut_range
from aishare.storage.flow.reserve import DiskReserve

T = TypeVar("T")

_THREADS: Final = 16
"""Parallel disk calls. More threads would only wait for the same disk."""

_AT_ONCE: Final = 64 * KiB
_SCAN_BATCH: Final = 512

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DENIED: Final = frozenset({errno.EACCES, errno.EPERM})
_GONE: Final = frozenset({errno.ENODEV, errno.ENOENT, errno.ESTALE, errno.ENOTCONN})
_BROKEN: Final = frozenset({errno.EIO, errno.EROFS})
"""After an I/O error the kernel usually makes a file system read-only."""
_BUSY: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ETIMEDOUT})


@dataclass(frozen=True, slots=True)
class LocalConfig:
    """`excluded`: folders below the root that belong to others, such as the image cache. Without `reserve` the disk may
    be filled.
    """

    root: Path
    label: str = "local"
    excluded: tuple[Path, ...] = ()
    knows: Callable[[str], bool] | None = field(default=None, compare=False)
    """Checks whether a marker belongs to this storage; None: any folder is accepted, and a folder without a marker gets
    one.
    """
    reserve: DiskReserve | None = field(default=None, compare=False)


class LocalStorageBackend(BaseStorageBackend):
    """Objects are files below the root."""

    def __init__(self, config: LocalConfig) -> None:
        self.label = config.label
        self.local_files = self
        self.small_reads = self
        self.leftovers = self
        self.capacity = self
        self._excluded = _below(config.root, config.excluded)
        self._root = str(config.root)
        self._disk = Disk(config.root, self._excluded, knows=config.knows, reserve=config.reserve)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="disk")

    def path_of(self, key: Key) -> str:
        return f"{self._root}/{key}"  # a Path would cost a download more than opening the file

    def given_out(self, count: int) -> None:
        """Not counted here."""

    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        self._refuse_excluded(key)
        incoming = PartialFile(self._disk, key, size)
        try:
            async for piece in source.open():
                _check_length(incoming.size + len(piece), size, complete=False)
                await self._run(lambda piece=piece: incoming.write(piece))  # type: ignore[misc]
            _check_length(incoming.size, size, complete=True)
            status = await self._run(incoming.publish)
        except BaseException:
            await self._run(incoming.discard)
            raise
        return replace(info_of(key, status), content_type=content_type)

    @asynccontextmanager
    async def read(self, key: Key, byte_range: ByteRange | None = None) -> AsyncIterator[ObjectReader]:
        self._refuse_excluded(key)
        file = OpenFile(self._disk, key)

        def opened() -> tuple[ObjectInfo, ByteRange | None, bytes]:
            """Content that fits into one small piece is read at the same time: switching to a thread again costs more
            than the bytes.
            """
            info = info_of(key, file.open())
            wanted = cut_range(byte_range, info.size_bytes)
            is_small = wanted is not None and wanted.stop - wanted.start <= _AT_ONCE
            return info, wanted, file.read(wanted.start, wanted.stop - wanted.start) if wanted and is_small else b""

        try:
            info, wanted, first = await self._run(opened)
            async with aclosing(self._pieces(file, wanted, first)) as pieces:
                yield ObjectReader(info, wanted, pieces)
        finally:
            file.close()

    async def stat(self, key: Key) -> ObjectInfo:
        self._refuse_excluded(key)
        return info_of(key, await self._run(lambda: self._disk.stat(key)))

    async def delete(self, key: Key) -> None:
        self._refuse_excluded(key)
        await self._run(lambda: self._disk.delete(key))

    async def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        """Memory: the names of one folder per level."""
        walk = self._disk.walk(prefix, after)
        while batch := await self._run(lambda: _take(walk)):
            for info in batch:
                yield info

    async def read_small(self, keys: Sequence[Key], *, at_most_bytes: int) -> Mapping[Key, bytes]:
        """One switch to a thread for all of them."""

        def contents() -> dict[Key, bytes]:
            found = {}
            for key in keys:
                with suppress(AishareError, OSError):
                    self._refuse_excluded(key)
                    content = self._content(key, at_most_bytes)
                    if content is not None:
                        found[key] = content
            return found

        return await self._run(contents)

    async def aclose(self) -> None:
        self._threads.shutdown(wait=False)  # idle by now; waiting would block the loop

    async def identity(self) -> str:
        """A random name stored in the folder: when it is moved or mounted elsewhere, it is still the same place."""
        return await self._run(self._disk.identity)

    async def marker(self) -> str | None:
        """The same, but nothing is created: None if the folder has no name, or does not exist."""
        return await self._run(self._disk.marker)

    async def space(self) -> Space:
        return await self._run(self._disk.space)

    async def require(self, size_bytes: int) -> None:
        await self._run(lambda: self._disk.require(size_bytes))

    async def count_incoming(self, *, older_than_seconds: float) -> int:
        return len(await self._run(lambda: self._disk.stale(older_than_seconds=older_than_seconds)))

    async def sweep_incoming(self, *, older_than_seconds: float) -> int:
        return await self._run(lambda: self._disk.sweep(older_than_seconds=older_than_seconds))

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await to_its_end(asyncio.get_running_loop().run_in_executor(self._threads, work))
        except OSError as error:
            raise _translated(error) from error

    async def _pieces(self, file: OpenFile, wanted: ByteRange | None, first: bytes) -> AsyncGenerator[bytes, None]:
        position, stop = (wanted.start + len(first), wanted.stop) if wanted else (0, 0)
        if first:
            yield first
        while position < stop:
            length = min(PIECE_SIZE, stop - position)
            piece = await self._run(lambda at=position, n=length: file.read(at, n))  # type: ignore[misc]
            if not piece:
                raise CorruptObject("The file on the disk is shorter than it was when the download began.")
            position += len(piece)
            yield piece

    def _content(self, key: Key, at_most_bytes: int) -> bytes | None:
        """The whole content of a file, in a thread; None if it is larger. Raises OSError, ObjectNotFound."""
        file = OpenFile(self._disk, key)
        try:
            size = file.open().st_size
            return file.read(0, size) if size <= at_most_bytes else None
        finally:
            file.close()

    def _refuse_excluded(self, key: Key) -> None:
        if any(key == folder or key.startswith(f"{folder}/") for folder in self._excluded):
            raise InvalidKey(f"{key} is in a folder that belongs to another part of aishare.")


def _below(root: Path, folders: tuple[Path, ...]) -> frozenset[str]:
    """Relative to the root, however each is written; folders elsewhere do not matter."""
    relative = (Path(os.path.relpath(folder, root)) for folder in folders)
    return frozenset(path.as_posix() for path in relative if os.pardir not in path.parts)


def _check_length(size: int, announced: int | None, *, complete: bool) -> None:
    if announced is not None and (size > announced or (complete and size != announced)):
        raise LengthMismatch(f"Received {size} bytes instead of {announced}.")


def _take(infos: Iterator[ObjectInfo]) -> list[ObjectInfo]:
    return list(islice(infos, _SCAN_BATCH))


def _translated(error: OSError) -> AishareError:
    """By error number; the message names what failed, never a path of this machine."""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    if error.errno in _FULL:
        return StorageFull("The disk of the storage is full.", hint="Free up space, or migrate to a larger storage.")
    if error.errno in _DENIED:
        return BackendDenied(
            f"The storage folder cannot be used: {reason}.", hint="Check its permissions and whether it is mounted."
        )
    if error.errno in _BROKEN:
        return BackendUnavailable(
            f"The disk of the storage has failed: {reason}.", hint="Check the system log; the disk may be failing."
        )
    if error.errno in _GONE:
        return BackendUnavailable(
            f"The storage folder has changed: {reason}.", hint="Check that its disk is mounted, then restart aishare."
        )
    if error.errno in _BUSY:
        return BackendUnavailable(
            f"The system has run out of resources: {reason}.",
            hint="Raise the system limits, such as the number of open files.",
        )
    return BackendError(f"The storage folder cannot be used: {reason}.")
