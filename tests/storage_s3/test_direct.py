"""The short way gives what the client gives, and leaves to it whatever is not plain success."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from pydantic import SecretStr

from aishare.core.errors import BackendDenied, ObjectNotFound, WrongSecret
from aishare.core.keys import parse_key
from aishare.storage.backends.s3.backend import S3StorageBackend, open_s3
from aishare.storage.backends.s3.config import AddressingStyle, Profile, S3Config
from aishare.storage.backends.s3.signing import HeaderSigner
from aishare.storage.base import Source
from tests.support.s3server import S3Server

KEY = parse_key("objects/ab/cd/direct")


def _source(content: bytes) -> Source:
    async def pieces():
        if content:
            yield content

    return Source(open=pieces, rewindable=True)


def _direct(backend: S3StorageBackend):
    assert backend._connection.direct is not None
    return backend._connection.direct


@pytest.mark.parametrize(
    "path", ["/bucket/objects/ab/cd/x", "/bucket/a%20b/%C3%A9/~x", "/bucket/a%2Bb%3D%26%25/x"], ids=str
)
@pytest.mark.parametrize("headers", [{"Range": "bytes=0-"}, {"Content-MD5": "x==", "Content-Type": "a/b;  c=d"}])
def test_signatures_are_those_of_the_client(path, headers):
    credentials = ReadOnlyCredentials("key", "secret/+", None)
    request = AWSRequest("GET", f"http://store.example:9000{path}", headers=headers)
    request.context = {"client_config": Config(s3={"payload_signing_enabled": False}), "signing": {}}
    S3SigV4Auth(credentials, "s3", "eu-west-1").add_auth(request)
    moment = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    signer = HeaderSigner("key", "secret/+", "eu-west-1")
    ours = signer.signed("GET", "store.example:9000", path, headers, moment)
    assert ours["Authorization"] == request.headers["Authorization"]


async def test_small_and_large_objects_go_the_short_way(backend: S3StorageBackend, any_server: S3Server):
    for content in (b"", b"x", b"y" * 300_000, b"z" * 8 * 1024 * 1024):
        info = await backend.put(KEY, _source(content), size=len(content), content_type="text/plain; charset=utf-8")
        answer = await _direct(backend).get(backend._connection.full(KEY), "bytes=0-")
        if not content:
            assert answer is None  # no range of nothing: the client asks in another way
            continue
        assert answer is not None
        assert await answer["Body"].read() == content
        assert answer["ContentType"] == "text/plain; charset=utf-8"
        assert answer["ETag"].strip('"') == info.etag
        assert int(answer["ContentLength"]) == len(content)


async def test_what_is_not_there_is_asked_of_the_client(backend: S3StorageBackend):
    assert await _direct(backend).get("nothing/here", "bytes=0-") is None
    with pytest.raises(ObjectNotFound):
        async with backend.read(parse_key("nothing/here")):
            pass


async def test_a_wrong_secret_is_named(server: S3Server, bucket: str):
    config = replace(server.config(bucket), secret_key=SecretStr("wrong"))
    backend = await open_s3(config)
    with pytest.raises((WrongSecret, BackendDenied)):
        await backend.put(KEY, _source(b"x"), size=1, content_type="text/plain")
    await backend.aclose()


@pytest.mark.parametrize("prefix", ["", "team/a_b-c.d"])
async def test_prefixes(server: S3Server, bucket: str, prefix: str):
    backend = await open_s3(server.config(bucket, prefix=prefix))
    await backend.put(KEY, _source(b"content"), size=7, content_type="text/plain")
    answer = await _direct(backend).get(backend._connection.full(KEY), "bytes=0-")
    assert answer is not None
    assert await answer["Body"].read() == b"content"
    await backend.aclose()


def _config(**values) -> S3Config:
    fixed = {"bucket": "bucket", "region": "eu-west-1", "access_key": "key", "secret_key": SecretStr("secret")}
    return S3Config(**{"profile": Profile.S3_COMPATIBLE, "endpoint_url": "http://127.0.0.1:9", **fixed, **values})


async def test_aws_and_signed_bodies_stay_with_the_client():
    for config in (_config(profile=Profile.AWS, endpoint_url=None), _config(sign_payload=True)):
        backend = await open_s3(config)
        assert backend._connection.direct is None
        await backend.aclose()


async def test_the_bucket_may_be_in_the_host():
    backend = await open_s3(_config(addressing_style=AddressingStyle.VIRTUAL, endpoint_url="https://s3.example:444"))
    assert (_direct(backend)._host, _direct(backend)._path) == ("bucket.s3.example:444", "/")
    await backend.aclose()


async def test_a_refused_connection_is_left_to_the_client(server: S3Server, bucket: str):
    backend = await open_s3(replace(server.config(bucket), endpoint_url="http://127.0.0.1:9"))
    assert await _direct(backend).get("any", "bytes=0-") is None
    await backend.aclose()
