"""Memory, connections and left-overs of transfers with a real server."""

import asyncio
import contextlib
import tempfile
import threading
import time
from dataclasses import replace

import aiohttp
import psutil
import pytest

from aishare.core.errors import BackendError, BackendUnavailable, NotSupported
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, MiB
from aishare.storage.backends.s3.backend import S3StorageBackend, open_s3
from aishare.storage.backends.s3.buffers import PartBudget
from aishare.storage.backends.s3.config import Profile
from aishare.storage.base import UploadPart
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.s3server import new_bucket, raw_client
from tests.support.sources import (
    SourceFailed,
    content_of,
    endless_source,
    failing_source,
    new_key,
    read_all,
    source_of,
)


@contextlib.contextmanager
def peak_memory():
    """A list that holds the highest RSS in MiB seen while the context is open, above that at its start."""
    process, found, ended = psutil.Process(), [0.0], threading.Event()
    start = process.memory_info().rss

    def watch():
        while not ended.wait(0.005):
            found[0] = max(found[0], (process.memory_info().rss - start) / MiB)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


async def _left_over(server, bucket):
    async with raw_client(server) as client:
        objects = (await client.list_objects_v2(Bucket=bucket)).get("Contents", [])
        uploads = (await client.list_multipart_uploads(Bucket=bucket)).get("Uploads", [])
        return len(objects), len(uploads)


@pytest.mark.parametrize("announced", [True, False])
async def test_memory_is_bounded_while_200_mib_go_up_and_down(backend, announced):
    size, key = 200 * MiB, new_key()
    with peak_memory() as peak:
        await backend.put(key, source_of(size), size=size if announced else None, content_type="a/b")
    assert peak[0] < 64, f"{peak[0]:.0f} MiB"
    with peak_memory() as peak:
        async with backend.read(key) as reader:
            assert sum([len(piece) async for piece in reader.pieces]) == size
    assert peak[0] < 32, f"{peak[0]:.0f} MiB"


async def test_many_uploads_at_once_share_one_budget(backend):
    """Ten uploads would take 240 MiB; beyond the budget they spill to disk, and none waits for another."""
    with peak_memory() as peak:
        puts = [backend.put(new_key(), source_of(20 * MiB), size=None, content_type="a/b") for _ in range(10)]
        await asyncio.gather(*puts)
    assert peak[0] < 140, f"{peak[0]:.0f} MiB"
    assert backend._budget.free_bytes == PartBudget().free_bytes


async def test_slow_uploads_do_not_hold_up_others(backend):
    """Nine uploads sit on half a part each: more than the memory budget."""
    reached = [asyncio.Event() for _ in range(9)]
    slow = [
        asyncio.create_task(backend.put(new_key(), endless_source(2 * MiB, event), size=None, content_type="a/b"))
        for event in reached
    ]
    await asyncio.gather(*(event.wait() for event in reached))
    assert backend._budget.free_bytes < CHUNK_SIZE
    key = new_key()
    async with asyncio.timeout(20):
        await backend.put(key, source_of(20 * MiB), size=None, content_type="a/b")
    assert await read_all(backend, key) == content_of(20 * MiB)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    assert backend._budget.free_bytes == PartBudget().free_bytes


async def test_large_parts_go_through_a_file(server, bucket):
    """As parts of more than 16 MiB do: here there is no memory at all."""
    made = await open_s3(server.config(bucket))
    backend = S3StorageBackend(made._connection, made._stack, budget=PartBudget(0))
    key, size = new_key(), CHUNK_SIZE + MiB
    await backend.put(key, source_of(size), size=size, content_type="a/b")
    assert await read_all(backend, key) == content_of(size)
    await backend.aclose()


@pytest.mark.parametrize("sent", [MiB, CHUNK_SIZE + MiB, 4 * CHUNK_SIZE])
async def test_a_cancelled_upload_leaves_nothing(backend, server, bucket, sent):
    reached = asyncio.Event()
    task = asyncio.create_task(backend.put(new_key(), endless_source(sent, reached), size=None, content_type="a/b"))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _left_over(server, bucket) == (0, 0)
    assert backend._budget.free_bytes == PartBudget().free_bytes


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.02, 0.05, 0.08, 0.12, 0.2, 0.3])
async def test_an_upload_cancelled_at_any_moment_leaves_nothing_or_all(backend, server, bucket, seconds):
    size = 3 * CHUNK_SIZE
    task = asyncio.create_task(backend.put(new_key(), source_of(size), size=size, content_type="a/b"))
    await asyncio.sleep(seconds)
    task.cancel()
    finished = (await asyncio.gather(task, return_exceptions=True))[0].__class__ is not asyncio.CancelledError
    assert await _left_over(server, bucket) == ((1, 0) if finished else (0, 0))
    assert backend._budget.free_bytes == PartBudget().free_bytes


