"""The doctor finds out what a store can do by trying."""

import json

import pytest

from aishare.services.configuration.doctor import examine
from aishare.storage.backends.s3.backend import open_s3
from tests.api.conftest import s3_environ
from tests.support.faultproxy import Kind
from tests.support.s3server import raw_client
from tests.support.server import run_cli

_FIVE_MIB = 5 * 1024 * 1024


async def profile_of(server, bucket, url):
    backend = await open_s3(server.config(bucket, endpoint_url=url, prefix="team").impatient())
    found = await examine(backend)
    await backend.aclose()
    assert found.report.ok, found.report
    assert found.profile is not None, found.problem
    async with raw_client(server) as client:
        assert (await client.list_objects_v2(Bucket=bucket)).get("Contents", []) == []
        assert (await client.list_multipart_uploads(Bucket=bucket)).get("Uploads", []) == []
    return found.profile


async def test_what_a_store_refuses_is_told_from_what_it_does(server, bucket, proxy):
    free = await profile_of(server, bucket, server.url)
    proxy.backblaze = True
    refused = await profile_of(server, bucket, proxy.url)
    assert (free.checksums, free.conditional_put, free.delete_objects) == (True, True, True)
    assert (refused.checksums, refused.conditional_put, refused.delete_objects) == (False, False, False)
    for profile in (free, refused):
        assert profile.multipart_minimum_bytes in {1, _FIVE_MIB}
        assert profile.addressing == "path"
        assert abs(profile.clock_offset_ms) <= 1000
        assert profile.server is None or "SeaweedFS" in profile.server


async def test_a_clock_that_is_wrong_has_cause_and_cure(server, bucket, proxy):
    proxy.inject(Kind.OLD_DATE, times=None)
    backend = await open_s3(server.config(bucket, endpoint_url=proxy.url).impatient())
    found = await examine(backend)
    await backend.aclose()
    assert (found.report.ok, found.profile) == (False, None)
    (failed,) = [step for step in found.report.steps if step.ok is False]
    assert failed.name == "clock"
    assert "NTP" in failed.hint


def test_the_command_keeps_what_it_found(server, bucket, proxy, tmp_path, monkeypatch: pytest.MonkeyPatch):
    proxy.backblaze = True
    for name, value in {**s3_environ(server, bucket), "S3_COMPATIBLE_ENDPOINT": proxy.url}.items():
        monkeypatch.setenv(name, value)
    done = run_cli(tmp_path, "storage", "doctor", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["ok"] is True
    assert shown["profile"]["checksums"] is False
    monkeypatch.setenv("S3_COMPATIBLE_SECRET_KEY", "wrong-secret")
    failed = run_cli(tmp_path, "storage", "doctor")
    assert failed.returncode == 1
    assert "S3_COMPATIBLE_SECRET_KEY" in failed.stdout.replace("\n", "")
