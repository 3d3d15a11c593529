"""Restores a settings file as it was before a change."""

from pathlib import Path

from aishare.settings.backups import Backups
from aishare.settings.durable_file import locked, replace_file


class RestoreBackup:
    """Called with a backup of DATA_DIR/backups/settings and the name of the file next to `.env`."""

    def __init__(self, data_dir: Path, base_dir: Path) -> None:
        self._backups = Backups(data_dir)
        self._base_dir = base_dir

    def __call__(self, backup_id: str, file: str) -> None:
        """Writes the content of the backup, all or nothing; no other writer can interfere."""
        data = self._backups.read(backup_id)
        if data is None:
            raise FileNotFoundError(2, "the backup is missing or damaged")
        with locked(self._backups.lock):
            replace_file(self._base_dir / Path(file).name, data)
