"""The disks that aishare writes to, and whether they have free space."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from aishare.catalogue.database.session import Catalogue
from aishare.core.sizes import MiB
from aishare.storage.flow.reserve import DiskReserve, space_of

_BALLAST: Final = 4 * MiB
"""Enough for some dozens of sign-ins and deletions; each deletion frees more."""

_OF_THE_DATABASE: Final = ("data", "database")


@dataclass(frozen=True, slots=True)
class DiskState:
    """`holds`: which of our folders are on it. Nothing new is stored on a `full` disk; existing data can be deleted."""

    holds: tuple[str, ...]
    free_bytes: int
    total_bytes: int
    reserve_bytes: int
    full: bool

    @property
    def ballast_bytes(self) -> int:
        """How much of the reserve the database keeps for itself; nothing if there is little space."""
        return 0 if self.full else min(_BALLAST, self.reserve_bytes // 4)


class DiskMetrics:
    """The gauges, made once per registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.free = Gauge(
            "aishare_disk_free_bytes",
            "Bytes that aishare can still use on the disk.",
            ["holds"],
            registry=registry,
            multiprocess_mode="livemostrecent",
        )
        self.full = Gauge(
            "aishare_disk_full",
            "1 if the disk is full and nothing new is stored on it.",
            ["holds"],
            registry=registry,
            multiprocess_mode="livemax",
        )


class DiskService:
    """`folders` by purpose: data, storage, database."""

    def __init__(
        self, folders: Mapping[str, Path], reserve: DiskReserve, *, catalogue: Catalogue, metrics: DiskMetrics
    ) -> None:
        self._folders = folders
        self._catalogue = catalogue
        self._reserve = reserve
        self._metrics = metrics

    def require_room(self) -> None:
        """StorageFull if the remaining space is reserved for the database, because everything stored needs a row in it.

        Called on the event loop: the folder is on a local disk, as is the database, which is read there as well.
        """
        for folder in self._of_the_database():
            with suppress(FileNotFoundError):
                self._reserve.require(folder, 0)

    async def states(self) -> list[DiskState]:
        """Each disk once; a missing folder has none."""
        return await asyncio.to_thread(self._look)

    async def observe(self) -> None:
        """Updates the gauges, and keeps the reserve of the database."""
        for state in await self.states():
            for name in state.holds:
                self._metrics.free.labels(name).set(state.free_bytes)
                self._metrics.full.labels(name).set(state.full)
            if _database_in(self._folders) in state.holds:
                await self._catalogue.hold_reserve(state.ballast_bytes)

    def _of_the_database(self) -> list[Path]:
        return [self._folders[name] for name in _OF_THE_DATABASE if name in self._folders]

    def _look(self) -> list[DiskState]:
        found: dict[int, DiskState] = {}
        for name, folder in self._folders.items():
            with suppress(OSError):
                space = space_of(folder)
                known = found.get(space.device)
                if known is not None:
                    found[space.device] = replace(known, holds=(*known.holds, name))
                    continue
                reserve, full = self._reserve.of(space.total_bytes), self._reserve.is_full(space)
                found[space.device] = DiskState((name,), space.free_bytes, space.total_bytes, reserve, full)
        return list(found.values())


def _database_in(folders: Mapping[str, Path]) -> str:
    return "database" if "database" in folders else "data"
