"""A file in memory."""


class Held:
    """Notes what was read of it."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self.read_bytes = 0
        self._content = content

    def read(self, start: int, length: int) -> bytes:
        assert start >= 0
        data = self._content[start : start + length]
        self.read_bytes += len(data)
        return data
