"""The connection test names the cause, in the right step, with what to change."""

import asyncio
import time
from dataclasses import replace

import pytest
from pydantic import SecretStr

from aishare.storage.backends.local import LocalConfig, LocalStorageBackend
from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.backends.s3.backend import open_s3
from aishare.storage.backends.s3.config import AddressingStyle, Profile
from aishare.storage.checks.probe import probe, run_probe
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.minio import REGION
from tests.support.odd_server import http, odd_server
from tests.support.ports import free_port
from tests.support.s3server import raw_client
from tests.support.s3servers import s3_server, s3_server_names

S3_STEPS = ["resolve", "connect", "clock", "authenticate", "bucket"]
STEPS = ["put", "head", "range_read", "multipart", "presigned_fetch", "delete"]


async def _report(config, **options):
    backend = await open_s3(config.impatient())
    try:
        report = await run_probe(backend, **options)
    finally:
        await backend.aclose()
    assert [step.name for step in report.steps] == S3_STEPS + STEPS
    return report


async def _failure(config, **options):
    """The one step that failed; those before it are good, those after it were not tried."""
    report = await _report(config, **options)
    assert not report.ok
    results = [step.ok for step in report.steps]
    index = results.index(False)
    assert results[:index] == [True] * index
    assert results[index + 1 :] == [None] * (len(results) - index - 1)
    failed = report.steps[index]
    assert failed.hint
    secret = config.secret_key.get_secret_value()
    assert not any(secret in f"{step.message}{step.hint}" or "X-Amz-" in step.message for step in report.steps)
    return failed


async def _assert_empty(server, bucket):
    async with raw_client(server) as client:
        assert not (await client.list_objects_v2(Bucket=bucket)).get("Contents")
        assert not (await client.list_multipart_uploads(Bucket=bucket)).get("Uploads")


async def test_a_good_store_passes_every_step_and_is_left_empty(any_server, bucket):
    report = await _report(any_server.config(bucket, prefix="team/a"))
    assert report.ok, report
    assert all(step.ok for step in report.steps)
    await _assert_empty(any_server, bucket)


async def test_a_wrong_secret(any_server, bucket):
    failed = await _failure(any_server.config(bucket, secret_key=SecretStr("not-the-secret")))
    assert (failed.name, "S3_COMPATIBLE_SECRET_KEY" in failed.hint) == ("authenticate", True)


async def test_an_unknown_key(any_server, bucket):
    failed = await _failure(any_server.config(bucket, access_key="nobody-knows-it"))
    assert (failed.name, "S3_COMPATIBLE_ACCESS_KEY" in failed.hint) == ("authenticate", True)


async def test_a_missing_bucket(any_server):
    failed = await _failure(any_server.config("there-is-no-such-bucket"))
    assert (failed.name, "S3_COMPATIBLE_BUCKET_NAME" in failed.hint) == ("bucket", True)


async def test_aws_settings_are_named_for_aws(server, bucket):
    config = server.config(
        bucket, profile=Profile.AWS, region="us-east-1", addressing_style="path", secret_key=SecretStr("not-the-secret")
    )
    failed = await _failure(config)
    assert "AWS_SECRET_ACCESS_KEY" in failed.hint


async def test_a_key_that_may_only_read(server, bucket):
    config = server.config(bucket, access_key=server.read_only_key, secret_key=SecretStr(server.read_only_secret))
    failed = await _failure(config)
    assert failed.name == "put"
    assert "AccessDenied" in failed.message
    assert "put" in failed.hint


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", [name for name in s3_server_names() if name == "minio"])
async def test_a_wrong_region_and_the_right_one(name):
    failed = await _failure(s3_server(name).config("any-bucket", region="eu-west-3"))
    assert failed.name == "authenticate"
    assert f"S3_COMPATIBLE_REGION={REGION}" in failed.hint


async def test_a_closed_port(server):
    failed = await _failure(server.config("any-bucket", endpoint_url=f"http://127.0.0.1:{free_port()}"))
    assert (failed.name, "S3_COMPATIBLE_ENDPOINT" in failed.hint) == ("connect", True)
    assert "no server is listening" in failed.message


async def test_a_name_without_address(server):
    failed = await _failure(server.config("any-bucket", endpoint_url="http://nowhere.invalid:9000"))
    assert (failed.name, "S3_COMPATIBLE_ENDPOINT" in failed.hint) == ("resolve", True)


async def test_virtual_addressing_where_there_is_none(server):
    failed = await _failure(server.config("any-bucket", addressing_style=AddressingStyle.VIRTUAL))
    assert (failed.name, "S3_COMPATIBLE_ADDRESSING_STYLE=path" in failed.hint) == ("resolve", True)


async def test_a_server_that_hangs(server):
    async with odd_server(lambda _line, _headers: None) as url:
        failed = await _failure(server.config("any-bucket", endpoint_url=url))
    assert (failed.name, "does not respond" in failed.message) == ("connect", True)


@pytest.mark.parametrize(
    ("fault", "step"),
    [
        ({"method": "GET", "path": "list-type"}, "authenticate"),
        ({"method": "PUT"}, "put"),
        ({"method": "HEAD", "path": "probe"}, "head"),
        ({"method": "PUT", "path": "partNumber"}, "multipart"),
        ({"method": "POST", "path": "uploadId"}, "multipart"),
        ({"method": "DELETE"}, "delete"),
    ],
)
async def test_a_store_that_stops_answering(server, bucket, proxy, fault, step):
    proxy.inject(Kind.STALL, at=-1, times=1, **fault)
    failed = await _failure(server.config(bucket, endpoint_url=proxy.url), deadline_seconds=4)
    assert failed.name == step
    await _assert_empty(server, bucket)


