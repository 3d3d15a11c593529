"""The storage interface: six methods, and capabilities as attributes that may be None.

The text below is the contract; `tests/conformance` checks each sentence on every backend and wrapper.

Common to all methods: errors are those of `aishare.core.errors`, never a library's, with the original as `__cause__`. A
method may be called from many tasks at once. Cancelling the task ends the operation and frees its resources. Nothing
blocks the event loop.

Keys of one location do not nest: if `a/b` is an object, `a` is not. S3 would allow it, a folder cannot.
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
    """What a backend knows about an object. `etag` is the provider's and says nothing about the content."""

    key: Key
    size_bytes: int
    content_type: str | None = None
    etag: str | None = None
    modified_at: datetime | None = None
    stamps: str | None = None
    """For a file on a local disk: if the stamps have changed, the file was modified."""


@dataclass(frozen=True, slots=True)
class Source:
    """Content to be stored: `open()` returns an iterator of non-empty pieces, of at most about 1 MiB.

    A `rewindable` source may be opened again and then returns the same bytes; only such a `put` is ever retried as a
    whole. An exception raised by the iterator fails the `put`, which raises it unchanged. If a source is `read_back`,
    the caller compares every byte afterwards, so the transfer to the storage is not verified itself.
    """

    open: Callable[[], AsyncIterator[bytes]]
    rewindable: bool = False
    read_back: bool = False


@dataclass(frozen=True, slots=True)
class ObjectReader:
    """An object opened for reading: its info, the bytes that will follow, and the pieces themselves.

    Iterate once. Pieces are non-empty, 1 MiB at most, and add up to exactly `byte_range.length` bytes (no piece at all
    and `byte_range` None for an empty object); if the storage delivers fewer or more, the iteration raises
    CorruptObject, if the connection breaks BackendUnavailable: a short read never ends silently.
    """

    info: ObjectInfo
    byte_range: ByteRange | None
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class PresignedRequest:
    """A request that anyone may send until it expires."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Presigner(Protocol):
    """Signs requests that go directly to the storage. Never contacts it."""

    async def presign_get(
        self, key: Key, *, expires_in_seconds: int, content_type: str, content_disposition: str
    ) -> PresignedRequest: ...


class ServerSideCopier(Protocol):
    """Copies inside one storage without transferring the bytes through aishare."""

    def reaches(self, other: "ServerSideCopier") -> bool:
        """Whether `other` is in the same storage, with the same permissions."""

    async def copy(self, source: Key, target: Key, *, origin: "ServerSideCopier | None" = None) -> ObjectInfo:
        """`source` is in the location of `origin`, which must be within reach; None: in this one."""


class LocalFiles(Protocol):
    """Objects are files on this machine: a real path, for sendfile and image workers. Read only, and valid until
    `delete`.
    """

    def path_of(self, key: Key) -> str: ...

    def given_out(self, count: int) -> None:
        """Called with the number of bytes of such files that were sent without `read`."""


class SmallReads(Protocol):
    """Reads many small objects at once, for little more than the cost of one."""

    async def read_small(self, keys: Sequence[Key], *, at_most_bytes: int) -> Mapping[Key, bytes]:
        """The contents of those that are not larger and could be read. For the others, `read` raises the error."""
        ...


class Leftovers(Protocol):
    """What crashed operations left behind: temporary files, or unfinished multipart uploads."""

    async def count_incoming(self, *, older_than_seconds: float) -> int:
        """How many items `sweep_incoming` would remove."""
        ...

    async def sweep_incoming(self, *, older_than_seconds: float) -> int:
        """Removes what belongs to no running upload; returns the number of removed items."""
        ...


@dataclass(frozen=True, slots=True)
class Space:
    """Of a disk: the free space available to us, and its total size."""

    free_bytes: int
    total_bytes: int


class Capacity(Protocol):
    """Storage of a known size."""

    async def space(self) -> Space: ...

    async def require(self, size_bytes: int) -> None:
        """StorageFull if this many more bytes would not fit, or would use the reserve."""
        ...


@dataclass(frozen=True, slots=True)
class Outage:
    """Why a storage does not work, and since when. `reason` is a sentence for people."""

    code: str
    reason: str
    since: datetime
    hint: str | None = None


class Circuit(Protocol):
    """Knows whether the storage works, so that requests do not have to wait to find out."""

    outage: Outage | None

    @property
    def idle_seconds(self) -> float:
        """Time since its last successful operation."""
        ...

    async def check(self) -> None:
        """Checks the storage now; `outage` contains the result."""
        ...

    async def watch(self) -> None:
        """To be called about every second: checks the storage if there is a reason."""
        ...

    def suspect(self, *, writes: bool) -> None:
        """Checks soon, without waiting for the result; with a write if a write failed."""
        ...


@dataclass(frozen=True, slots=True)
class UploadPart:
    """One stored part of a multipart upload; `number` counts from 1."""

    number: int
    size_bytes: int
    etag: str


class PartUploads(Protocol):
    """Multipart uploads in single steps. Parts are CHUNK_SIZE or more, the last may be shorter."""

    async def create(self, key: Key, *, content_type: str) -> str: ...

    async def upload_part(self, key: Key, upload_id: str, *, number: int, body: bytes) -> UploadPart: ...

    async def complete(self, key: Key, upload_id: str, parts: Sequence[UploadPart]) -> ObjectInfo: ...

    async def abort(self, key: Key, upload_id: str) -> None:
        """Frees the parts; an unknown upload is not an error."""
        ...

    async def missing_rights(self, key: Key, upload_id: str) -> Sequence[str]:
        """Which permissions are missing for `leftovers` to find and remove unfinished uploads; tested on a completed
        one.
        """
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a connection test: `run` returns its result or raises an error with a hint."""

    name: str
    run: Callable[[], Awaitable[str]]


