"""A reserve for a full disk: a file next to the database that is deleted when a write finds no space, so that users can
still sign in and delete files.

All functions here block.
"""

import os
from contextlib import suppress
from pathlib import Path

import structlog

_log = structlog.get_logger(__name__)


class Ballast:
    """The file `NAME-reserve`. Several processes may share it: one creates it, one deletes it."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-reserve")

    def hold(self, size_bytes: int) -> None:
        """Creates it if it does not exist; does nothing if there is no space."""
        if not size_bytes or self._path.exists():
            return
        with suppress(OSError):
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, size_bytes)
            except OSError:
                self._path.unlink(missing_ok=True)
            finally:
                os.close(descriptor)

    def give_up(self) -> bool:
        """Whether there is more space now."""
        try:
            self._path.unlink()
        except OSError:
            return False
        _log.warning("disk_reserve_used", hint="Free up space on the disk of the database.")
        return True
