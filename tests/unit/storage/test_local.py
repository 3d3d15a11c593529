"""What only a disk can do wrong: links, full disks, other people's folders, and cancelling in the middle of a call."""

import asyncio
import os
import resource
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from aishare.core.errors import (
    BackendDenied,
    BackendError,
    BackendUnavailable,
    CorruptObject,
    InvalidKey,
    LengthMismatch,
    ObjectNotFound,
    StorageFull,
)
from aishare.core.keys import parse_key
from aishare.core.sizes import KiB, MiB
from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.base import Source

KEY = parse_key("objects/ab/cd/x")
AS_ROOT = os.geteuid() == 0


@pytest.fixture
async def backend(tmp_path):
    backend = LocalStorageBackend(LocalConfig(tmp_path / "store", excluded=(tmp_path / "store/images",)))
    yield backend
    await backend.aclose()


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


def source_of(content, *, piece=MiB):
    async def pieces():
        for start in range(0, len(content), piece):
            yield content[start : start + piece]

    return Source(pieces)


async def put(backend, content, key=KEY):
    await backend.put(key, source_of(content), size=len(content), content_type="text/plain")


async def content_of(backend, key=KEY):
    async with backend.read(key) as reader:
        return b"".join([piece async for piece in reader.pieces])


def incoming_files(root):
    return list((root / ".incoming").iterdir())


def open_descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_files_and_folders_are_private(backend, root):
    await put(backend, b"x")
    assert (root / KEY).read_bytes() == b"x"
    assert (root / KEY).stat().st_mode & 0o777 == 0o600
    for folder in (root, root / ".incoming", *list((root / KEY).relative_to(root).parents)[:-1]):
        assert (root / folder).stat().st_mode & 0o777 == 0o700
    assert backend.local_files.path_of(KEY) == str(root / KEY)


async def test_the_folder_keeps_one_identity(backend, root):
    identity = await backend.identity()
    other = LocalStorageBackend(LocalConfig(root))
    assert await other.identity() == identity
    assert await LocalStorageBackend(LocalConfig(root.parent / "new/below/other")).identity() != identity
    assert [info async for info in backend.scan()] == []


# --- many small ones --------------------------------------------------------------------------------------------


async def test_small_files_come_together_and_the_others_not_at_all(backend, root):
    small, empty, exact, large = (parse_key(f"objects/ab/cd/{name}") for name in ("small", "empty", "exact", "large"))
    for key, size in ((small, 1), (empty, 0), (exact, KiB), (large, KiB + 1)):
        await put(backend, b"x" * size, key)
    missing, link, folder = parse_key("objects/ab/cd/missing"), parse_key("objects/link"), parse_key("objects/ab")
    excluded = parse_key("images/ab/cd")
    (root / link).symlink_to(root / small)
    (root / excluded).parent.mkdir(parents=True)
    (root / excluded).write_bytes(b"not yours")
    before = open_descriptors()
    wanted = [small, empty, exact, large, missing, link, folder, excluded]
    found = await backend.small_reads.read_small(wanted, at_most_bytes=KiB)
    assert found == {small: b"x", empty: b"", exact: b"x" * KiB}
    assert open_descriptors() == before


# --- cancelling -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 3])
async def test_cancelling_at_any_moment_leaks_nothing(backend, root, times):
    await put(backend, b"old")
    before = open_descriptors()
    for number in range(150):
        for task in (asyncio.create_task(put(backend, bytes(300))), asyncio.create_task(content_of(backend))):
            for _ in range(number % 5):
                await asyncio.sleep(0)
            if number % 2:
                await asyncio.sleep(0.0002 * (number % 9))
            for _ in range(times):
                task.cancel()
                await asyncio.sleep(0)
            with suppress(asyncio.CancelledError):
                await task
    assert open_descriptors() == before
    assert incoming_files(root) == []
    assert await content_of(backend) in (b"old", bytes(300))


async def test_cancelling_waits_for_the_thread(backend, root, monkeypatch):
    """A descriptor closed under a thread could be another file's by the time the thread writes."""
    writing, go_on = threading.Event(), threading.Event()
    write = os.write

    def slow_write(descriptor, content):
        if len(content) == 4321:
            writing.set()
            assert go_on.wait(10)
        return write(descriptor, content)

    monkeypatch.setattr("aishare.storage.backends.disk.os.write", slow_write)
    task = asyncio.create_task(put(backend, bytes(4321)))
    assert await asyncio.to_thread(writing.wait, 10)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0.01)
        assert not task.done()
        assert len(incoming_files(root)) == 1
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert incoming_files(root) == []


async def test_too_many_bytes_end_the_upload_at_once(backend, root):
    async def endless():
        while True:
            yield bytes(1000)

    with pytest.raises(LengthMismatch):
        await asyncio.wait_for(backend.put(KEY, Source(endless), size=5000, content_type="text/plain"), 10)
    assert incoming_files(root) == []


