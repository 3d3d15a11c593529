"""Thumbnails: taken from the cache, or made while the caller waits; if there is none, with the reason.

They are stored by the digest of the content, so the same image has the same thumbnail for everyone. The caller must
check the permission before.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Final

import structlog
from prometheus_client import CollectorRegistry, Counter

from aishare.catalogue.content.files import File
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.previews.images import KnownImage, forget_images, save_image, unused_images
from aishare.core.clock import Clock
from aishare.core.errors import AishareError, Conflict, InvalidInput, NoThumbnail, StorageFull, ThumbnailsBusy
from aishare.core.ranges import ByteRange
from aishare.images.cache import ThumbnailCache
from aishare.images.formats import Shown
from aishare.images.recipe import RECIPE, Picture, Refused
from aishare.images.renderer import PASSING, render
from aishare.sandbox.pool import Pool, PoolBusy
from aishare.services.content import Representation, StorageService
from aishare.storage.base import ObjectInfo, ObjectReader, cut_range

_log = structlog.get_logger(__name__)

_MEDIA_TYPE: Final = "image/webp"
_FLIGHTS_MAX: Final = 64
_AT_ONCE: Final = 4
"""Originals that are open or being copied from the storage to the disk."""

_LATER_MAX: Final = 256
"""Uploads that wait for their thumbnail. Thumbnails of further uploads are made when they are first requested."""

_PASSING: Final = timedelta(hours=24)
_FORGET_MAX: Final = 10_000
_FORGET_BATCH: Final = 500

_Read = Callable[[ByteRange | None], AbstractAsyncContextManager[ObjectReader]]


class ThumbnailMetrics:
    """How many images were processed, and with what result."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.looks = Counter(
            "aishare_thumbnail_looks", "Images processed for thumbnails, by outcome.", ["outcome"], registry=registry
        )


