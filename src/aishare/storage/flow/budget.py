"""A memory budget that many transfers share."""


class MemoryBudget:
    """A transfer that finds it used up continues without: waiting for slow clients would delay the others. Only for one
    event loop.
    """

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