class Preflight(Protocol):
    """Checks of a connection test before something is stored, in order; each check builds on the last."""

    def checks(self) -> Sequence[Check]: ...

    async def fetch(self, request: PresignedRequest) -> tuple[int, bytes]:
        """Status and the first 64 KiB of the response, as a browser without credentials gets them."""
        ...


@dataclass(frozen=True, slots=True)
class StorageProfile:
    """The detected features of a storage. None: unknown."""

    checksums: bool | None
    """It verifies and stores a CRC32 sent with the upload."""
    conditional_put: bool | None
    """It supports writes that must not replace an object."""
    delete_objects: bool | None
    """It can delete many objects with one request."""
    multipart_minimum_bytes: int | None
    """Minimum size of a part other than the last; the smallest tested size."""
    addressing: str | None
    clock_offset_ms: int | None
    server: str | None
    """The name that the server reports."""


class Profiler(Protocol):
    """Detects the features of a storage with small requests; leaves nothing behind."""

    async def profile(self) -> StorageProfile: ...


class BaseStorageBackend(ABC):
    """One place for objects. Attributes that are None are features that this backend does not have."""

    label: str
    """For logs and pages, like `s3:team-data`; never contains credentials or absolute paths."""

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
        """Stores all of `source` under `key`, replacing what was there; returns when it is durable.

        All or nothing: until it returns, readers see the old object or none; if the source raises, the task is
        cancelled, the disk is full (StorageFull) or the storage fails, they still see it, and no part of the new
        content stays behind (a crash may leave a temporary file or an unfinished multipart upload; both can be removed
        later). `size` is the number of bytes announced, None if unknown; LengthMismatch if the source returns another
        number. Concurrent puts of one key: one of them wins as a whole. A failed `put` may be repeated.
        """

    @abstractmethod
    def read(self, key: Key, byte_range: ByteRange | None = None) -> AbstractAsyncContextManager[ObjectReader]:
        """Opens `key`; leaving the context frees the connection or file, whether or not it was read to the end.

        Errors are raised on entering if possible: ObjectNotFound, no permission, and UnsatisfiableRange if the range
        starts at or beyond the end. A range that ends beyond the end is cut; the reader says what follows.
        """

    @abstractmethod
    async def stat(self, key: Key) -> ObjectInfo:
        """What `read` would return, without the content. Raises ObjectNotFound."""

    @abstractmethod
    async def delete(self, key: Key) -> None:
        """Removes `key`, durably. A missing key is not an error. Open readers continue or raise; they never return
        wrong bytes.
        """

    @abstractmethod
    def scan(self, prefix: str = "", *, after: Key | None = None) -> AsyncIterator[ObjectInfo]:
        """All objects whose key starts with `prefix`, each once, in an order that is specific to the backend but
        stable.

        `after` continues after a key that this scan returned before. Memory use is limited. Objects written or deleted
        meanwhile may or may not be included. The order is *not* byte order on every S3 server: never merge two scans.
        `content_type` may be None here.
        """

    @abstractmethod
    async def aclose(self) -> None:
        """Frees connections and threads, after the last operation has ended. May be called twice."""


def cut_range(byte_range: ByteRange | None, size_bytes: int) -> ByteRange | None:
    """The part of `byte_range` that exists in an object of this size: the whole if None, None for an empty object.

    Raises UnsatisfiableRange if none of it exists.
    """
    if byte_range is None:
        return ByteRange(0, size_bytes) if size_bytes else None
    if byte_range.start >= size_bytes:
        raise UnsatisfiableRange(f"The object has only {size_bytes} bytes.", size_bytes=size_bytes)
    return ByteRange(byte_range.start, min(byte_range.stop, size_bytes))