async def test_tls_to_a_plain_port(server):
    failed = await _failure(server.config("any-bucket", endpoint_url=server.url.replace("http:", "https:")))
    assert (failed.name, "http://" in failed.hint) == ("connect", True)
    assert "plain HTTP" in failed.message


async def test_plain_http_to_a_tls_port(server, certificate):
    with fault_proxy(server.url, tls=certificate) as tls:
        failed = await _failure(server.config("any-bucket", endpoint_url=tls.url.replace("https:", "http:")))
    assert (failed.name, "https://" in failed.hint) == ("connect", True)


async def test_a_certificate_nobody_knows(server, bucket, certificate):
    with fault_proxy(server.url, tls=certificate) as tls:
        config = server.config(bucket, endpoint_url=tls.url)
        failed = await _failure(config)
        assert (failed.name, "S3_CA_BUNDLE" in failed.hint) == ("connect", True)
        report = await _report(replace(config, ca_bundle=certificate.certificate))
    assert report.ok, report


async def test_a_clock_that_is_years_off(server, bucket, proxy):
    proxy.inject(Kind.OLD_DATE)
    failed = await _failure(server.config(bucket, endpoint_url=proxy.url))
    assert failed.name == "clock"


async def test_a_web_page_instead_of_a_store(server):
    page = http(200, b"<html>console</html>", content_type="text/html")
    async with odd_server(lambda _line, _headers: page) as url:
        failed = await _failure(server.config("any-bucket", endpoint_url=url))
    assert (failed.name, "console" in failed.hint) == ("authenticate", True)


async def test_what_listens_speaks_something_else(server):
    async with odd_server(lambda _line, _headers: b"SSH-2.0-OpenSSH_9.2\r\n\r\n") as url:
        failed = await _failure(server.config("any-bucket", endpoint_url=url))
    assert (failed.name, "does not use HTTP" in failed.message) == ("connect", True)


async def test_a_store_like_backblaze_passes(server, bucket, proxy):
    proxy.backblaze = True
    report = await _report(server.config(bucket, endpoint_url=proxy.url))
    assert report.ok, report


async def test_aws_manners_fail_on_a_store_like_backblaze(server, bucket, proxy):
    proxy.backblaze = True
    config = server.config(
        bucket, endpoint_url=proxy.url, profile=Profile.AWS, region="us-east-1", addressing_style="path"
    )
    failed = await _failure(config)
    assert (failed.name, "STORAGE_TYPE=s3_compatible" in failed.hint) == ("put", True)


async def test_links_that_browsers_can_not_reach(server, bucket):
    public = f"http://127.0.0.1:{free_port()}"
    failed = await _failure(server.config(bucket, public_endpoint_url=public))
    assert (failed.name, "S3_PUBLIC_ENDPOINT" in failed.hint) == ("presigned_fetch", True)
    await _assert_empty(server, bucket)


async def test_links_whose_host_a_proxy_changes(server, bucket, proxy):
    proxy.rewrite_host = True
    failed = await _failure(server.config(bucket, public_endpoint_url=proxy.url))
    assert failed.name == "presigned_fetch"
    assert "Host header" in failed.hint


async def test_flipped_bits_are_named(server, bucket, proxy):
    proxy.inject(Kind.FLIP_RESPONSE, at=100, method="GET", path="probe")
    failed = await _failure(server.config(bucket, endpoint_url=proxy.url))
    assert (failed.name, "different bytes" in failed.message) == ("range_read", True)


async def test_a_test_that_is_abandoned_leaves_nothing(server, bucket):
    backend = await open_s3(server.config(bucket))
    steps = probe(backend)
    async for step in steps:
        if step.name == "multipart":
            break
    await steps.aclose()
    await _assert_empty(server, bucket)
    await backend.aclose()


@pytest.mark.parametrize("kind", ["memory", "local"])
async def test_stores_without_network_are_tested_by_the_common_steps(kind, tmp_path):
    backend = MemoryStorageBackend() if kind == "memory" else LocalStorageBackend(LocalConfig(tmp_path / "store"))
    report = await run_probe(backend)
    assert report.ok
    assert [(step.name, step.ok) for step in report.steps] == [
        ("put", True), ("head", True), ("range_read", True), ("multipart", None), ("presigned_fetch", None),
        ("delete", True),
    ]  # fmt: skip
    assert [info async for info in backend.scan()] == []
    await backend.aclose()


async def test_a_local_folder_that_can_not_be_written(tmp_path):
    (tmp_path / "store").write_text("a file, not a folder")
    report = await run_probe(LocalStorageBackend(LocalConfig(tmp_path / "store")))
    assert not report.ok
    assert next(step.name for step in report.steps if step.ok is False) == "put"


async def test_a_blocked_step_does_not_outlast_the_deadline():
    class Hanging(MemoryStorageBackend):
        async def put(self, *_args, **_options):
            await asyncio.sleep(60)

        async def delete(self, _key):
            await asyncio.sleep(60)

    began = time.monotonic()
    report = await run_probe(Hanging(), deadline_seconds=0.5)
    assert not report.ok
    assert time.monotonic() - began < 30
