"""Object keys: our own, opaque, the same on every backend. A user's file name is never part of a key."""

import base64
import hashlib
import re
from typing import NewType

from aishare.core.errors import InvalidKey

Key = NewType("Key", str)
"""A valid key. Keys are parsed once with `parse_key`; other code can rely on them."""

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_MAX_LENGTH = 900
"""S3 allows 1,024 bytes with the location's prefix in front; a file system allows 255 per segment."""


def parse_key(text: str) -> Key:
    """Segments of letters, digits, '.', '_' and '-', not starting with '.', separated by single slashes."""
    if len(text) > _MAX_LENGTH or not all(_SEGMENT.fullmatch(segment) for segment in text.split("/")):
        raise InvalidKey(f"not an object key: {text[:80]!r}")
    return Key(text)


def object_key(object_id: str) -> Key:
    """`objects/ab/cd/<id>`: two levels of 1,024 folders keep each folder on a disk small."""
    return parse_key(f"objects/{object_id[:2]}/{object_id[2:4]}/{object_id}")


def moved_key(object_id: str, generation: int) -> Key:
    """The key that an object gets in another location; `generation` is its value before the move.

    A copy that is repeated after a crash gets the same key, so that nothing is left over; an object never gets one of
    its earlier keys, whose content may be waiting to be purged.
    """
    digest = hashlib.sha256(f"{object_id}:{generation}".encode()).digest()[:15]
    return object_key(base64.b32encode(digest).decode().lower())
