"""A start with an S3 configuration that is incomplete: degraded, said everywhere, and mended while it runs."""

import asyncio
import os
import time

import pytest

from aishare.core.errors import with_advice
from tests.api.conftest import make_bucket, s3_environ
from tests.support.odd_server import http, odd_server
from tests.support.s3servers import s3_server
from tests.support.server import run_cli, serving, wait_until

INFO = "/api/admin/storage-service/info"
VARIABLES = "/api/environment-variables"
MISSING = "S3_COMPATIBLE_SECRET_KEY"


@pytest.fixture
def settings():
    bucket = f"faulty-{time.time_ns()}"
    asyncio.run(make_bucket(s3_server("seaweedfs"), bucket))
    return s3_environ(s3_server("seaweedfs"), bucket)


def write(folder, settings):
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))


def test_it_takes_files_names_what_is_missing_and_drains_when_that_is_corrected(tmp_path, settings):
    secret = settings.pop(MISSING)
    write(tmp_path, settings)
    with serving(tmp_path) as server, server.client("admin") as client:
        assert "storage_not_configured" in "".join(server.log)
        ready = client.get("/api/health/ready")
        assert (ready.status_code, ready.json()["status"], ready.json()["storage"]) == (
            200,
            "degraded",
            "storage_not_configured",
        )
        info = client.get(INFO).json()
        assert (info["status"], info["degraded"], info["storage_type"]) == ("degraded", True, "s3_compatible")
        assert [problem["variable"] for problem in info["problems"]] == [MISSING]
        wait_until(lambda: "aishare_storage_degraded 1.0" in client.get("/metrics").text)
        content = os.urandom(3_000_000)
        files = [client.put(f"/api/files/by-path/{size}", content=content[:size]) for size in (0, 10, len(content))]
        assert [answer.status_code for answer in files] == [201] * 3
        shown = client.get(VARIABLES).json()
        (variable,) = (one for group in shown["categories"] for one in group["variables"] if one["name"] == MISSING)
        assert (variable["valid"], MISSING in variable["problem"]) == (False, True)
        report = client.post("/api/admin/storage-service/test-connection").json()
        assert (report["ok"], MISSING in report["steps"][0]["message"]) == (False, True)
        checked = run_cli(tmp_path, "storage", "verify", "--json")
        assert checked.returncode == 0, checked.stderr
        collected = run_cli(tmp_path, "storage", "gc", "--json")
        assert (collected.returncode, '"skipped": []' in collected.stdout) == (0, True)
        refused = client.patch(VARIABLES, json={"changes": {"LOG_LEVEL": "debug"}, "version": shown["version"]})
        assert refused.status_code == 422
        change = {"changes": {MISSING: secret}, "version": shown["version"]}
        assert client.patch(VARIABLES, json=change).json()["applied"] is True
        wait_until(lambda: client.get(INFO).json()["status"] == "ok")
        wait_until(lambda: client.get(INFO).json()["spool"]["objects"] == 0)
        assert client.get(INFO).json()["problems"] == []
        for answer in files:
            file = client.get(f"/api/files/{answer.json()['id']}").json()
            assert file["location"].startswith("s3-compatible")
            assert client.get(f"/api/files/{file['id']}/content").content == content[: file["size"]]


PROFILE = {
    "STORAGE_TYPE": "s3",
    "S3_BUCKET_NAME": "some-bucket",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_PROFILE": "nosuch",
}


@pytest.mark.parametrize("used", [True, False])
def test_a_start_with_half_a_configuration_is_no_change_on_the_disk(tmp_path, used):
    half = {"S3_COMPATIBLE_BUCKET_NAME": "half", "S3_COMPATIBLE_USE_SSL": "perhaps"}
    write(tmp_path, half | ({"STORAGE_TYPE": "s3_compatible"} if used else {}))
    with serving(tmp_path) as server, server.client("admin") as client:
        shown = client.get(VARIABLES).json()
        assert shown["changed_on_disk"] is False
        if used:
            assert any(one["problem"] for group in shown["categories"] for one in group["variables"])
        with (tmp_path / ".env").open("a") as file:
            file.write("LOG_LEVEL=everything\n")
        assert client.get(VARIABLES).json()["changed_on_disk"] is True


def test_what_only_the_client_of_s3_finds_wrong_is_named_too(tmp_path):
    with serving(tmp_path, environ=PROFILE) as server, server.client("admin") as client:
        assert client.put("/api/files/by-path/waits", content=b"here").status_code == 201
        info = client.get(INFO).json()
        assert (info["status"], info["degraded"]) == ("degraded", True)
        assert ["AWS_PROFILE" in problem["message"] for problem in info["problems"]] == [True]
    done = run_cli(tmp_path, "serve", "--port", "0", environ={**PROFILE, "STORAGE_FALLBACK": "off"})
    assert done.returncode == 2
    assert "AWS_PROFILE" in done.stderr


def test_a_command_may_correct_it(tmp_path, settings):
    bucket = settings.pop("S3_COMPATIBLE_BUCKET_NAME")
    write(tmp_path, settings)
    done = run_cli(tmp_path, "config", "set", f"S3_COMPATIBLE_BUCKET_NAME={bucket}")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "wrong",
    [{MISSING: ""}, {MISSING: "wrong-secret"}, {"S3_COMPATIBLE_BUCKET_NAME": "not-there"}],
    ids=["incomplete", "wrong secret", "no such bucket"],
)
def test_without_the_spool_it_ends_with_2(tmp_path, settings, wrong):
    write(tmp_path, {**settings, **wrong, "STORAGE_FALLBACK": "off"})
    done = run_cli(tmp_path, "serve", "--port", "0")
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert next(iter(wrong)) in said or "bucket" in said.lower()
    assert "Traceback" not in said


async def test_without_the_spool_an_address_of_no_storage_ends_it_with_2(tmp_path, settings):
    console = http(400, b"<Error><Code>InvalidArgument</Code><Message>Another port, please.</Message></Error>")
    async with odd_server(lambda line, _headers: http(400) if line.startswith("HEAD") else console) as url:
        write(tmp_path, {**settings, "S3_COMPATIBLE_ENDPOINT": url, "STORAGE_FALLBACK": "off"})
        done = await asyncio.to_thread(run_cli, tmp_path, "serve", "--port", "0")
    assert done.returncode == 2
    assert "the storage rejected these settings" in done.stderr
    assert "Another port" in done.stderr


def test_what_is_wrong_and_what_to_do_are_two_sentences():
    assert with_advice("there is no bucket b", "Create it.") == "there is no bucket b. Create it."
    assert with_advice("It did not answer.", "Try again.") == "It did not answer. Try again."
    assert with_advice("it did not answer", None) == "it did not answer"
