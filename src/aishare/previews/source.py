"""A file seen by a reader: its size, and ranges of it."""

from typing import Final, Protocol

from aishare.core.sizes import KiB

_BLOCK: Final = 256 * KiB


class Source(Protocol):
    """Reads the requested bytes; fewer only at the end of the file."""

    size: int

    def read(self, start: int, length: int) -> bytes: ...


class Cursor:
    """Continues reading from a position, a block at a time."""

    def __init__(self, source: Source, start: int = 0, *, block: int = _BLOCK) -> None:
        self._source = source
        self._block = block
        self._base = start
        self._held = b""
        self._at = 0

    @property
    def position(self) -> int:
        return self._base + self._at

    def take(self, count: int) -> bytes:
        """Exactly this many bytes; EOFError if there are fewer."""
        missing = count - (len(self._held) - self._at)
        if missing > 0:
            if missing > self._source.size:
                raise EOFError
            self._fill(missing)
        taken = self._held[self._at : self._at + count]
        self._at += count
        return taken

    def skip(self, count: int) -> None:
        """Without reading what is skipped."""
        if self._at + count <= len(self._held):
            self._at += count
            return
        if self.position + count > self._source.size:
            raise EOFError
        self._base, self._held, self._at = self.position + count, b"", 0

    def _fill(self, missing: int) -> None:
        rest = self._held[self._at :]
        more = self._source.read(self._base + len(self._held), max(missing, self._block))
        if len(more) < missing:
            raise EOFError
        self._base, self._held, self._at = self._base + self._at, rest + more, 0
