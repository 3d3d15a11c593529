"""Each fault of the network, and its exact outcome."""

import asyncio

import pytest

from aishare.core.errors import BackendError, BackendTimeout, BackendUnavailable, CorruptObject, ObjectNotFound
from aishare.core.ranges import ByteRange
from aishare.core.sizes import CHUNK_SIZE, MiB
from tests.support.faultproxy import Kind
from tests.support.s3server import raw_client
from tests.support.sources import content_of, new_key, read_all, source_of

LARGE = CHUNK_SIZE + 3 * MiB


async def _stored(backend, size=MiB):
    key = new_key()
    await backend.put(key, source_of(size), size=size, content_type="a/b")
    return key


async def test_a_busy_store_is_asked_again(behind, proxy):
    proxy.inject(Kind.SLOW_DOWN, times=2)
    key = await _stored(behind)
    assert await read_all(behind, key) == content_of(MiB)
    assert len([line for line in proxy.seen if line.startswith("PUT")]) == 3


async def test_a_store_that_stays_busy_is_unavailable(behind, proxy):
    proxy.inject(Kind.SLOW_DOWN, times=None)
    with pytest.raises(BackendUnavailable) as caught:
        await behind.stat(new_key())
    assert caught.value.retryable
    proxy.clear()
    proxy.inject(Kind.SLOW_DOWN, times=None)
    with pytest.raises(BackendUnavailable, match=r"SlowDown.*fault-1"):
        await _stored(behind)


async def test_a_reset_before_the_answer_is_asked_again(behind, proxy):
    proxy.inject(Kind.REFUSE_RESET)
    key = await _stored(behind, LARGE)
    assert await read_all(behind, key) == content_of(LARGE)


async def test_a_lost_answer_to_a_put_is_harmless(behind, proxy):
    proxy.inject(Kind.LOSE_ANSWER)
    key = await _stored(behind)
    assert await read_all(behind, key) == content_of(MiB)


async def test_a_lost_answer_to_a_completion_is_recognised_as_success(behind, proxy):
    proxy.inject(Kind.LOSE_ANSWER, method="POST", path="uploadId=")
    key = await _stored(behind, LARGE)
    assert (await behind.stat(key)).size_bytes == LARGE
    assert await read_all(behind, key) == content_of(LARGE)


async def test_a_store_that_refuses_completion_leaves_nothing(behind, proxy, server, bucket):
    proxy.inject(Kind.SLOW_DOWN, method="POST", path="uploadId=", times=None)
    key = new_key()
    with pytest.raises(BackendUnavailable):
        await behind.put(key, source_of(LARGE), size=LARGE, content_type="a/b")
    await _assert_nothing(server, bucket)


async def test_parts_that_fail_leave_nothing(behind, proxy, server, bucket):
    proxy.inject(Kind.SLOW_DOWN, method="PUT", path="partNumber=2", times=None)
    with pytest.raises(BackendUnavailable):
        await behind.put(new_key(), source_of(LARGE), size=LARGE, content_type="a/b")
    await _assert_nothing(server, bucket)


@pytest.mark.parametrize("size", [MiB, LARGE])
@pytest.mark.parametrize("byte_range", [None, ByteRange(1000, 700_000)])
async def test_a_reset_in_the_body_is_unavailable(behind, proxy, size, byte_range):
    key = await _stored(behind, size)
    proxy.inject(Kind.RESET, at=5000)
    with pytest.raises(BackendUnavailable):
        await read_all(behind, key, byte_range)


@pytest.mark.parametrize("at", [-1, 0, 5000])
async def test_a_stall_ends_in_a_timeout(behind, proxy, at):
    key = await _stored(behind)
    proxy.inject(Kind.STALL, at=at, times=None, method="GET")
    began = asyncio.get_running_loop().time()
    with pytest.raises(BackendTimeout):
        await read_all(behind, key)
    assert asyncio.get_running_loop().time() - began < 8


