"""The disk calls of the local backend. All of them block and must run in a thread; errors are OSError.

Folders are opened one by one without following links, so a link planted inside the storage cannot lead a key out of it.
The root itself may be a link: that is the administrator's choice.
"""

import errno
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aishare.core.errors import InvalidKey, ObjectNotFound
from aishare.core.ids import new_id
from aishare.core.keys import Key, parse_key
from aishare.storage.base import ObjectInfo, Space
from aishare.storage.checks.recognition import MARKER, Recognition, marker_in, missing
from aishare.storage.flow.reserve import DiskReserve, space_of, until_next_look
from aishare.storage.flow.writeback import EarlyWriter

INCOMING: Final = ".incoming"
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

_ABSENT: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO})

_REMEMBERED_FOLDERS: Final = 65_536
"""About 10 MiB. A forgotten folder costs one more fsync."""


class Disk:
    """The root folder. `excluded` are folders that belong to others, relative to the root.

    `knows` says whether a marker is the right one. If it is given, nothing is read, written or created in a folder with
    another marker or none: LocationMissing. The marker is checked again if the folder has changed, and if an object is
    missing.
    """

    def __init__(
        self,
        root: Path,
        excluded: frozenset[str],
        *,
        knows: Callable[[str], bool] | None = None,
        reserve: DiskReserve | None = None,
    ) -> None:
        self.root = root
        self.reserve = reserve
        self._excluded = excluded
        self._recognition = None if knows is None else Recognition(knows)
        self._ready = False
        self._preparing = threading.Lock()
        self._durable: set[str] = set()

    def prepare(self) -> None:
        """Creates what is missing, once. Later, a missing folder is an error: its disk was removed, and writing to the
        empty mount point would hide that.
        """
        with self._preparing:
            if not self._ready and self._recognition is None:
                _make_durably(self.root / INCOMING)
            self._ready = True

    @property
    def recognises(self) -> bool:
        """Whether a missing folder may be created in it, because it certainly is the expected place."""
        return self._recognition is not None

    def confirm(self) -> None:
        """LocationMissing unless it is still the expected place. Without `knows`, every place is accepted."""
        if self._recognition is not None:
            self._recognition.forget()
            os.close(self._open_root())

    @contextmanager
    def not_found(self, key: Key) -> Iterator[None]:
        """A link in place of a folder or object is not ours."""
        try:
            yield
        except OSError as error:
            if error.errno in _ABSENT:
                self.confirm()
                raise ObjectNotFound(f"There is no object {key}.") from error
            raise

    @contextmanager
    def parent(self, key: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        """The folder of `key`, open, and the name in it."""
        *folders, name = key.split("/")
        descriptor = self._open_root()
        try:
            path = ""
            for folder in folders:
                path = f"{path}/{folder}"
                below = self._enter(descriptor, folder, path, make=make)
                os.close(descriptor)
                descriptor = below
            yield descriptor, name
        finally:
            os.close(descriptor)

    def stat(self, key: Key) -> os.stat_result:
        with self.not_found(key), self.parent(key) as (folder, name):
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        return _regular(key, status)

    def delete(self, key: Key) -> None:
        with suppress(ObjectNotFound), self.not_found(key), self.parent(key) as (folder, name):
            with suppress(FileNotFoundError, IsADirectoryError):
                os.unlink(name, dir_fd=folder)
            os.fsync(folder)  # even if it was gone: the process that deleted it may not have synced yet

    def walk(self, prefix: str, after: Key | None) -> Iterator[ObjectInfo]:
        """Depth first, the entries of each folder by name."""
        self.confirm()
        yield from self._walk("", prefix, after.split("/") if after else [])

    def identity(self) -> str:
        """Created if there is none."""
        self.prepare()
        if (found := self.marker()) is not None:
            return found
        made = new_id()
        incoming = PartialFile(self, MARKER)
        incoming.write(made.encode())
        incoming.publish()
        return self.marker() or made  # another process may have been first

    def marker(self) -> str | None:
        """The marker of the folder; None if it has none, or does not exist."""
        try:
            descriptor = os.open(self.root, _FOLDER)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            return marker_in(descriptor)
        finally:
            os.close(descriptor)

    def space(self) -> Space:
        self.confirm()
        found = space_of(self.root)
        return Space(found.free_bytes, found.total_bytes)

    def require(self, size_bytes: int) -> None:
        """StorageFull if this many bytes would use the reserve."""
        if self.reserve is not None:
            self.prepare()
            self.reserve.require(self.root, size_bytes)

    def sweep(self, *, older_than_seconds: float) -> int:
        removed = 0
        for path in self.stale(older_than_seconds=older_than_seconds):
            with suppress(FileNotFoundError):
                path.unlink()
                removed += 1
        return removed

    def stale(self, *, older_than_seconds: float) -> list[Path]:
        """Temporary files that have not been written to for this long."""
        self.confirm()
        found = []
        for entry in _entries(self.root / INCOMING):
            with suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > older_than_seconds:
                    found.append(Path(entry.path))
        return found

    def _open_root(self) -> int:
        try:
            descriptor = os.open(self.root, _FOLDER)
        except (FileNotFoundError, NotADirectoryError) as error:
            if self._recognition is not None:
                raise missing() from error
            if not self._ready:
                raise
            raise OSError(errno.ENODEV, "the storage folder is missing") from error
        try:
            if self._recognition is not None and self._recognition.check(descriptor):
                self._durable.clear()
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _enter(self, parent: int, folder: str, path: str, *, make: bool) -> int:
        if make and path not in self._durable:
            self._make(parent, folder, path)
        try:
            return os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=parent)
        except FileNotFoundError:
            if not make:
                raise
            self._make(parent, folder, path)  # remembered, but someone has deleted empty folders
            return os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=parent)

    def _make(self, parent: int, folder: str, path: str) -> None:
        """The parent is synced even if the folder exists: another upload may have just created it and not synced it
        yet.
        """
        with suppress(FileExistsError):
            os.mkdir(folder, 0o700, dir_fd=parent)
        os.fsync(parent)
        if len(self._durable) >= _REMEMBERED_FOLDERS:
            self._durable.clear()
        self._durable.add(path)

    def _walk(self, folder: str, prefix: str, after: list[str]) -> Iterator[ObjectInfo]:
        """`folder` is empty or ends with a slash. A folder may sort before `after` and still contain later keys."""
        for entry in _entries(self.root / folder):
            relative = folder + entry.name
            names = relative.split("/")
            if entry.is_dir(follow_symlinks=False):
                below = f"{relative}/"
                wanted = below.startswith(prefix) or prefix.startswith(below)
                if wanted and names >= after[: len(names)] and self._ours(relative):
                    yield from self._walk(below, prefix, after)
            elif relative.startswith(prefix) and names > after:
                info = _listed(relative, entry)
                if info is not None:
                    yield info

    def _ours(self, folder: str) -> bool:
        return folder not in self._excluded and folder != INCOMING


