"""A folder that is known by its marker is not used without it."""

import shutil

import pytest

from aishare.core.errors import LocationMissing, ObjectNotFound
from aishare.core.keys import parse_key
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.base import Source

KEY = parse_key("objects/aa/bb/one")
ABSENT = parse_key("objects/aa/bb/absent")


async def put(backend, content=b"content"):
    async def pieces():
        yield content

    await backend.put(KEY, Source(pieces), size=len(content), content_type="text/plain")


async def read(backend):
    async with backend.read(KEY) as reader:
        return b"".join([piece async for piece in reader.pieces])


async def scan(backend):
    return [info.key async for info in backend.scan()]


VERBS = {
    "put": put,
    "read": read,
    "stat": lambda backend: backend.stat(KEY),
    "delete": lambda backend: backend.delete(KEY),
    "scan": scan,
    "space": lambda backend: backend.space(),
    "sweep": lambda backend: backend.sweep_incoming(older_than_seconds=0),
}


def taken_away(root):
    root.rename(root.with_name("away"))


def emptied(root):
    taken_away(root)
    root.mkdir()


def without_marker(root):
    (root / ".aishare-location").unlink()
    shutil.rmtree(root / "objects")


def another(root):
    emptied(root)
    (root / ".aishare-location").write_text("another")


def a_file(root):
    taken_away(root)
    root.write_text("")


def brought_back(root):
    if (away := root.with_name("away")).exists():
        shutil.rmtree(root) if root.is_dir() else root.unlink(missing_ok=True)
        away.rename(root)


@pytest.fixture
async def root(tmp_path):
    return tmp_path / "root"


@pytest.fixture
async def backend(root):
    first = LocalStorageBackend(LocalConfig(root))
    identity = await first.identity()
    await put(first)
    await first.aclose()
    opened = LocalStorageBackend(LocalConfig(root, knows=lambda marker: marker == identity))
    yield opened
    await opened.aclose()


@pytest.mark.parametrize("was_used", [True, False], ids=["in use", "at the start"])
@pytest.mark.parametrize("gone", [taken_away, emptied, another, a_file])
@pytest.mark.parametrize("verb", VERBS)
async def test_no_verb_works_in_another_folder_and_nothing_is_made(backend, root, gone, verb, was_used):
    if was_used:
        assert await read(backend) == b"content"
    gone(root)
    before = sorted(root.rglob("*")) if root.is_dir() else root.exists()
    with pytest.raises(LocationMissing):
        await VERBS[verb](backend)
    assert (sorted(root.rglob("*")) if root.is_dir() else root.exists()) == before
    brought_back(root)
    assert await read(backend) == b"content"


async def test_a_folder_that_lost_its_marker_says_of_no_object_that_it_is_not_there(backend, root):
    assert await read(backend) == b"content"
    with pytest.raises(ObjectNotFound):
        await backend.stat(ABSENT)
    without_marker(root)
    with pytest.raises(LocationMissing):
        await backend.stat(ABSENT)


async def test_looking_for_a_marker_makes_nothing(tmp_path):
    backend = LocalStorageBackend(LocalConfig(tmp_path / "nowhere"))
    assert await backend.marker() is None
    assert not (tmp_path / "nowhere").exists()
    await backend.aclose()
