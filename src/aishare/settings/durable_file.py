"""Replaces a small private file so that a crash at any moment leaves the old bytes or the new ones, never a mixture."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

_log = structlog.get_logger(__name__)

_PRIVATE: Final = 0o600
_NOT_BY_RENAME: Final = {errno.EBUSY, errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV}
"""The file is a mount, or its folder does not allow new files. A full disk is not included: writing in place would lose
the old content.
"""


def version_of(data: bytes | None) -> str:
    """The version an editor loaded: the SHA-256 of the bytes, empty for a file that does not exist."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def read_bytes(path: Path) -> bytes | None:
    """None if there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock of this file exclusively, among all processes; the kernel releases it when a process dies."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace_file(path: Path, data: bytes) -> None:
    """The caller holds the lock and has a backup. Links stay links; mode and owner stay; a new file is private.

    A file that is itself a mount cannot be replaced by rename, and some folders do not allow new files: then it is
    written in place, which a crash may leave incomplete. That is why there is a backup first.
    """
    target = path.resolve()
    _sweep(target)
    try:
        _by_rename(target, data)
    except OSError as error:
        if error.errno not in _NOT_BY_RENAME or not target.exists():
            raise
        _log.info("settings_written_in_place", file=path.name, reason=error.strerror)
        _in_place(target, data)


def remove_file(path: Path) -> None:
    """To undo the creation of a file."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_new(path: Path, data: bytes, *, mode: int = _PRIVATE) -> None:
    """Written completely, or an error; raises FileExistsError rather than replace anything."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if mode != _PRIVATE:  # file systems without modes refuse the call
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Makes the names in the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _by_rename(target: Path, data: bytes) -> None:
    before = target.stat() if target.exists() else None
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.new")
    write_new(temporary, data, mode=before.st_mode & 0o7777 if before else _PRIVATE)
    try:
        made = temporary.stat()
        if before and (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
            os.chown(temporary, before.st_uid, before.st_gid)
            temporary.chmod(before.st_mode & 0o7777)
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _in_place(target: Path, data: bytes) -> None:
    with target.open("r+b") as file:
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _sweep(target: Path) -> None:
    """Files of a killed writer contain secrets."""
    with contextlib.suppress(OSError):
        for left in target.parent.glob(f".{target.name}.*.new"):
            left.unlink()
