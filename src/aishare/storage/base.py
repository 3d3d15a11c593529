"""The storage interface: six verbs, and capabilities as attributes that may be None.

The prose below is the contract; `tests/conformance` checks each sentence on every backend and wrapper.

Common to all verbs: errors are those of `aishare.core.errors`, never a vendor's, with the original as `__cause__`. A
verb may be called from many tasks at once. Cancelling the task ends the operation and frees what it held. Nothing
blocks the event loop.

Keys of one location do not nest: where `a/b` is an object, `a` is none. S3 would allow it, a folder cannot.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aishare.core.errors import UnsatisfiableRange
from aishare.core.keys import Key
from aishare.core.ranges import ByteRange


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What a backend knows of an object. `etag` is the vendor's and says nothing about the content."""

    key: Key
    size_bytes: int
    content_type: str | None = None
    etag: str | None = None
    modified_at: datetime | None = None
    stamps: str | None = None
    """Of a file on a local disk: others than before, and it was touched."""


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to be stored: `open()` gives an iterator of non-empty pieces, of 1 MiB or little more at most.

    A `rewindable` source may be opened again and then gives the same bytes; only such a `put` is ever retried as a
    whole. An exception raised by the iterator fails the `put`, which raises it unchanged. Of one that is `read_back`
    the caller compares every byte afterwards, so the way to the storage needs no proof of its own.
    """

    open: Callable[[], AsyncIterator[bytes]]
    rewindable: bool = False
    read_back: bool = False


@dataclass(frozen=True, slots=True)
class ObjectReader:
    """An object opened for reading: its info, the bytes that will come, and the pieces themselves.

    Iterate once. Pieces are non-empty, 1 MiB at most, and add up to exactly `byte_range.length` bytes (no piece at all
    and `byte_range` None for an empty object); if the storage delivers fewer or more, the iteration raises
    CorruptObject, if the connection breaks BackendUnavailable: a short read never ends quietly.
    """

    info: ObjectInfo
    byte_range: ByteRange | None
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class PresignedRequest:
    """A request that anybody may send until it expires."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Presigner(Protocol):
    """Signs requests that go straight to the storage. Never contacts it."""

    async def presign_get(
        self, key: Key, *, expires_in_seconds: int, content_type: str, content_disposition: str
    ) -> PresignedRequest: ...


class ServerSideCopier(Protocol):
    """Copies inside one store without moving the bytes through us."""

    def reaches(self, other: "ServerSideCopier") -> bool:
        """Whether the store of `other` is the same, with the same rights."""

    async def copy(self, source: Key, target: Key, *, origin: "ServerSideCopier | None" = None) -> ObjectInfo:
        """`source` lies in the location of `origin`, which must be within reach; None: in this one."""


class LocalFiles(Protocol):
    """Objects are files here: a real path, for sendfile and image workers. Read only, and valid until `delete`."""

    def path_of(self, key: Key) -> str: ...

    def given_out(self, count: int) -> None:
        """Is told how many bytes of such files went out past `read`."""


class SmallReads(Protocol):
    """Many small objects at once, for little more than one of them costs alone."""

    async def read_small(self, keys: Sequence[Key], *, at_most_bytes: int) -> Mapping[Key, bytes]:
        """The contents of those that are not larger and could be read. `read` tells what is wrong with the others."""
        ...


class Leftovers(Protocol):
    """What operations that crashed left behind: temporary files, or unfinished multipart uploads."""

    async def count_incoming(self, *, older_than_seconds: float) -> int:
        """How many things `sweep_incoming` would remove."""
        ...

    async def sweep_incoming(self, *, older_than_seconds: float) -> int:
        """Remove what belongs to no running upload; the number of things removed."""
        ...


@dataclass(frozen=True, slots=True)
class Space:
    """Of a disk: what is free for us, and all of it."""

    free_bytes: int
    total_bytes: int


class Capacity(Protocol):
    """Storage of a known size."""

    async def space(self) -> Space: ...

    async def require(self, size_bytes: int) -> None:
        """StorageFull if so many bytes more would not fit, or touch what is kept free."""
        ...


@dataclass(frozen=True, slots=True)
class Outage:
    """Why a storage does not work, and since when. `reason` is a sentence for people."""

    code: str
    reason: str
    since: datetime
    hint: str | None = None


class Circuit(Protocol):
    """Knows whether the storage works, so that nobody has to wait to find out."""

    outage: Outage | None

    @property
    def idle_seconds(self) -> float:
        """Since it last did something well."""
        ...

    async def check(self) -> None:
        """Ask the storage now; `outage` says what came of it."""
        ...

    async def watch(self) -> None:
        """To be called every second or so: asks where there is a reason to."""
        ...

    def suspect(self, *, writes: bool) -> None:
        """Ask soon, without waiting for the answer; by a write if a write failed."""
        ...


@dataclass(frozen=True, slots=True)
class UploadPart:
    """One stored part of a multipart upload; `number` counts from 1."""

    number: int
    size_bytes: int
    etag: str


