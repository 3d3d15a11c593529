"""Sizes in bytes, and the two units in which data is transferred."""

from typing import Final

KiB: Final = 1024
MiB: Final = 1024 * KiB
GiB: Final = 1024 * MiB
TiB: Final = 1024 * GiB

CHUNK_SIZE: Final = 8 * MiB
"""Unit of S3 parts and of our digests. Part of the stored format: each object has one SHA-256 per chunk of this size.
"""

PIECE_SIZE: Final = MiB
"""Memory used per slow client. From 1 MiB, switching threads for each piece no longer matters (measured in
docs/decisions/0003); larger pieces gain nothing and cost memory per client.
"""

SMALL_SIZE: Final = 64 * KiB
"""Up to this size the overhead per object is larger than the cost of its bytes, so it is handled as a whole."""
