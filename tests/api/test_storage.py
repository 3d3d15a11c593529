"""The administrator's view of the storage, through the real service and real S3 servers."""

import asyncio
import json
import time

import pytest

from aishare.storage.checks.probe import DEADLINE_SECONDS
from tests.api.conftest import make_bucket, s3_environ
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.minio import REGION
from tests.support.odd_server import http, odd_server
from tests.support.ports import free_port
from tests.support.s3server import new_bucket, raw_client
from tests.support.s3servers import s3_server, s3_server_names
from tests.support.server import serving, wait_until

INFO = "/api/admin/storage-service/info"
TEST = "/api/admin/storage-service/test-connection"
STEPS = [
    "resolve", "connect", "clock", "authenticate", "bucket",
    "put", "head", "range_read", "multipart", "presigned_fetch", "delete",
]  # fmt: skip
ADMIN_ROUTES = [
    ("GET", INFO),
    ("POST", TEST),
    ("GET", "/api/environment-variables"),
    ("POST", "/api/environment-variables/reload"),
]
ADMIN_ROUTES += [(method, path.removeprefix("/api")) for method, path in ADMIN_ROUTES]


def candidate(s3, bucket, **changes):
    return {
        "STORAGE_TYPE": "s3_compatible",
        "S3_COMPATIBLE_ENDPOINT": s3.url,
        "S3_COMPATIBLE_ACCESS_KEY": s3.access_key,
        "S3_COMPATIBLE_SECRET_KEY": s3.secret_key,
        "S3_COMPATIBLE_BUCKET_NAME": bucket,
        **changes,
    }


def report_of(client, body):
    """The report, which came in time and repeats no secret."""
    began = time.monotonic()
    answer = client.post(TEST, json=body)
    assert time.monotonic() - began < DEADLINE_SECONDS + 20
    assert answer.status_code == 200, answer.text
    secret = (body or {}).get("S3_COMPATIBLE_SECRET_KEY")
    assert not secret or secret not in answer.text
    return answer.json()


def failed_step(report):
    """The one step that failed; those before passed, those after were not tried."""
    results = [step["ok"] for step in report["steps"]]
    at = results.index(False)
    assert report["ok"] is False
    assert results[:at] == [True] * at
    assert results[at + 1 :] == [None] * (len(results) - at - 1)
    assert report["steps"][at]["hint"]
    return report["steps"][at]


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), ADMIN_ROUTES)
def test_only_superusers_may(server, ada, method, path):
    with server.client() as nobody:
        assert nobody.request(method, path).status_code == 401
    refused = ada.request(method, path)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path"), ADMIN_ROUTES)
def test_superusers_may_on_both_paths(admin, method, path):
    assert admin.request(method, path).status_code == 200


# --- info -------------------------------------------------------------------------------------------------------------


def test_info_of_a_local_disk(admin):
    before = admin.get(INFO).json()
    admin.put("/api/files/by-path/info.bin", content=bytes(1000)).raise_for_status()
    after = admin.get(INFO).json()
    assert (after["storage_type"], after["status"], after["degraded"]) == ("local", "ok", False)
    assert (after["objects"], after["bytes"]) == (before["objects"] + 1, before["bytes"] + 1000)
    assert [place["state"] for place in after["locations"]] == ["active"]
    assert after["locations"][0]["id"] == after["location_id"]
    assert after["capabilities"] == {
        "presigned_urls": False, "server_side_copy": False, "local_files": True, "multipart": False
    }  # fmt: skip
    assert 0 < after["free_bytes"] <= after["total_bytes"]
    assert "put" in [entry["operation"] for entry in after["latency"]]
    assert after["endpoint"] is None
    assert "S3_COMPATIBLE_ENDPOINT" not in after["configuration"]


def test_info_agrees_with_the_path_without_api(admin):
    assert admin.get("/admin/storage-service/info").json()["location_id"] == admin.get(INFO).json()["location_id"]


def test_a_store_that_hangs_degrades_and_is_well_again_by_itself(tmp_path_factory):
    s3 = s3_server("seaweedfs")
    bucket = f"hangs-{time.time_ns()}"
    asyncio.run(make_bucket(s3, bucket))
    with fault_proxy(s3.url) as proxy:
        environ = {**s3_environ(s3, bucket), "S3_COMPATIBLE_ENDPOINT": proxy.url}
        with serving(tmp_path_factory.mktemp("hangs"), environ=environ) as server, server.client("admin") as admin:
            proxy.inject(Kind.STALL, at=-1, times=None)
            info, ready = admin.get(INFO).json(), admin.get("/api/health/ready")
            assert (info["status"], info["degraded"]) == ("degraded", True)
            assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
            assert ready.json()["storage"] != "ok"
            proxy.clear()
            wait_until(lambda: admin.get(INFO).json()["status"] == "ok")
            assert admin.put("/api/files/by-path/after.txt", content=b"x").status_code == 201