class PartUploads(Protocol):
    """Multipart by hand. Parts are CHUNK_SIZE or more, the last may be shorter."""

    async def create(self, key: Key, *, content_type: str) -> str: ...

    async def upload_part(self, key: Key, upload_id: str, *, number: int, body: bytes) -> UploadPart: ...

    async def complete(self, key: Key, upload_id: str, parts: Sequence[UploadPart]) -> ObjectInfo: ...

    async def abort(self, key: Key, upload_id: str) -> None:
        """Frees the parts; an unknown upload is success."""
        ...

    async def missing_rights(self, key: Key, upload_id: str) -> Sequence[str]:
        """What would keep `leftovers` from finding and removing unfinished uploads, tried on one that is complete."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One question of a connection test: `run` returns what it found or raises what is wrong, with a hint."""

    name: str
    run: Callable[[], Awaitable[str]]


class Preflight(Protocol):
    """What a connection test asks of a storage before it stores something, in order; each check builds on the last."""

    def checks(self) -> Sequence[Check]: ...

    async def fetch(self, request: PresignedRequest) -> tuple[int, bytes]:
        """Status and the first 64 KiB of the answer, as a browser without credentials gets them."""
        ...


@dataclass(frozen=True, slots=True)
class StorageProfile:
    """What a store was found to do. None: it could not be found out."""

    checksums: bool | None
    """It checks and keeps a CRC32 sent along."""
    conditional_put: bool | None
    """It refuses to replace an object when told so."""
    delete_objects: bool | None
    """It deletes many objects by one request."""
    multipart_minimum_bytes: int | None
    """Of a part that is not the last; the smallest of the sizes tried."""
    addressing: str | None
    clock_offset_ms: int | None
    server: str | None
    """What it calls itself."""


class Profiler(Protocol):
    """Finds out what a store can do by small requests; leaves nothing behind."""

    async def profile(self) -> StorageProfile: ...


class BaseStorageBackend(ABC):
    """One place for objects. Attributes that are None are things this backend cannot do."""

    label: str
    """For logs and screens, like `s3:team-data`; never a credential, never an absolute path."""

    presigner: Presigner | None = None
    copier: ServerSideCopier | None = None
    local_files: LocalFiles | None = None
    small_reads: SmallReads | None = None
    parts: PartUploads | None = None
    preflight: Preflight | None = None
    leftovers: Leftovers | None = None
    profiler: Profiler | None = None
    capacity: Capacity | None = None
    circuit: Circuit | None = None

    @abstractmethod
    async def put(self, key: Key, source: Source, *, size: int | None, content_type: str) -> ObjectInfo:
        """Store all of `source` under `key`, replacing what was there; return when it is durable.

        All or nothing: until it returns, readers see the old object or none; if the source raises, the task is
        cancelled, the disk is full (StorageFull) or the storage fails, they go on seeing it, and no part of the new
        bytes stays behind (a crash may leave a temporary file or an unfinished multipart upload; both can be swept).
        `size` is the number of bytes announced, None if unknown; LengthMismatch if the source gives another number.
        Concurrent puts of one key: one of them wins as a whole. A failed `put` may be repeated.
        """

    @abstractmethod
    def read(self, key: Key, byte_range: ByteRange | None = None) -> AbstractAsyncContextManager[ObjectReader]:
        """Open `key`; leaving the context frees the connection or file, read to the end or not.

        Whatever can fail early fails on entering: ObjectNotFound, no permission, and UnsatisfiableRange when the range
        starts at or beyond the end. A range that ends beyond the end is cut; the reader says what comes.
        """

    @abstractmethod
    async def stat(self, key: Key) -> ObjectInfo:
        """What `read` would say, without the bytes. Raises ObjectNotFound."""

    @abstractmethod
    async def delete(self, key: Key) -> None:
        """Remove `key`, durably. A missing key is success. Readers that are open go on or raise; never wrong bytes."""

    @abstractmethod
    def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        """All objects whose key starts with `prefix`, each once, in an order that is the backend's own but stable.

        `after` resumes behind a key that this scan gave before. Memory stays bounded. Objects written or deleted
        meanwhile may or may not come. The order is *not* byte order on every S3 server: never merge two scans.
        `content_type` may be None here.
        """

    @abstractmethod
    async def aclose(self) -> None:
        """Free connections and threads, after the last verb ended. May be called twice."""


def cut_range(byte_range: ByteRange | None, size_bytes: int) -> ByteRange | None:
    """What of `byte_range` exists in an object of this size: the whole if None, None for an empty object.

    Raises UnsatisfiableRange when nothing of it does.
    """
    if byte_range is None:
        return ByteRange(0, size_bytes) if size_bytes else None
    if byte_range.start >= size_bytes:
        raise UnsatisfiableRange(f"The object has only {size_bytes} bytes.", size_bytes=size_bytes)
    return ByteRange(byte_range.start, min(byte_range.stop, size_bytes))