class PartialFile:
    """Content being written to a key. The temporary file is created with the first byte, or by `publish`."""

    def __init__(self, disk: Disk, key: str, announced_bytes: int | None = None) -> None:
        self._disk = disk
        self._announced_bytes = announced_bytes or 0
        self._look_at = 0
        self._key = key
        self._name = new_id()
        self._path = disk.root / INCOMING / self._name
        self._descriptor = -1
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._open()
        with self._room_for(piece):
            view = memoryview(piece)
            while view:
                written = os.write(self._descriptor, view)
                view = view[written:]
        self.size += len(piece)
        self._early.wrote_up_to(self.size)

    def publish(self) -> os.stat_result:
        """Content first, then the name, then the folder that contains the name: after a power cut the file is complete
        or absent.

        After a failed fsync the pages count as clean and a second call would wrongly succeed, so there is none.
        """
        self._open()
        os.fsync(self._descriptor)
        with self._disk.parent(self._key, make=True) as (folder, name):
            replaced = _exists(folder, name)
            os.rename(self._path, name, dst_dir_fd=folder)
            status = os.fstat(self._descriptor)  # renaming it has changed its ctime
            self._close()
            try:
                os.fsync(folder)
            except OSError:
                if not replaced:  # otherwise the old object is already gone, and the new one is better than none
                    os.unlink(name, dir_fd=folder)
                raise
        return status

    def discard(self) -> None:
        """Leaves nothing behind; what a failing disk does not delete is cleaned up later. Harmless after `publish`."""
        self._close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    @contextmanager
    def _room_for(self, piece: bytes) -> Iterator[None]:
        """First checks the announced size, later only what is written until the next check."""
        reserve = self._disk.reserve
        if reserve is None or self.size < self._look_at:
            yield
            return
        if self.size == 0:
            reserve.require(self._disk.root, self._announced_bytes)
        with reserve.writing(self._disk.root, len(piece)) as left:
            self._look_at = self.size + len(piece) + until_next_look(left)
            yield

    def _open(self) -> None:
        if self._descriptor < 0:
            self._disk.prepare()
            with self._disk.parent(f"{INCOMING}/{self._name}", make=self._disk.recognises) as (folder, name):
                self._descriptor = os.open(name, _CREATE, 0o600, dir_fd=folder)
            self._early = EarlyWriter(self._descriptor)

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class OpenFile:
    """An object being read."""

    def __init__(self, disk: Disk, key: Key) -> None:
        self._disk = disk
        self._key = key
        self._descriptor = -1

    def open(self) -> os.stat_result:
        """Without following a link or waiting for the other end of a pipe."""
        with self._disk.not_found(self._key), self._disk.parent(self._key) as (folder, name):
            self._descriptor = os.open(name, _READ, dir_fd=folder)
        return _regular(self._key, os.fstat(self._descriptor))

    def read(self, position: int, length: int) -> bytes:
        return os.pread(self._descriptor, length, position)

    def close(self) -> None:
        """Does not block, because nothing was written."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def info_of(key: Key, status: os.stat_result) -> ObjectInfo:
    """A folder does not store media types."""
    return ObjectInfo(
        key,
        status.st_size,
        etag=f"{status.st_ino:x}-{status.st_mtime_ns:x}",
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
        stamps=stamps_of(status),
    )


def stamps_of(status: os.stat_result) -> str:
    """Shows whether a file was changed: its change time (ctime) cannot be set back."""
    return f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_ctime_ns:x}"


def _regular(key: Key, status: os.stat_result) -> os.stat_result:
    if not stat.S_ISREG(status.st_mode):
        raise ObjectNotFound(f"There is no object {key}.")
    return status


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """By name; none if the folder was deleted meanwhile."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _listed(relative: str, entry: os.DirEntry[str]) -> ObjectInfo | None:
    try:
        key = parse_key(relative)
        return info_of(key, entry.stat(follow_symlinks=False)) if entry.is_file(follow_symlinks=False) else None
    except (InvalidKey, FileNotFoundError):  # not ours, or deleted meanwhile
        return None


def _make_durably(folder: Path) -> None:
    """With missing parent folders, each synced into its parent."""
    if folder.is_dir():
        return
    _make_durably(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    descriptor = os.open(folder.parent, _FOLDER)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
