"""The process as one of several: it reports that it is alive and which configuration it uses."""

import asyncio
from datetime import timedelta
from typing import Final

from aishare.catalogue.configuration import nodes
from aishare.catalogue.configuration.nodes import Node
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, CatalogueUnavailable
from aishare.core.ids import new_id

_LIVE: Final = timedelta(seconds=8)
"""Four renewals: a busy process may miss one, and a dead process must not delay a change for long."""

_WRITE_SECONDS: Final = 2.0
"""Longer than the writes of others take on a slow disk, shorter than SQLite waits for a lock."""

_SWEPT: Final = timedelta(seconds=60)


class NodeService:
    """The id is new at each start: what an earlier process with this name applied does not matter."""

    RENEW_SECONDS: Final = 2

    def __init__(self, *, name: str, catalogue: Catalogue, clock: Clock) -> None:
        self.id = new_id()
        self._name = name
        self._catalogue = catalogue
        self._clock = clock
        self._started_at = clock()
        self._failure: AishareError | None = None

    async def check(self) -> None:
        """Raises an error if the database does not respond or cannot be written.

        A held lock shows at once, a full disk at the next renewal.
        """
        await self._catalogue.ping()
        if self._failure is not None:
            raise self._failure
        try:
            async with asyncio.timeout(_WRITE_SECONDS):
                await self._catalogue.write(lambda _: None)
        except TimeoutError:
            raise CatalogueUnavailable("The database cannot be changed: another program has locked it.") from None

    async def renew(self) -> None:
        """Also removes nodes that have been silent for a minute."""
        try:
            await self._renew()
        except AishareError as error:
            self._failure = error
            raise
        self._failure = None

    async def _renew(self) -> None:
        now = self._clock()

        def change(connection: Connection) -> None:
            nodes.renew_node(connection, node_id=self.id, name=self._name, started_at=self._started_at, now=now)
            nodes.sweep_nodes(connection, silent_since=now - _SWEPT)

        await self._catalogue.write(change)

    async def acknowledge(self, change_id: str, problem: str | None, differs: tuple[str, ...] = ()) -> None:
        """Reports that the change is in effect here, or why not, or that this process has other values."""
        now = self._clock()
        await self._catalogue.write(
            lambda connection: nodes.acknowledge_change(
                connection, self.id, change_id=change_id, problem=problem, differs=differs, now=now
            )
        )

    async def leave(self) -> None:
        """When the process stops normally."""
        await self._catalogue.write(lambda connection: nodes.remove_node(connection, self.id))


async def live_nodes(catalogue: Catalogue, clock: Clock) -> list[Node]:
    """All running server processes, including this one if it is one."""
    seen_after = clock() - _LIVE
    return await catalogue.read(lambda connection: nodes.live_nodes(connection, seen_after=seen_after))
