"""The folder of thumbnails: shared, limited, and nothing in it that anybody would miss."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from aishare.images.cache import ThumbnailCache
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend

KIB = 1024


def digest(number):
    return bytes([number]) * 32


async def filled(cache, numbers, *, size=300, content=b"x" * 10 * KIB):
    for age, number in enumerate(numbers):
        await cache.put(digest(number), size, content)
        moment = time.time() - 3600 + age
        os.utime(cache.path_of(digest(number), size), (moment, moment))


async def kept(cache, numbers, *, size=300):
    return [number for number in numbers if await cache.find(digest(number), size) is not None]


async def test_what_was_put_is_found_by_every_process(tmp_path):
    one, other = (ThumbnailCache(tmp_path / "images", limit_bytes=KIB * KIB) for _ in range(2))
    assert await one.find(digest(1), 300) is None
    await one.put(digest(1), 300, b"content")
    assert [await cache.find(digest(1), 300) for cache in (one, other)] == [7, 7]
    assert await one.find(digest(1), 600) is None
    assert [path.stat().st_mode & 0o777 for path in tmp_path.rglob("*.webp")] == [0o600]


async def test_the_least_recently_used_go_first(tmp_path):
    cache = ThumbnailCache(tmp_path, limit_bytes=10 * 12 * KIB)
    await filled(cache, range(10))
    fresh = ThumbnailCache(tmp_path, limit_bytes=5 * 12 * KIB)
    assert await fresh.find(digest(0), 300)  # somebody looks at the oldest
    assert await fresh.sweep() == 6
    assert await kept(fresh, range(10)) == [0, 7, 8, 9]


async def test_the_limit_holds_while_it_fills(tmp_path):
    cache = ThumbnailCache(tmp_path, limit_bytes=50 * 12 * KIB)
    for number in range(200):
        await cache.put(digest(number), 300, b"x" * 10 * KIB)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.webp")) <= 56 * 12 * KIB
    assert await cache.find(digest(199), 300)


async def test_only_what_is_ours_goes(tmp_path):
    await filled(ThumbnailCache(tmp_path, limit_bytes=KIB * KIB), range(3))
    folder = tmp_path / "thumbnails"
    others = [tmp_path / "photo.webp", folder / "notes.txt", folder / "v1" / "mine-300.webp"]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"mine")
    stale = folder / "v1" / f".incoming-{'a' * 24}"
    fresh = folder / "v1" / f".incoming-{'b' * 24}"
    old_recipe = folder / "v0" / "00" / f"{'0' * 64}-300.webp"
    old_recipe.parent.mkdir(parents=True)
    for path in (stale, fresh, old_recipe):
        path.write_bytes(b"x")
    os.utime(stale, (0, 0))
    assert await ThumbnailCache(tmp_path, limit_bytes=1).sweep() == 5
    assert all(path.exists() for path in others)
    assert not stale.exists()
    assert not old_recipe.exists()
    assert fresh.exists()


async def test_two_that_sweep_at_once_do_not_trip(tmp_path):
    await filled(ThumbnailCache(tmp_path, limit_bytes=KIB * KIB * KIB), range(100))
    await asyncio.gather(*(ThumbnailCache(tmp_path, limit_bytes=KIB).sweep() for _ in range(4)))
    assert await kept(ThumbnailCache(tmp_path, limit_bytes=KIB), range(100)) == []


async def test_content_that_is_no_more_is_forgotten_in_all_sizes(tmp_path):
    cache = ThumbnailCache(tmp_path, limit_bytes=KIB * KIB)
    await filled(cache, range(3))
    await filled(cache, [1], size=600)
    await cache.forget([digest(1)])
    assert await kept(cache, range(3)) == [0, 2]
    assert await cache.find(digest(1), 600) is None


async def test_a_temporary_file_has_no_name(tmp_path):
    file = await ThumbnailCache(tmp_path / "images", limit_bytes=KIB).temporary()
    file.write(b"original")
    assert list((tmp_path / "images").iterdir()) == []
    file.close()


async def test_a_failing_disk_leaves_nothing_behind(tmp_path):
    cache = ThumbnailCache(tmp_path, limit_bytes=KIB * KIB)
    path = Path(cache.path_of(digest(1), 300))
    path.mkdir(parents=True)  # where the file should be
    with pytest.raises(OSError):
        await cache.put(digest(1), 300, b"x")
    assert list(path.parent.iterdir()) == [path]


async def test_a_local_storage_does_not_see_it(tmp_path):
    folder = tmp_path / "images"
    await filled(ThumbnailCache(folder, limit_bytes=KIB * KIB), range(3))
    backend = LocalStorageBackend(LocalConfig(tmp_path, excluded=(folder,)))
    assert [info.key async for info in backend.scan()] == []
    await backend.aclose()
