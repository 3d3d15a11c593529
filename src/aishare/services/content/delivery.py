"""The content of a download, as the transfer needs it."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from aishare.core.ranges import ByteRange
from aishare.services.content.proofs import LocalObject
from aishare.storage.base import ObjectReader

Presign = Callable[[str, str], Awaitable[str]]
"""Media type and disposition -> a temporary URL of the storage that responds with them."""


@dataclass(frozen=True, slots=True)
class Representation:
    """A representation in the sense of RFC 9110. `local_path` is set if the content is a file on this machine,
    `presign` if clients should fetch it from the storage.
    """

    name: str
    media_type: str
    size_bytes: int
    sha256: bytes
    modified_at: datetime
    local_path: str | None
    read: Callable[[ByteRange | None], AbstractAsyncContextManager[ObjectReader]]
    presign: Presign | None = None
    proof: LocalObject | None = None
    """For a `local_path` whose content must be verified before it is sent."""
    guard: Callable[[], Awaitable[None]] | None = None
    """Raises an error if the bytes are known to be damaged and there is no other copy; None if no damage is known."""
    etag: str | None = None
    """For data derived from the content; None: the ETag is the digest, which is then also sent as the digest."""