async def test_an_upload_cancelled_while_the_store_begins_it_leaves_nothing(behind, proxy, server, bucket):
    """The store has begun the upload, and its answer, which names it, is still on the way."""
    proxy.inject(Kind.THROTTLE, at=1000, method="POST", path="uploads")
    size = 3 * CHUNK_SIZE
    task = asyncio.create_task(behind.put(new_key(), source_of(size), size=size, content_type="a/b"))
    async with asyncio.timeout(20):
        while (await _left_over(server, bucket)) != (0, 1):
            await asyncio.sleep(0.01)
    assert not any(request.startswith("PUT") for request in proxy.seen)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _left_over(server, bucket) == (0, 0)


@pytest.mark.parametrize("sent", [0, MiB, 2 * CHUNK_SIZE + MiB])
async def test_a_source_that_fails_leaves_nothing(backend, server, bucket, sent):
    with pytest.raises(SourceFailed):
        await backend.put(new_key(), failing_source(sent), size=None, content_type="a/b")
    assert await _left_over(server, bucket) == (0, 0)


async def test_abandoned_reads_free_their_connections(backend):
    """More than the pool has: read to a part, cancelled while waiting, left by an exception."""
    key = new_key()
    await backend.put(key, source_of(2 * MiB), size=2 * MiB, content_type="a/b")

    async def read_a_bit():
        async with backend.read(key) as reader:
            await anext(reader.pieces)
            raise BackendError("left")

    async def read_for_ever():
        async with backend.read(key) as reader:
            await anext(reader.pieces)
            await asyncio.Event().wait()

    async with asyncio.timeout(60):
        for _ in range(4):
            await asyncio.gather(*(read_a_bit() for _ in range(50)), return_exceptions=True)
            tasks = [asyncio.create_task(read_for_ever()) for _ in range(50)]
            await asyncio.sleep(0.1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        assert await read_all(backend, key) == content_of(2 * MiB)
    assert len(psutil.Process().net_connections()) < 100


async def test_slow_readers_hold_little_memory_and_hold_up_nobody(backend):
    key, readers, size = new_key(), 64, 40 * MiB
    await backend.put(key, source_of(size), size=size, content_type="a/b")
    with peak_memory() as peak:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(readers):
                reader = await stack.enter_async_context(backend.read(key))
                await anext(reader.pieces)
            await asyncio.sleep(0.5)
            async with asyncio.timeout(60):
                await backend.stat(key)
    assert peak[0] < 1.5 * readers, f"{peak[0]:.0f} MiB"


async def test_the_loop_goes_on_during_an_upload(backend):
    """The bound is on top of what a thread of this process waits meanwhile, for which only the machine is to blame."""
    pauses, running = {"loop": 0.0, "thread": 0.0}, True

    def note(name, began):
        pauses[name] = max(pauses[name], time.perf_counter() - began)

    async def tick():
        while running:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            note("loop", began)

    def tick_in_a_thread():
        while running:
            began = time.perf_counter()
            time.sleep(0.001)
            note("thread", began)

    ticker, thread = asyncio.create_task(tick()), threading.Thread(target=tick_in_a_thread)
    thread.start()
    await backend.put(new_key(), source_of(64 * MiB), size=64 * MiB, content_type="a/b")
    running = False
    await ticker
    thread.join()
    assert pauses["loop"] < 0.25 + 5 * pauses["thread"], pauses


async def test_parts_by_hand(any_server, backend, bucket):
    key, content = new_key(), content_of(CHUNK_SIZE + 5)
    upload = await backend.parts.create(key, content_type="text/x-test")
    second = await backend.parts.upload_part(key, upload, number=2, body=content[CHUNK_SIZE:])
    first = await backend.parts.upload_part(key, upload, number=1, body=content[:CHUNK_SIZE])
    assert (first.size_bytes, second.size_bytes) == (CHUNK_SIZE, 5)
    info = await backend.parts.complete(key, upload, [first, second])
    assert (info.size_bytes, info.content_type) == (len(content), "text/x-test")
    assert await read_all(backend, key) == content
    await backend.parts.abort(key, "an-upload-nobody-knows")


async def test_parts_that_were_aborted_can_not_be_completed(any_server, backend, bucket):
    key = new_key()
    upload = await backend.parts.create(key, content_type="a/b")
    part = await backend.parts.upload_part(key, upload, number=1, body=b"x")
    await backend.parts.abort(key, upload)
    await backend.parts.abort(key, upload)
    with pytest.raises(BackendError):
        await backend.parts.complete(key, upload, [UploadPart(1, 1, part.etag)])
    assert await _left_over(any_server, bucket) == (0, 0)


async def test_copies(any_server, backend):
    source, target = new_key(), new_key()
    await backend.put(source, source_of(9 * MiB), size=9 * MiB, content_type="text/x-test")
    info = await backend.copier.copy(source, target)
    assert (info.key, info.size_bytes, info.content_type) == (target, 9 * MiB, "text/x-test")
    assert await read_all(backend, target) == content_of(9 * MiB)


async def test_copies_to_another_bucket_of_the_same_store(any_server, backend):
    source, target = new_key(), new_key()
    await backend.put(source, source_of(1000), size=1000, content_type="text/x-test")
    async with new_bucket(any_server) as name:
        other = await open_s3(any_server.config(name, prefix="b"))
        assert other.copier.reaches(backend.copier)
        await other.copier.copy(source, target, origin=backend.copier)
        assert await read_all(other, target) == content_of(1000)
        await other.aclose()


async def test_a_store_does_not_copy_from_where_it_has_no_rights(any_server, backend):
    config = replace(any_server.config("elsewhere"), access_key="somebody")
    stranger = await open_s3(config)
    assert not stranger.copier.reaches(backend.copier)
    with pytest.raises(NotSupported):
        await stranger.copier.copy(new_key(), new_key(), origin=backend.copier)
    await stranger.aclose()


async def test_presigned_links_carry_our_type_and_name_and_can_not_be_changed(any_server, backend):
    key = new_key()
    await backend.put(key, source_of(1000), size=1000, content_type="text/html")
    request = await backend.presigner.presign_get(
        key, expires_in_seconds=60, content_type="text/plain", content_disposition='attachment; filename="ä.txt"'
    )
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in request.url
    async with aiohttp.ClientSession() as session:
        async with session.get(aiohttp.client.URL(request.url, encoded=True)) as answer:
            assert (answer.status, await answer.read()) == (200, content_of(1000))
            assert answer.headers["Content-Type"] == "text/plain"
            assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        changed = request.url.replace("text%2Fplain", "text%2Fhtml")
        async with session.get(aiohttp.client.URL(changed, encoded=True)) as answer:
            assert (changed != request.url, answer.status) == (True, 403)


async def test_presigned_links_name_the_public_host_and_need_no_store(server):
    config = server.config(
        "any-bucket", endpoint_url="http://127.0.0.1:1", public_endpoint_url="https://s3.example.org"
    )
    backend = await open_s3(config)
    request = await backend.presigner.presign_get(
        new_key(), expires_in_seconds=60, content_type="a/b", content_disposition="inline"
    )
    assert request.url.startswith("https://s3.example.org/any-bucket/objects/")
    await backend.aclose()


async def test_aws_manners_over_tls(server, bucket, certificate):
    """The checksums and unsigned trailers that AWS gets, against a server that verifies them."""
    with fault_proxy(server.url, tls=certificate) as tls:
        config = server.config(
            bucket, endpoint_url=tls.url, profile=Profile.AWS, region="us-east-1", addressing_style="path",
            ca_bundle=certificate.certificate,
        )  # fmt: skip
        backend = await open_s3(config)
        for size in (0, MiB, CHUNK_SIZE + MiB):
            key = new_key()
            await backend.put(key, source_of(size), size=size, content_type="a/b")
            assert await read_all(backend, key) == content_of(size)
        assert await read_all(backend, key, ByteRange(5, 50)) == content_of(50)[5:]
        await backend.aclose()
        untrusting = await open_s3(replace(config, ca_bundle=None, max_attempts=1))
        with pytest.raises(BackendUnavailable):
            await untrusting.stat(key)
        await untrusting.aclose()


async def test_objects_of_others_in_the_bucket_are_left_alone(backend, server, bucket):
    async with raw_client(server) as client:
        await client.put_object(Bucket=bucket, Key="elsewhere/x", Body=b"x")
        await client.put_object(Bucket=bucket, Key="team/a/not a key of ours!", Body=b"x")
    key = new_key()
    await backend.put(key, source_of(1), size=1, content_type="a/b")
    assert [info.key async for info in backend.scan()] == [key]


async def test_scan_goes_over_many_pages(backend):
    keys = {new_key() for _ in range(1100)}
    for start in range(0, 1100, 50):
        batch = sorted(keys)[start : start + 50]
        await asyncio.gather(*(backend.put(key, source_of(1), size=1, content_type="a/b") for key in batch))
    found = [info.key async for info in backend.scan()]
    assert (len(found), set(found)) == (1100, keys)
    resumed = [info.key async for info in backend.scan(after=found[1042])]
    assert resumed == found[1043:]


@pytest.mark.parametrize("taken", [0, 1], ids=["memory for one part", "none"])
async def test_an_upload_waits_for_its_own_memory_and_for_nobody_elses(server, bucket, monkeypatch, taken):
    files, make_file = [], tempfile.TemporaryFile

    def counted(**options):
        files.append(options)
        return make_file(**options)

    monkeypatch.setattr(tempfile, "TemporaryFile", counted)
    budget = PartBudget(CHUNK_SIZE)
    assert budget.try_take(taken * CHUNK_SIZE)
    opened = await open_s3(server.config(bucket))
    backend = S3StorageBackend(opened._connection, opened._stack, budget=budget)
    key, size = new_key(), 3 * CHUNK_SIZE + 5
    await backend.put(key, source_of(size), size=size, content_type="text/plain")
    assert await read_all(backend, key) == content_of(size)
    assert len(files) == taken * 4
    assert budget.free_bytes == (1 - taken) * CHUNK_SIZE
    await backend.aclose()
