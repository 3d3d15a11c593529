"""When sessions and tokens were last used. This is saved in parallel with the request, which never fails
because of it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.core.errors import AishareError

_log = structlog.get_logger(__name__)

_AFTER: Final = timedelta(minutes=5)
"""How old "last seen" can be: a write for each request would cost more than the request."""

_PATIENCE_SECONDS: Final = 0.2
"""A request waits at most this long, so that the next reader sees the update, and not at all while writes hang."""

Touch = Callable[[Connection, bytes, datetime], None]


class Touches:
    """`touch` records that the secret with this digest was used."""

    def __init__(self, catalogue: Catalogue, touch: Touch) -> None:
        self._catalogue = catalogue
        self._touch = touch
        self._pending: dict[bytes, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stuck = False

    def last_seen(self, digest: bytes, known: datetime | None) -> datetime | None:
        """`known` is the value in the database, which may be older."""
        return self._pending.get(digest, known)

    async def note(self, digest: bytes, known: datetime | None, *, now: datetime) -> None:
        """It is used now."""
        if digest in self._pending or (known is not None and now - known <= _AFTER):
            return
        self._pending[digest] = now
        task = asyncio.create_task(self._write(digest, now))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if not self._stuck:
            done, _ = await asyncio.wait({task}, timeout=_PATIENCE_SECONDS)
            if not done:
                self._stuck = True

    async def _write(self, digest: bytes, now: datetime) -> None:
        try:
            await self._catalogue.write(lambda connection: self._touch(connection, digest, now))
            self._stuck = False
        except AishareError as error:
            self._stuck = True
            _log.warning("last_use_not_noted", code=error.code, message=error.message)
        finally:
            self._pending.pop(digest, None)
