"""Sizes in bytes, and the two units that data move in."""

from typing import Final

KiB: Final = 1024
MiB: Final = 1024 * KiB
GiB: Final = 1024 * MiB
TiB: Final = 1024 * GiB

CHUNK_SIZE: Final = 8 * MiB
"""Unit of S3 parts and of our digests. Part of the stored format: objects keep one SHA-256 per chunk of this size."""

PIECE_SIZE: Final = MiB
"""The most that one slow client holds in memory. 1 MiB is where a thread hop per piece stops to matter (measured:
docs/decisions/0003); larger pieces gain nothing and cost memory per client."""

SMALL_SIZE: Final = 64 * KiB
"""Up to here what surrounds an object costs more than its bytes do: it is worth a shorter way, all of it at once."""
