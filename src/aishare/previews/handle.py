"""A source as an open file, for libraries that need one."""

import errno
import io
from typing import Any, Final

from aishare.core.sizes import MiB
from aishare.previews.answers import Unreadable
from aishare.previews.source import Source

_PIECE: Final = 8 * MiB
"""The service reads the file in pieces of this size."""


class Enough(Unreadable):
    """More of the file would have to be read than a list of its contents is worth."""

    def __init__(self) -> None:
        super().__init__("Too much of the file would have to be read to list its contents.")


class Handle(io.RawIOBase):
    """Limits reads: at most `most` bytes at a time, because the amount may depend on what the file claims, and at most
    `pieces` pieces of the file.
    """

    def __init__(self, source: Source, *, most: int | None = None, pieces: int | None = None) -> None:
        self._source = source
        self._most = most
        self._pieces = pieces
        self._touched: set[int] = set()
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._source.size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "The position is before the beginning of the file.")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int = -1) -> bytes:
        left = max(self._source.size - self._position, 0)
        wanted = left if size < 0 else min(size, left)
        if self._most is not None and wanted > self._most:
            raise Unreadable(
                f"The list of contents is too large for a preview ({wanted} bytes; the limit is {self._most})."
            )
        self._touched.add(self._position // _PIECE)
        if self._pieces is not None and len(self._touched) > self._pieces:
            raise Enough
        data = self._source.read(self._position, wanted)
        self._position += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