# --- links and strangers ----------------------------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path, root):
    """A folder elsewhere, and a link to it inside the store."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret").write_bytes(b"secret")
    root.mkdir()
    (root / "link").symlink_to(folder)
    (root / "file-link").symlink_to(folder / "secret")
    return folder


@pytest.mark.parametrize("name", ["link/secret", "file-link"])
async def test_links_are_not_followed(backend, outside, name):
    key = parse_key(name)
    with pytest.raises(ObjectNotFound):
        await content_of(backend, key)
    with pytest.raises(ObjectNotFound):
        await backend.stat(key)
    await backend.delete(key)
    assert [info async for info in backend.scan()] == []
    assert (outside / "secret").read_bytes() == b"secret"


async def test_nothing_is_written_through_links(backend, outside, root):
    with pytest.raises(BackendError):
        await put(backend, b"new", parse_key("link/new"))
    await put(backend, b"new", parse_key("file-link"))  # replaces the link itself
    assert (root / "file-link").read_bytes() == b"new"
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert (outside / "secret").read_bytes() == b"secret"
    assert incoming_files(root) == []


async def test_the_root_may_be_a_link(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "root").symlink_to(tmp_path / "disk")
    backend = LocalStorageBackend(LocalConfig(tmp_path / "root"))
    await put(backend, b"x")
    assert (tmp_path / "disk" / KEY).read_bytes() == b"x"
    assert [info.key async for info in backend.scan()] == [KEY]


async def test_a_folder_or_pipe_is_no_object(backend, root):
    await put(backend, b"x")
    os.mkfifo(root / "pipe")
    for key in (parse_key("objects/ab"), parse_key("pipe")):
        with pytest.raises(ObjectNotFound):
            await asyncio.wait_for(content_of(backend, key), 5)
        with pytest.raises(ObjectNotFound):
            await backend.stat(key)
    await backend.delete(parse_key("objects/ab"))
    assert await content_of(backend) == b"x"
    assert [info.key async for info in backend.scan()] == [KEY]


@pytest.mark.parametrize("written", ["absolute", "relative"])
async def test_excluded_folders_are_not_ours(tmp_path, root, monkeypatch, written):
    monkeypatch.chdir(tmp_path)
    base = root if written == "absolute" else Path("store")
    backend = LocalStorageBackend(LocalConfig(base, excluded=(root / "images", tmp_path / "elsewhere")))
    await put(backend, b"x")
    (root / "images").mkdir()
    (root / "images/thumbnail").write_bytes(b"t")
    key = parse_key("images/thumbnail")
    for call in (put(backend, b"x", key), backend.delete(key), backend.stat(key), content_of(backend, key)):
        with pytest.raises(InvalidKey):
            await call
    await put(backend, b"y", parse_key("images2/z"))
    assert [info.key async for info in backend.scan()] == ["images2/z", KEY]
    assert (root / "images/thumbnail").read_bytes() == b"t"


async def test_files_that_are_not_ours_are_not_listed(backend, root):
    await put(backend, b"x")
    (root / "a file with spaces").write_bytes(b"x")
    (root / ".hidden").mkdir()
    (root / ".hidden/x").write_bytes(b"x")
    (root / ".incoming/x").write_bytes(b"x")
    assert [info.key async for info in backend.scan()] == [KEY]


async def test_a_scan_that_resumes_does_not_read_the_folders_before(backend, root, monkeypatch):
    for number in range(10):
        await put(backend, b"x", parse_key(f"objects/{number}/x"))
    read = []
    scandir = os.scandir
    monkeypatch.setattr(
        "aishare.storage.backends.disk.os.scandir", lambda path: read.append(Path(path).name) or scandir(path)
    )
    found = [info.key async for info in backend.scan(after=parse_key("objects/7/x"))]
    assert found == ["objects/8/x", "objects/9/x"]
    assert read == ["store", "objects", "7", "8", "9"]


# --- disks that are full, read-only or gone ---------------------------------------------------------------------


@contextmanager
def limited_files(folder):
    """Needs no privileges: the kernel refuses to let any file of this process grow beyond 1 MiB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MiB, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def small_disk(folder):
    if not AS_ROOT:
        pytest.fail("This test mounts a file system: run it as root, as a container has it.", pytrace=False)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("full", [limited_files, small_disk])
@pytest.mark.parametrize("before", [None, b"old"])
async def test_a_full_disk_is_said_and_nothing_stays(backend, root, full, before):
    root.mkdir()
    with full(root):
        if before:
            await put(backend, before)
        with pytest.raises(StorageFull):
            await backend.put(KEY, source_of(bytes(5 * MiB), piece=100 * KiB), size=None, content_type="text/plain")
        assert incoming_files(root) == []
        assert [info.key async for info in backend.scan()] == ([KEY] if before else [])
        await put(backend, bytes(500 * KiB))
        assert await content_of(backend) == bytes(500 * KiB)


