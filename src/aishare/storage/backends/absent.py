"""A placeholder for a storage that is not configured: every operation fails and says why."""

from collections.abc import Iterator
from contextlib import contextmanager

from aishare.core.clock import utc_now
from aishare.core.errors import StorageNotConfigured
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import Outage
from aishare.storage.wrappers.wrapping import SurroundingBackend


class AbsentBackend(SurroundingBackend):
    """Raises StorageNotConfigured for every operation."""

    def __init__(self, reason: str, *, code: str = StorageNotConfigured.code, hint: str | None = None) -> None:
        super().__init__(MemoryStorageBackend())
        self.label = "none"
        self.circuit = self
        self.outage: Outage | None = Outage(code, reason, utc_now(), hint)
        self._error = StorageNotConfigured(reason, hint=hint)

    @property
    def idle_seconds(self) -> float:
        return float("inf")

    async def check(self) -> None:
        """It stays unavailable."""

    async def watch(self) -> None:
        """It stays unavailable."""

    def suspect(self, *, writes: bool) -> None:
        """It stays unavailable."""

    @contextmanager
    def _operation(self) -> Iterator[None]:
        raise self._error
        yield