# --- the running configuration ----------------------------------------------------------------------------------------


def test_the_running_storage_passes_and_nothing_stays(admin, server):
    report = report_of(admin, None)
    assert report["ok"] is True
    assert [step["name"] for step in report["steps"]] == STEPS[5:]
    assert not list((server.data_dir / "storage").glob("probe/*"))


def test_steps_come_one_by_one(admin):
    with admin.stream("POST", TEST, json={}, headers={"accept": "application/x-ndjson"}) as answer:
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        lines = [json.loads(line) for line in answer.iter_lines()]
    assert [line.get("name") for line in lines] == [*STEPS[5:], None]
    assert lines[-1] == {"ok": True}


# --- candidates -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.timeout(1500)) for name in s3_server_names()])
def s3(request):
    return s3_server(request.param)


@pytest.fixture
def bucket(s3):
    opened = new_bucket(s3)
    loop = asyncio.new_event_loop()
    yield loop.run_until_complete(opened.__aenter__())
    loop.run_until_complete(opened.__aexit__(None, None, None))
    loop.close()


@pytest.fixture
def behind(s3):
    """The server, reached through the fault proxy."""
    with fault_proxy(s3.url) as proxy:
        yield proxy


def test_a_good_candidate_passes_and_nothing_stays(admin, s3, bucket, behind):
    before = admin.get(INFO).json()
    report = report_of(admin, candidate(s3, bucket, S3_COMPATIBLE_ENDPOINT=behind.url))
    assert report["ok"] is True, report
    assert [step["name"] for step in report["steps"]] == STEPS
    assert asyncio.run(_left_in(s3, bucket)) == []
    assert admin.get(INFO).json()["location_id"] == before["location_id"]


async def _left_in(s3, bucket):
    async with raw_client(s3) as client:
        objects = (await client.list_objects_v2(Bucket=bucket)).get("Contents", [])
        uploads = (await client.list_multipart_uploads(Bucket=bucket)).get("Uploads", [])
    return [*objects, *uploads]


@pytest.mark.parametrize(
    ("changes", "step", "cure"),
    [
        ({"S3_COMPATIBLE_SECRET_KEY": "not-the-secret-of-anybody"}, "authenticate", "S3_COMPATIBLE_SECRET_KEY"),
        ({"S3_COMPATIBLE_ACCESS_KEY": "nobody-knows-it"}, "authenticate", "S3_COMPATIBLE_ACCESS_KEY"),
        ({"S3_COMPATIBLE_BUCKET_NAME": "no-such-bucket-here"}, "bucket", "S3_COMPATIBLE_BUCKET_NAME"),
        ({"S3_COMPATIBLE_ADDRESSING_STYLE": "virtual"}, "resolve", "S3_COMPATIBLE_ADDRESSING_STYLE=path"),
    ],
)
def test_what_is_wrong_is_named_in_its_step(admin, s3, bucket, behind, changes, step, cure):
    url = behind.url.replace("127.0.0.1", "localhost") if step == "resolve" else behind.url
    failed = failed_step(report_of(admin, candidate(s3, bucket, S3_COMPATIBLE_ENDPOINT=url, **changes)))
    assert failed["name"] == step
    assert cure in failed["hint"]


def test_a_key_that_may_only_read(admin, s3, bucket, behind):
    keys = {"S3_COMPATIBLE_ACCESS_KEY": s3.read_only_key, "S3_COMPATIBLE_SECRET_KEY": s3.read_only_secret}
    failed = failed_step(report_of(admin, candidate(s3, bucket, S3_COMPATIBLE_ENDPOINT=behind.url, **keys)))
    assert (failed["name"], "AccessDenied" in failed["message"]) == ("put", True)


def test_a_closed_port(admin, s3, bucket):
    body = candidate(s3, bucket, S3_COMPATIBLE_ENDPOINT=f"http://127.0.0.1:{free_port()}")
    assert failed_step(report_of(admin, body))["name"] == "connect"


def test_tls_to_a_plain_port(admin, s3, bucket, behind):
    body = candidate(s3, bucket, S3_COMPATIBLE_ENDPOINT=behind.url.replace("http:", "https:"))
    failed = failed_step(report_of(admin, body))
    assert (failed["name"], "http://" in failed["hint"]) == ("connect", True)


def test_a_store_with_the_manners_of_backblaze(admin, s3, bucket, behind):
    behind.backblaze = True
    assert report_of(admin, candidate(s3, bucket, S3_COMPATIBLE_ENDPOINT=behind.url))["ok"] is True