async def test_a_disk_that_became_read_only_is_unavailable_for_writing(backend, root):
    root.mkdir()
    with small_disk(root):
        await put(backend, b"x")
        subprocess.run(["mount", "-o", "remount,ro", root], check=True)
        with pytest.raises(BackendUnavailable, match="Read-only"):
            await put(backend, b"y")
        with pytest.raises(BackendUnavailable, match="Read-only"):
            await backend.delete(KEY)
        assert await content_of(backend) == b"x"


async def test_nothing_is_written_into_the_mount_point_of_a_disk_that_was_taken_away(backend, root):
    root.mkdir()
    with small_disk(root):
        await put(backend, b"x")
    with pytest.raises(BackendUnavailable, match="has changed"):
        await put(backend, b"y")
    assert list(root.iterdir()) == []


async def test_a_storage_folder_that_disappeared_is_unavailable_not_empty(backend, root):
    await put(backend, b"x")
    root.rename(root.with_name("away"))
    with pytest.raises(BackendUnavailable):
        await content_of(backend)
    with pytest.raises(BackendUnavailable):
        await put(backend, b"y")
    assert not root.exists()


async def test_a_folder_without_permission_is_denied(backend, root):
    root.mkdir(mode=0o500)
    user = os.geteuid()
    if AS_ROOT:  # permissions do not bind root: be nobody for a moment
        os.seteuid(65534)
    try:
        with pytest.raises(BackendDenied):
            await put(backend, b"x")
    finally:
        os.seteuid(user)


async def test_empty_folders_may_be_tidied_up_by_others(backend, root):
    await put(backend, b"x")
    await backend.delete(KEY)
    for folder in ("objects/ab/cd", "objects/ab", "objects"):
        (root / folder).rmdir()
    await put(backend, b"y")
    assert await content_of(backend) == b"y"


async def test_a_file_cut_short_while_it_is_read_is_corrupt(backend, root):
    await put(backend, bytes(3 * MiB))
    got = bytearray()
    with pytest.raises(CorruptObject):
        await _read_and_cut(backend, root, got)
    assert len(got) == MiB + 5


async def _read_and_cut(backend, root, got):
    async with backend.read(KEY) as reader:
        async for piece in reader.pieces:
            os.truncate(root / KEY, MiB + 5)
            got += piece


# --- sweeping and durability ------------------------------------------------------------------------------------


async def test_sweeping_removes_only_what_is_old(backend, root):
    await put(backend, b"x")
    old, new, folder = (root / ".incoming" / name for name in ("old", "new", "folder"))
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    folder.mkdir()
    hour_ago = time.time() - 3600
    for path in (old, folder):
        os.utime(path, (hour_ago, hour_ago))
    assert await backend.sweep_incoming(older_than_seconds=1800) == 1
    assert sorted(incoming_files(root)) == [folder, new]
    assert await content_of(backend) == b"x"


async def test_every_new_name_is_synced_before_the_answer(tmp_path, monkeypatch):
    """File, then each folder that got a new name; from the second time on only the folder of the object."""
    synced = []
    fsync = os.fsync

    def spy(descriptor):
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()).removeprefix(f"{tmp_path}/"))
        fsync(descriptor)

    monkeypatch.setattr("aishare.storage.backends.disk.os.fsync", spy)
    backend = LocalStorageBackend(LocalConfig(tmp_path / "new/store"))
    await put(backend, b"x")
    assert synced[:3] == [str(tmp_path), "new", "new/store"]
    assert synced[3].startswith("new/store/.incoming/")
    assert synced[4:] == ["new/store", "new/store/objects", "new/store/objects/ab", "new/store/objects/ab/cd"]
    synced.clear()
    await put(backend, b"x", parse_key("objects/ab/cd/y"))
    assert synced[1:] == ["new/store/objects/ab/cd"]
    synced.clear()
    await backend.delete(KEY)
    assert synced == ["new/store/objects/ab/cd"]


@pytest.mark.parametrize("before", [None, b"old"])
async def test_a_failed_fsync_is_not_acknowledged_and_not_repeated(backend, root, monkeypatch, before):
    if before:
        await put(backend, before)
    calls = []

    def failing(descriptor):
        calls.append(descriptor)
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("aishare.storage.backends.disk.os.fsync", failing)
        with pytest.raises(BackendUnavailable, match="disk"):
            await put(backend, b"new")
    assert len(calls) == 1
    assert [info.key async for info in backend.scan()] == ([KEY] if before else [])
    if before:
        assert await content_of(backend) == before
        assert incoming_files(root) == []


async def test_an_unconfirmed_new_name_is_taken_back(backend, root, monkeypatch):
    await put(backend, b"x", parse_key("objects/ab/cd/other"))
    fsync = os.fsync

    def failing_for_folders(descriptor):
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(5, "Input/output error")
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr("aishare.storage.backends.disk.os.fsync", failing_for_folders)
        with pytest.raises(BackendUnavailable):
            await put(backend, b"new")
    assert [info.key async for info in backend.scan()] == ["objects/ab/cd/other"]
    assert incoming_files(root) == []
