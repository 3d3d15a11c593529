"""Commits changes of the configuration as a command does: from a process that serves no requests."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aishare.cli import options
from aishare.runtime.live import open_configuration
from aishare.settings.backups import Backups


@asynccontextmanager
async def maker(folder):
    """Like a command: reads the same files and serves no requests."""

    def read():
        return options.load(data_dir=folder)

    async with open_configuration(read(), read=read) as configuration:
        yield configuration


async def commit(folder, text, *, names=("SESSION_IDLE_HOURS",), confirm_seconds=0):
    """What `aishare config set` does: backup, file, commit."""
    file = folder / ".env"
    before = file.read_bytes()
    backup_id = Backups(folder).save(".env", before, at=datetime.now(UTC), keep=50)

    async def undo():
        file.write_bytes(before)

    async with maker(folder) as configuration:
        file.write_text(text)
        return await configuration.commit(
            None, names=names, file=".env", backup_id=backup_id, undo=undo, confirm_seconds=confirm_seconds
        )
