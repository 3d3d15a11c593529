"""`aishare download -o -`: writes a download to standard output, for another program."""

import hashlib
import os
import sys
from typing import BinaryIO

from aishare.core.errors import AishareError


class StandardOutput:
    """Used instead of a part file: counts and hashes what passes through."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._stream = stream or sys.stdout.buffer
        self._digest = hashlib.sha256()
        self._written = 0

    def tell(self) -> int:
        return self._written

    def write(self, piece: memoryview) -> int:
        try:
            self._stream.write(piece)
            self._stream.flush()
        except BrokenPipeError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())  # there is nowhere to write the rest
            raise AishareError("The program that reads the download has exited.") from error
        self._digest.update(piece)
        self._written += len(piece)
        return len(piece)

    def truncate(self, _size: int) -> None:
        if self._written:
            raise AishareError(
                f"The download stopped after {self._written} bytes and cannot be resumed.",
                hint="The output is incomplete. Start the download again.",
            )

    def seek(self, _position: int) -> None:
        """Only forward."""

    def require(self, sha256: str) -> None:
        """Raises AishareError if something else was written."""
        if self._digest.hexdigest() != sha256:
            raise AishareError("The output is not the file: its SHA-256 is different.", hint="Do not use the output.")
