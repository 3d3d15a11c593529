"""Commits changes of the configuration the way a command does: from a process that serves nobody."""

from contextlib import asynccontextmanager

from aishare.cli import options
from aishare.runtime.live import open_configuration

BACKUP = "env-20260301T120000000000Z-0123456789abcdef-.env"


@asynccontextmanager
async def maker(folder):
    """What a command is: it reads the same files and serves nobody."""

    def read():
        return options.load(data_dir=folder)

    async with open_configuration(read(), read=read) as configuration:
        yield configuration


async def commit(folder, text, *, names=("SESSION_IDLE_HOURS",), confirm_seconds=0):
    """What `aishare config set` does: backup, file, commit."""
    file = folder / ".env"
    before = file.read_bytes()
    backups = folder / "backups" / "settings"
    backups.mkdir(parents=True, exist_ok=True)
    (backups / BACKUP).write_bytes(before)

    async def undo():
        file.write_bytes(before)

    async with maker(folder) as configuration:
        file.write_text(text)
        return await configuration.commit(
            None, names=names, file=".env", backup_id=BACKUP, undo=undo, confirm_seconds=confirm_seconds
        )
