"""Whatever is in a file: it ends in time and memory, as a small picture or with a reason, in a child that may die."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

import pytest

from aishare.core.media import sniff
from aishare.images.recipe import MEMORY_BYTES, SECONDS, Refused
from aishare.images.renderer import image_pool, render
from tests.images import hostile_drawings, hostile_pixels
from tests.support.memory import peak, resident
from tests.support.pictures import decoded

SIZE = 300
CODES = {"unsupported", "too_many_pixels", "too_large", "broken", "memory", "timeout", "crash"}
SECRET_COLOUR = (255, 0, 254)


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    """What no drawing may show, however it asks for it."""
    path = Path(tempfile.mkdtemp(dir=tmp_path_factory.mktemp("secret"))) / "secret.png"
    path.write_bytes(
        hostile_pixels.png(9, 9, colour=2, data=hostile_pixels.zlib.compress((b"\0" + bytes(SECRET_COLOUR) * 9) * 9))
    )
    return path


@pytest.fixture(scope="module")
def corpus(secret):
    found = hostile_drawings.drawings(secret)
    for family in ("pngs", "jpegs", "gifs", "tiffs", "webps", "avifs", "bmps", "others"):
        found |= getattr(hostile_pixels, family)()
    return found


def family_type(name):
    """What the file says it is: the type that an attacker would have it taken for."""
    kind = name.partition("-")[0]
    return {"svg": "image/svg+xml", "svgz": "image/svg+xml", "bmp": "image/bmp"}.get(kind, f"image/{kind}")


async def ended(pool, content, media_type):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        began = time.monotonic()
        try:
            end = await render(pool, file.fileno(), media_type=media_type, size=SIZE)
        except Refused as refused:
            end = refused
        return end, time.monotonic() - began


@pytest.mark.timeout(600)
@pytest.mark.parametrize("of", [4, pytest.param(1, marks=pytest.mark.slow)])
async def test_every_hostile_file_ends_small_or_with_a_reason(corpus, secret, of):
    """Each file is of a family, whose first is always looked at; of the others one of so many."""
    assert len(corpus) >= 60
    first = {name.partition("-")[0]: name for name in reversed(corpus)}
    names = [name for number, name in enumerate(corpus) if number % of == 0 or name in first.values()]
    pool = image_pool()
    ends = {}

    async def look(names):
        for name in names:
            for media_type in dict.fromkeys((sniff(corpus[name][:65536], name), family_type(name))):
                ends[name, media_type] = await ended(pool, corpus[name], media_type)

    before = resident(os.getpid())
    await asyncio.gather(look(names[::2]), look(names[1::2]))
    memory = max(map(peak, pool.pids))  # of children that live; those that died had the limit
    await pool.aclose()
    for (name, media_type), (end, seconds) in ends.items():
        print(f"{name:36} {media_type:26} {seconds:5.1f} s  {end.code if isinstance(end, Refused) else end[:4]}")
    slowest = max(seconds for _, seconds in ends.values())
    print(f"{len(names)} files, {len(ends)} looks, the slowest {slowest:.1f} s, {memory >> 20} MiB")
    for (name, _), (end, seconds) in ends.items():
        assert seconds < SECONDS + 30, name
        if isinstance(end, Refused):
            assert end.code in CODES, name
            assert end.reason.endswith("."), name
            continue
        content = end.thumbnail
        assert len(content) < 100_000, name
        width, height, pixels = decoded(content)
        assert max(width, height) <= SIZE, name
        assert SECRET_COLOUR not in pixels, name
        assert b"script" not in content, name
    assert memory <= MEMORY_BYTES
    assert resident(os.getpid()) - before < 100 * 1024 * 1024