class Flights:
    """What is being made in this process, whatever the settings; `pool` is its child processes."""

    def __init__(self, pool: Pool, metrics: ThumbnailMetrics) -> None:
        self.pool = pool
        self.metrics = metrics
        self.tasks: dict[tuple[bytes, int], asyncio.Task[Picture]] = {}
        self.slots = asyncio.Semaphore(_AT_ONCE)
        self.later: set[asyncio.Task[None]] = set()
        self.one_later = asyncio.Semaphore(1)

    async def aclose(self) -> None:
        """Unfinished thumbnails are made when they are first requested."""
        tasks = [*self.later, *self.tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.pool.aclose()


@dataclass(frozen=True, slots=True)
class ThumbnailRules:
    """From the settings."""

    shown: Shown
    size: int

    @property
    def sizes(self) -> tuple[int, int]:
        """The configured size, and twice that for high-density screens."""
        return self.size, 2 * self.size


class ThumbnailService:
    """Thumbnails of files."""

    def __init__(  # noqa: PLR0913 - the rules and the services it uses
        self,
        *,
        rules: ThumbnailRules,
        cache: ThumbnailCache,
        flights: Flights,
        storage: StorageService,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self.rules = rules
        self._cache = cache
        self._flights = flights
        self._storage = storage
        self._catalogue = catalogue
        self._clock = clock

    @property
    def shown(self) -> Shown:
        """What is shown as an image."""
        return self.rules.shown

    async def thumbnail(self, file: File, size: int | None = None) -> Representation:
        """For a file that the caller may see. NoThumbnail says why there is none; ThumbnailsBusy: try later."""
        size = self.rules.size if size is None else size
        if size not in self.rules.sizes:
            sizes = " and ".join(map(str, self.rules.sizes))
            raise InvalidInput(f"Thumbnails are not available in {size} pixels.", hint=f"Use {sizes}.")
        problem = self._problem(file)
        if problem is not None:
            raise NoThumbnail(problem)
        sha256 = file.object.digests.sha256
        found = await self._cache.find(sha256, size)
        if found is not None:
            return self._content(file, size, found, self._cache.path_of(sha256, size), partial(self._again, file, size))
        body = (await self._made(file, size)).thumbnail
        return self._content(file, size, len(body), None, partial(_from_memory, file, body))

    def offer(self, file: File) -> None:
        """After an upload: makes the thumbnail later, if there can be one. Never waits, never fails."""
        known = file.image
        done = known is not None and known.error is None and known.recipe == RECIPE
        if not done and self._problem(file) is None and len(self._flights.later) < _LATER_MAX:
            task = asyncio.get_running_loop().create_task(self._later(file))
            self._flights.later.add(task)
            task.add_done_callback(self._flights.later.discard)

    async def sweep(self) -> None:
        """Forgets content that no file has any more; enforces the limit of the cache."""
        unused = await self._catalogue.read(lambda connection: unused_images(connection, limit=_FORGET_MAX))
        for start in range(0, len(unused), _FORGET_BATCH):
            batch = unused[start : start + _FORGET_BATCH]
            await self._cache.forget(batch)
            await self._catalogue.write(partial(forget_images, digests=batch))
        await self._cache.sweep()

    def _problem(self, file: File) -> str | None:
        return thumbnail_problem(file, self.shown, now=self._clock())

    def _content(self, file: File, size: int, length: int, path: str | None, read: _Read) -> Representation:
        sha256 = file.object.digests.sha256
        return Representation(
            name=f"{file.name}-{size}.webp",
            media_type=_MEDIA_TYPE,
            size_bytes=length,
            sha256=sha256,
            modified_at=file.modified_at,
            local_path=path,
            read=read,
            etag=f"{sha256.hex()}-{size}-{RECIPE}",
        )

    @asynccontextmanager
    async def _again(self, file: File, size: int, byte_range: ByteRange | None) -> AsyncIterator[ObjectReader]:
        """Another process has just deleted it."""
        self._cache.miss(file.object.digests.sha256, size)
        body = (await self._made(file, size)).thumbnail
        async with _from_memory(file, body, byte_range) as reader:
            yield reader

    async def _later(self, file: File) -> None:
        async with self._flights.one_later:
            try:
                await self._made(file, self.rules.size)
            except (AishareError, OSError) as error:
                code = error.code if isinstance(error, AishareError) else type(error).__name__
                _log.info("no_thumbnail", file=file.id, error=code, message=str(error))

    async def _made(self, file: File, size: int) -> Picture:
        """One task for all who wait for it; it continues when they leave."""
        key, tasks = (file.object.digests.sha256, size), self._flights.tasks
        task = tasks.get(key)
        if task is None:
            if len(tasks) >= _FLIGHTS_MAX:
                raise ThumbnailsBusy("Too many thumbnails are being made at the moment.")
            task = tasks[key] = asyncio.get_running_loop().create_task(self._make(file, size))
            task.add_done_callback(partial(_landed, tasks, key))
        try:
            return await asyncio.shield(task)
        except Refused as refused:
            raise NoThumbnail(refused.reason) from refused

    async def _make(self, file: File, size: int) -> Picture:
        sha256 = file.object.digests.sha256
        try:
            async with self._flights.slots, self._original(file) as descriptor:
                made = await render(self._flights.pool, descriptor, media_type=file.media_type, size=size)
        except PoolBusy:
            self._flights.metrics.looks.labels("busy").inc()
            raise ThumbnailsBusy("Too many thumbnails are being made at the moment.") from None
        except Refused as refused:
            self._flights.metrics.looks.labels(refused.code).inc()
            await self._save(sha256, self._known(error=refused.code, reason=refused.reason))
            raise
        self._flights.metrics.looks.labels("shown").inc()
        await self._keep(sha256, size, made.thumbnail)
        if file.image is None or file.image.error is not None or file.image.recipe != RECIPE:
            await self._save(sha256, self._known(made))
        return made

    async def _keep(self, sha256: bytes, size: int, content: bytes) -> None:
        try:
            await self._cache.put(sha256, size, content)
        except (OSError, StorageFull) as error:
            _log.warning("thumbnail_not_kept", error=error.strerror if isinstance(error, OSError) else error.code)

    def _known(self, made: Picture | None = None, *, error: str | None = None, reason: str | None = None) -> KnownImage:
        return KnownImage(
            recipe=RECIPE,
            format=made and made.format,
            width=made and made.width,
            height=made and made.height,
            colour=made and made.colour,
            error=error,
            reason=reason,
            made_at=self._clock(),
        )

    async def _save(self, sha256: bytes, known: KnownImage) -> None:
        try:
            await self._catalogue.write(lambda connection: save_image(connection, sha256, known))
        except Conflict:
            return  # another process was first, with the same result

    @asynccontextmanager
    async def _original(self, file: File) -> AsyncIterator[int]:
        """An open descriptor: of the file itself if its storage has files, otherwise of a temporary copy."""
        opened = await self._opened(file) or await self._fetched(file)
        try:
            yield opened.fileno()
        finally:
            opened.close()

    async def _opened(self, file: File) -> IO[bytes] | None:
        local = self._storage.local_object(file.object)
        found = None if local is None else await asyncio.to_thread(_open_file, local.path)
        if local is None or found is None:
            return None
        try:
            right = await local.is_right(found.fileno())
        except BaseException:
            found.close()
            raise
        if not right:
            found.close()
            return None
        local.given_out(file.object.digests.size_bytes)
        return found

    async def _fetched(self, file: File) -> IO[bytes]:
        copy = await self._cache.temporary()
        try:
            async with self._storage.read(file.object, None) as reader:
                async for piece in reader.pieces:
                    await asyncio.to_thread(copy.write, piece)
        except BaseException:
            copy.close()
            raise
        return copy


def thumbnail_problem(file: File, shown: Shown, *, now: datetime) -> str | None:
    """Why there is no thumbnail, as far as known; None: there is one, or the image was not examined yet."""
    problem = shown.problem(file.media_type, file.object.digests.size_bytes)
    known = file.image
    if problem is not None or known is None or _worth_a_look(known, now=now):
        return problem
    return known.reason


def _worth_a_look(known: KnownImage, *, now: datetime) -> bool:
    """Whether to try again: it failed under other rules, or perhaps temporarily."""
    return known.recipe != RECIPE or (known.error in PASSING and now - known.made_at > _PASSING)


def _landed(
    tasks: dict[tuple[bytes, int], asyncio.Task[Picture]], key: tuple[bytes, int], done: asyncio.Task[Picture]
) -> None:
    del tasks[key]
    if not done.cancelled():
        done.exception()  # retrieved, even if nobody is waiting any more


def _open_file(path: str) -> IO[bytes] | None:
    try:
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0)
    except OSError:
        return None


@asynccontextmanager
async def _from_memory(file: File, body: bytes, byte_range: ByteRange | None) -> AsyncIterator[ObjectReader]:
    wanted = cut_range(byte_range, len(body))

    async def pieces() -> AsyncIterator[bytes]:
        if wanted is not None:
            yield body[wanted.start : wanted.stop]

    yield ObjectReader(ObjectInfo(file.object.key, len(body)), wanted, pieces())