@pytest.mark.parametrize("byte_range", [None, ByteRange(1000, 700_000)])
async def test_a_body_cut_short_is_noticed(behind, proxy, byte_range):
    key = await _stored(behind)
    proxy.inject(Kind.TRUNCATE, at=5000)
    with pytest.raises(BackendUnavailable):
        await read_all(behind, key, byte_range)


@pytest.mark.parametrize("size", [MiB, LARGE])
@pytest.mark.parametrize("byte_range", [None, ByteRange(1000, 700_000)])
async def test_a_body_cut_short_with_a_length_that_fits_is_noticed(behind, proxy, size, byte_range):
    key = await _stored(behind, size)
    proxy.inject(Kind.SHORTEN, at=5000)
    with pytest.raises(CorruptObject):
        await read_all(behind, key, byte_range)


@pytest.mark.parametrize("size", [MiB, LARGE])
async def test_a_bit_flipped_on_the_way_in_is_sent_again(behind, proxy, size):
    flipped = proxy.inject(Kind.FLIP_REQUEST, at=1234, method="PUT")
    key = await _stored(behind, size)
    assert flipped.times == 0
    assert await read_all(behind, key) == content_of(size)


@pytest.mark.parametrize("size", [MiB, LARGE])
async def test_a_path_that_always_flips_a_bit_is_an_error_that_leaves_nothing(behind, proxy, server, bucket, size):
    proxy.inject(Kind.FLIP_REQUEST, at=1234, method="PUT", times=None)
    with pytest.raises(CorruptObject):
        await behind.put(new_key(), source_of(size), size=size, content_type="a/b")
    await _assert_nothing(server, bucket)


async def test_a_wrong_etag_is_not_believed(behind, proxy):
    wrong = proxy.inject(Kind.WRONG_ETAG, method="PUT")
    await _stored(behind)
    assert wrong.times == 0
    assert len([line for line in proxy.seen if line.startswith("PUT")]) == 2


@pytest.mark.parametrize("size", [MiB, LARGE])
async def test_etags_that_are_always_wrong_are_an_error_that_leaves_nothing(behind, proxy, server, bucket, size):
    proxy.inject(Kind.WRONG_ETAG, method="PUT", times=None)
    with pytest.raises(CorruptObject, match="ETag"):
        await behind.put(new_key(), source_of(size), size=size, content_type="a/b")
    await _assert_nothing(server, bucket)


async def test_a_store_like_backblaze_takes_everything_we_send(behind, proxy):
    proxy.backblaze = True
    small, large = await _stored(behind), await _stored(behind, LARGE)
    assert await read_all(behind, small) == content_of(MiB)
    assert await read_all(behind, large, ByteRange(9 * MiB, 10 * MiB)) == content_of(LARGE)[9 * MiB : 10 * MiB]
    await behind.copier.copy(small, copied := new_key())
    assert {info.key async for info in behind.scan()} == {small, large, copied}
    for key in (small, large, copied):
        await behind.delete(key)


async def test_a_slow_store_is_still_right(behind, proxy):
    key = await _stored(behind)
    proxy.inject(Kind.THROTTLE, at=2 * MiB)
    assert await read_all(behind, key) == content_of(MiB)


async def test_a_closed_port_is_unavailable(server, bucket, proxy, behind):
    key = await _stored(behind)
    proxy.inject(Kind.REFUSE_RESET, times=None)
    for attempt in (behind.stat(key), behind.delete(key), _stored(behind), anext(behind.scan())):
        with pytest.raises(BackendUnavailable):
            await attempt
    proxy.clear()
    assert await read_all(behind, key) == content_of(MiB)


async def _assert_nothing(server, bucket):
    async with raw_client(server) as client:
        assert not (await client.list_objects_v2(Bucket=bucket)).get("Contents")
        assert not (await client.list_multipart_uploads(Bucket=bucket)).get("Uploads")


async def test_errors_of_the_network_are_errors_of_the_storage(behind, proxy):
    with pytest.raises(ObjectNotFound) as caught:
        await behind.stat(new_key())
    assert isinstance(caught.value, BackendError)
    assert caught.value.__cause__ is not None
