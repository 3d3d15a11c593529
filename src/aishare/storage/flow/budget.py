"""Bytes in memory that many transfers share."""


class MemoryBudget:
    """Who finds it used up does without: waiting for slow clients would hold up the others. Lives on one event loop."""

    def __init__(self, size_bytes: int) -> None:
        self._free = size_bytes

    @property
    def free_bytes(self) -> int:
        return self._free

    def try_take(self, size_bytes: int) -> bool:
        if size_bytes > self._free:
            return False
        self._free -= size_bytes
        return True

    def give_back(self, size_bytes: int) -> None:
        self._free += size_bytes
