"""What real servers refuse, and the error of ours that comes of it, for every verb."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from aishare.core.errors import (
    BackendDenied,
    BackendError,
    BackendTimeout,
    BackendUnavailable,
    BucketNotFound,
    ObjectNotFound,
    TlsFailure,
    UnknownAccessKey,
    UnsatisfiableRange,
    WrongRegion,
    WrongSecret,
)
from aishare.core.ranges import ByteRange
from aishare.storage.backends.s3.backend import open_s3
from tests.support.minio import REGION
from tests.support.odd_server import http, odd_server
from tests.support.ports import free_port
from tests.support.s3servers import s3_server, s3_server_names
from tests.support.sources import new_key, read_all, source_of


async def _scan(backend):
    return [info async for info in backend.scan()]


VERBS = {
    "small put": lambda backend: backend.put(new_key(), source_of(10), size=10, content_type="a/b"),
    "large put": lambda backend: backend.put(new_key(), source_of(9 << 20), size=9 << 20, content_type="a/b"),
    "read": lambda backend: read_all(backend, new_key()),
    "stat": lambda backend: backend.stat(new_key()),
    "delete": lambda backend: backend.delete(new_key()),
    "scan": _scan,
    "copy": lambda backend: backend.copier.copy(new_key(), new_key()),
}
every_verb = pytest.mark.parametrize("verb", VERBS)
every_server = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.timeout(1500)) for name in s3_server_names()]
)


async def _raised(config, verb, expected):
    backend = await open_s3(config.impatient())
    try:
        with pytest.raises(expected) as caught:
            await VERBS[verb](backend)
    finally:
        await backend.aclose()
    error = caught.value
    assert type(error) is expected
    assert error.__cause__ is not None
    for secret in (config.secret_key.get_secret_value(), "X-Amz-", "Signature="):
        assert secret not in f"{error.message} {error.hint}"
    return error


@every_verb
@every_server
async def test_a_wrong_secret(name, verb):
    config = s3_server(name).config("test-fixed-name", secret_key=SecretStr("a-wrong-secret"))
    await _raised(config, verb, WrongSecret)


@every_verb
@every_server
async def test_an_unknown_key(name, verb):
    await _raised(s3_server(name).config("test-fixed-name", access_key="nobody-knows"), verb, UnknownAccessKey)


@every_verb
@every_server
async def test_a_missing_bucket(name, verb):
    error = await _raised(s3_server(name).config("there-is-no-such-bucket"), verb, BucketNotFound)
    assert "S3_COMPATIBLE_BUCKET_NAME" in error.hint


@every_verb
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", [name for name in s3_server_names() if name == "minio"])
async def test_a_wrong_region(name, verb):
    error = await _raised(s3_server(name).config("test-fixed-name", region="eu-west-3"), verb, WrongRegion)
    assert error.region == REGION


@pytest.mark.parametrize("verb", ["small put", "large put", "delete"])
async def test_a_key_that_may_only_read(server, bucket, verb):
    config = server.config(bucket, access_key=server.read_only_key, secret_key=SecretStr(server.read_only_secret))
    error = await _raised(config, verb, BackendDenied)
    assert "AccessDenied" in error.message


@every_verb
async def test_a_closed_port(server, verb):
    config = server.config("any-bucket", endpoint_url=f"http://127.0.0.1:{free_port()}")
    assert (await _raised(config, verb, BackendUnavailable)).retryable


@every_verb
async def test_tls_to_a_plain_port(server, verb):
    await _raised(server.config("any-bucket", endpoint_url=server.url.replace("http:", "https:")), verb, TlsFailure)


@pytest.mark.parametrize("verb", ["small put", "read", "stat", "scan"])
async def test_silence(server, verb):
    async with odd_server(lambda _line, _headers: None) as url:
        config = server.config("any-bucket", endpoint_url=url)
        backend = await open_s3(replace(config.impatient(), read_timeout_seconds=1))
        with pytest.raises(BackendTimeout):
            await VERBS[verb](backend)
        await backend.aclose()


async def test_missing_objects_and_ranges_beyond_the_end(any_server, backend):
    key = new_key()
    with pytest.raises(ObjectNotFound):
        await backend.stat(key)
    with pytest.raises(ObjectNotFound):
        await read_all(backend, key)
    await backend.put(key, source_of(10), size=10, content_type="a/b")
    with pytest.raises(UnsatisfiableRange) as caught:
        await read_all(backend, key, ByteRange(10, 20))
    assert caught.value.size_bytes == 10


async def test_an_unknown_refusal_keeps_code_and_request_id(server):
    xml = b"<Error><Code>BrandNewTrouble</Code><Message>see https://x/?X-Amz-Signature=abc now</Message></Error>"
    answer = http(400, xml, x_amz_request_id="R-42")
    async with odd_server(lambda _line, _headers: answer) as url:
        error = await _raised(server.config("any-bucket", endpoint_url=url), "small put", BackendError)
    assert "BrandNewTrouble" in error.message
    assert "R-42" in error.message
    assert "abc" not in error.message


@pytest.mark.parametrize(
    ("status", "expected"),
    [(500, BackendUnavailable), (502, BackendUnavailable), (503, BackendUnavailable), (429, BackendUnavailable),
     (403, BackendDenied), (418, BackendError)],
)  # fmt: skip
async def test_answers_without_a_body_are_told_by_their_status(server, status, expected):
    async with odd_server(lambda _line, _headers: http(status)) as url:
        await _raised(server.config("any-bucket", endpoint_url=url), "delete", expected)
