"""What a store refuses, by its code, and the advice that comes of it: nobody is told to change keys that are right."""

import time

import pytest
from pydantic import SecretStr

from aishare.core.errors import (
    BackendDenied,
    BackendUnavailable,
    ClockSkewed,
    ObjectArchived,
    ObjectLocked,
    StorageFull,
    UnknownAccessKey,
)
from aishare.storage.backends.s3.backend import open_s3
from aishare.storage.checks.probe import run_probe
from tests.api.conftest import make_bucket
from tests.support.minio import restricted_key
from tests.support.odd_server import http, odd_server
from tests.support.s3servers import s3_server, s3_server_names
from tests.support.sources import new_key, read_all

_KEYS = "S3_COMPATIBLE_SECRET_KEY"
_LIST, _ABORT = "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload"
with_minio = pytest.mark.parametrize("name", [name for name in s3_server_names() if name == "minio"])


@pytest.mark.parametrize(
    ("status", "code", "text", "expected", "advice"),
    [
        (
            403,
            "InvalidObjectState",
            "not valid for the object's storage class",
            ObjectArchived,
            "restore it in the storage",
        ),
        (403, "ObjectLocked", "", ObjectLocked, "retention"),
        (400, "ObjectLocked", "Object is WORM protected and cannot be overwritten", ObjectLocked, "retention"),
        (403, "AccessDenied", "Access Denied because object protected by object lock.", ObjectLocked, "retention"),
        (403, "AccessDenied", "Cannot upload files, storage cap exceeded.", StorageFull, "Free up space"),
        (403, "AccessDenied", "Transaction cap exceeded.", BackendUnavailable, ""),
        (403, "AccessDenied", "Access Denied.", BackendDenied, _KEYS),
        (403, "RequestExpired", "", ClockSkewed, "clock"),
        (400, "ExpiredToken", "", BackendDenied, "AWS_SESSION_TOKEN"),
        (403, "AccountProblem", "", BackendDenied, "account"),
        (503, "SlowDown", "", BackendUnavailable, "limits the rate"),
        (403, "RequestThrottled", "", BackendUnavailable, "limits the rate"),
        (403, "QuotaExceeded", "", StorageFull, "quota"),
        (400, "QuotaExceededException", "", StorageFull, "quota"),
        (507, "XMinioStorageFull", "", StorageFull, "quota"),
        (403, "XMinioAdminUserDisabled", "", UnknownAccessKey, "S3_COMPATIBLE_ACCESS_KEY"),
    ],
)
async def test_a_refusal_has_its_own_advice(server, status, code, text, expected, advice):
    xml = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>".encode()
    async with odd_server(lambda _line, _headers: http(status, xml)) as url:
        backend = await open_s3(server.config("any-bucket", endpoint_url=url).impatient())
        with pytest.raises(expected) as caught:
            await read_all(backend, new_key())
        await backend.aclose()
    assert type(caught.value) is expected
    assert advice in caught.value.hint
    if expected is not BackendDenied or advice != _KEYS:
        assert _KEYS not in caught.value.hint


@with_minio
@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    "missing",
    [
        ["s3:ListBucketMultipartUploads"],
        ["s3:AbortMultipartUpload"],
        ["s3:AbortMultipartUpload", "s3:ListBucketMultipartUploads"],
    ],
)
async def test_a_key_that_may_not_clean_up_passes_the_test_with_a_warning(name, missing):
    server, bucket = s3_server(name), f"restricted-{time.time_ns()}"
    await make_bucket(server, bucket)
    key, secret = restricted_key(server, without=missing)
    backend = await open_s3(server.config(bucket, access_key=key, secret_key=SecretStr(secret)).impatient())
    report = await run_probe(backend)
    await backend.aclose()
    assert report.ok
    warned = [step for step in report.steps if step.hint is not None]
    assert [step.name for step in warned] == ["delete"]
    assert all(right in warned[0].hint for right in missing)