@pytest.mark.parametrize("s3", [name for name in s3_server_names() if name == "minio"], indirect=True)
@pytest.mark.timeout(1500)
def test_a_wrong_region(admin, s3, bucket, behind):
    """SeaweedFS accepts any."""
    body = candidate(s3, bucket, S3_COMPATIBLE_ENDPOINT=behind.url, S3_COMPATIBLE_REGION="eu-west-3")
    failed = failed_step(report_of(admin, body))
    assert (failed["name"], f"S3_COMPATIBLE_REGION={REGION}" in failed["hint"]) == ("authenticate", True)


async def test_a_server_that_hangs_is_left_in_time(admin):
    async with odd_server(lambda _line, _headers: None) as url:
        body = candidate(s3_server("seaweedfs"), "any-bucket", S3_COMPATIBLE_ENDPOINT=url)
        report = await asyncio.to_thread(report_of, admin, body)
    assert failed_step(report)["name"] == "connect"


@pytest.mark.parametrize("masked", [True, False])
def test_a_masked_or_missing_secret_is_the_running_one(tmp_path_factory, masked):
    s3 = s3_server("seaweedfs")
    bucket = f"masked-{int(masked)}-{time.time_ns()}"
    asyncio.run(make_bucket(s3, bucket))
    with (
        serving(tmp_path_factory.mktemp("masked"), environ=s3_environ(s3, bucket)) as server,
        server.client("admin") as admin,
    ):
        shown = admin.get(INFO).json()["configuration"]
        assert s3.secret_key not in shown.values()
        body = {"S3_KEY_PREFIX": "trial"}
        if masked:
            body["S3_COMPATIBLE_SECRET_KEY"] = shown["S3_COMPATIBLE_SECRET_KEY"]
            body["S3_COMPATIBLE_ACCESS_KEY"] = shown["S3_COMPATIBLE_ACCESS_KEY"]
        assert report_of(admin, body)["ok"] is True
        info = admin.get(INFO).json()
        assert (info["storage_type"], info["bucket"], info["addressing"]) == ("s3_compatible", bucket, "path")
        assert info["capabilities"]["presigned_urls"] is True
        assert info["free_bytes"] is None


@pytest.mark.parametrize(
    ("body", "variable"),
    [
        ({"STORAGE_TYPE": "floppy"}, "STORAGE_TYPE"),
        ({"STORAGE_TYPE": "s3"}, "STORAGE_TYPE"),
        ({"NO_SUCH": "x"}, "NO_SUCH"),
        ({"SECRET_KEY": "x" * 40}, "SECRET_KEY"),
        ({"S3_COMPATIBLE_ENDPOINT": "file:///etc/passwd"}, "S3_COMPATIBLE_ENDPOINT"),
        ({"S3_COMPATIBLE_ENDPOINT": "gopher://127.0.0.1"}, "S3_COMPATIBLE_ENDPOINT"),
        ({"S3_KEY_PREFIX": "a\nb"}, "S3_KEY_PREFIX"),
        ({"S3_COMPATIBLE_USE_SSL": 7}, "S3_COMPATIBLE_USE_SSL"),
    ],
)
def test_values_that_do_not_fit_are_named(admin, body, variable):
    answer = admin.post(TEST, json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_settings"
    assert variable in [problem["variable"] for problem in answer.json()["problems"]]


@pytest.mark.parametrize("content", ["[]", '"x"', '{"STORAGE_TYPE": {}}', '{"STORAGE_TYPE": ["local"]}', "{"])
def test_bodies_that_are_no_settings(admin, content):
    answer = admin.post(TEST, content=content, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


# --- addresses that are not for stores --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254", "2852039166", "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "[fe80::1]",
        "[64:ff9b::a9fe:a9fe]", "[fd00:ec2::254]", "100.100.100.200", "0.0.0.0", "224.0.0.1",
    ],
)  # fmt: skip
def test_addresses_of_the_machine_itself_are_refused(admin, host):
    body = candidate(s3_server("seaweedfs"), "any-bucket", S3_COMPATIBLE_ENDPOINT=f"http://{host}:80")
    answer = admin.post(TEST, json=body)
    if answer.status_code == 422:  # not even an endpoint
        assert answer.json()["problems"][0]["variable"] == "S3_COMPATIBLE_ENDPOINT"
        return
    failed = failed_step(answer.json())
    assert (failed["name"], "not allowed for a storage" in failed["message"]) == ("resolve", True)


async def test_redirects_are_not_followed_and_pages_not_repeated(admin):
    asked = []

    def target(line, _headers):
        asked.append(line)
        return http(200, b"x")

    async with odd_server(target) as elsewhere:
        page = http(302, b"<html>inner secret page</html>", location=f"{elsewhere}/latest/meta-data")
        async with odd_server(lambda _line, _headers: page) as url:
            body = candidate(s3_server("seaweedfs"), "any-bucket", S3_COMPATIBLE_ENDPOINT=url)
            report = await asyncio.to_thread(report_of, admin, body)
    assert report["ok"] is False
    assert "inner secret" not in json.dumps(report)
    assert asked == []
