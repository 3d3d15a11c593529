"""Puts back what a settings file was before a change."""

import os
import secrets
from pathlib import Path


class RestoreBackup:
    """Called with a backup of DATA_DIR/backups/settings and the name of the file beside `.env`."""

    def __init__(self, data_dir: Path, base_dir: Path) -> None:
        self._folder = data_dir / "backups" / "settings"
        self._base_dir = base_dir

    def __call__(self, backup_id: str, file: str) -> None:
        """The bytes of the backup, all or nothing."""
        data = (self._folder / Path(backup_id).name).read_bytes()
        target = (self._base_dir / Path(file).name).resolve()
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.new")
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
        temporary.replace(target)
