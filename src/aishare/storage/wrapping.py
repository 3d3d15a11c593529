"""What the wrappers share: they look like the backend they wrap."""

from aishare.storage.base import BaseStorageBackend


class WrappingBackend(BaseStorageBackend):
    """A backend around a backend. Capabilities are passed on as they are: what they do is not wrapped."""

    def __init__(self, inner: BaseStorageBackend) -> None:
        self._inner = inner
        self.label = inner.label
        self.presigner = inner.presigner
        self.copier = inner.copier
        self.local_files = inner.local_files
        self.parts = inner.parts
        self.preflight = inner.preflight
        self.leftovers = inner.leftovers
        self.profiler = inner.profiler
        self.capacity = inner.capacity
        self.circuit = inner.circuit

    async def aclose(self) -> None:
        await self._inner.aclose()
