"""Backups of settings files before each change: DATA_DIR/backups/settings, one private file per backup."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aishare.settings.durable_file import sync_folder, write_new

_NAME = re.compile(r"env-(\d{8}T\d{12}Z)-([0-9a-f]{16})-([^/\x00]+)")
_TIME: Final = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """A file before a change; `version` is the SHA-256 of its bytes. A file that did not exist is stored as an empty
    one.
    """

    id: str
    file: str
    version: str
    created_at: datetime
    size: int


class Backups:
    """The newest ones are kept, the others deleted."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "backups" / "settings"

    @property
    def lock(self) -> Path:
        """The lock file of all writers of settings."""
        return self.folder / "lock"

    def save(self, file: str, data: bytes, *, at: datetime, keep: int) -> str:
        """Durable when it returns. The id of the backup."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256(data).hexdigest()[:16]
        name = f"env-{at.astimezone(UTC).strftime(_TIME)}-{digest}-{file}"
        write_new(self.folder / name, data)
        sync_folder(self.folder)
        for old in self._names()[keep:]:
            (self.folder / old).unlink(missing_ok=True)
        return name

    def newest(self) -> list[Backup]:
        """Newest first."""
        found = []
        for name in self._names():
            data = self.read(name)
            parts = _NAME.fullmatch(name)
            if data is not None and parts is not None:
                at = datetime.strptime(parts[1], _TIME).replace(tzinfo=UTC)
                found.append(Backup(name, parts[3], hashlib.sha256(data).hexdigest(), at, len(data)))
        return found

    def find(self, backup_id: str) -> Backup | None:
        """None if it does not exist any more."""
        return next((backup for backup in self.newest() if backup.id == backup_id), None)

    def read(self, backup_id: str) -> bytes | None:
        """The bytes, or None if they are missing or damaged."""
        parts = _NAME.fullmatch(backup_id)
        if parts is None:
            return None
        try:
            data = (self.folder / backup_id).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest().startswith(parts[2]) else None

    def _names(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return sorted((entry.name for entry in self.folder.iterdir() if _NAME.fullmatch(entry.name)), reverse=True)
