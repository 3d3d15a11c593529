"""The content of a download, as the transfer needs it."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from aishare.core.ranges import ByteRange
from aishare.services.content.proofs import LocalObject
from aishare.storage.base import ObjectReader

Presign = Callable[[str, str], Awaitable[str]]
"""Media type and disposition -> an address of the storage itself that answers with them, for a short time."""


@dataclass(frozen=True, slots=True)
class Representation:
    """A representation in the words of RFC 9110. `local_path` is set where the bytes are a file on this machine,
    `presign` where clients shall fetch them from the storage.
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
    """Of a `local_path` that has to be proven before it is given out."""
    guard: Callable[[], Awaitable[None]] | None = None
    """Raises what is wrong if the bytes are known to be damaged and lie nowhere else; None: nothing is known."""
    etag: str | None = None
    """Of what is made from the content, and so is not it; None: the digest, which is sent as such then."""
