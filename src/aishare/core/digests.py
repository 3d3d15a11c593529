"""What is known about an object's content: its size, its SHA-256, and the SHA-256 of each chunk of 8 MiB."""

import hashlib
from dataclasses import dataclass
from typing import Final

from aishare.core.sizes import CHUNK_SIZE

DIGEST_SIZE: Final = 32


@dataclass(frozen=True, slots=True)
class ContentDigests:
    """`chunk_sha256` has 32 bytes per chunk, concatenated; empty for an empty object."""

    size_bytes: int
    sha256: bytes
    chunk_sha256: bytes

    @property
    def chunk_count(self) -> int:
        return len(self.chunk_sha256) // DIGEST_SIZE

    def are_of(self, content: bytes) -> bool:
        """Whether these are the digests of `content`. Hashes it immediately, so only for small content."""
        return len(content) == self.size_bytes and hashlib.sha256(content).digest() == self.sha256

    def chunk(self, index: int) -> bytes:
        """The SHA-256 of chunk `index`, counted from 0."""
        return self.chunk_sha256[index * DIGEST_SIZE : (index + 1) * DIGEST_SIZE]


class Digester:
    """Takes content in pieces of any size; not for parallel threads."""

    def __init__(self) -> None:
        self._whole = hashlib.sha256()
        self._chunk = hashlib.sha256()
        self._in_chunk = 0
        self._done = b""
        self._size = 0

    @property
    def size_bytes(self) -> int:
        """Bytes added so far."""
        return self._size

    def update(self, piece: bytes) -> None:
        """Adds the next bytes. Content of one chunk is hashed once, longer content twice."""
        self._size += len(piece)
        view = memoryview(piece)
        while view:
            part = view[: CHUNK_SIZE - self._in_chunk]
            if self._done:
                self._whole.update(part)
            self._chunk.update(part)
            self._in_chunk += len(part)
            view = view[len(part) :]
            if self._in_chunk == CHUNK_SIZE:
                self._end_chunk()

    def result(self) -> ContentDigests:
        """The digests of everything added so far."""
        done = self._done + (self._chunk.digest() if self._in_chunk else b"")
        single = not self._done
        whole = self._chunk.digest() if single else self._whole.digest()
        return ContentDigests(self._size, whole, done)

    def _end_chunk(self) -> None:
        if not self._done:
            self._whole = self._chunk.copy()  # so far, the whole is the first chunk
        self._done += self._chunk.digest()
        self._chunk = hashlib.sha256()
        self._in_chunk = 0
