"""The storage page: what is there, and the connection test with its steps."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow
from tests.support.s3server import S3Server, raw_client
from tests.support.seaweedfs import running_seaweedfs

CANARY = "canary-secret-of-a-candidate"


@pytest.fixture(scope="module")
def s3():
    with running_seaweedfs() as running:
        yield running


@pytest.fixture(scope="module")
def bucket(s3: S3Server) -> str:
    async def create() -> None:
        async with raw_client(s3) as client:
            await client.create_bucket(Bucket="candidate")

    # in a thread, for this one holds the event loop of Playwright
    with ThreadPoolExecutor(max_workers=1) as threads:
        threads.submit(asyncio.run, create()).result()
    return "candidate"


@pytest.fixture
def storage(page: Page, server, administrator) -> Page:
    page.goto(f"{server.address}/admin/storage")
    expect(page.get_by_role("heading", name="Storage", exact=True)).to_be_visible()
    return page


def test_the_running_storage_is_described_and_works(storage: Page, server):
    status = storage.get_by_role("region", name="Status")
    expect(status).to_contain_text("Local folder")
    expect(status).to_contain_text("free of")
    locations = storage.get_by_role("table", name="Locations")
    expect(locations.get_by_role("row").nth(1)).to_contain_text("Active")
    expect(storage.get_by_role("region", name="Configuration", exact=True)).to_contain_text("STORAGE_TYPE")
    storage.get_by_role("button", name="Test connection").click()
    connection = storage.get_by_role("region", name="Connection")
    expect(connection.get_by_role("status")).to_have_text("Everything works")
    steps = connection.get_by_role("listitem")
    expect(steps.filter(has_text="Write").first).to_contain_text("ms")
    expect(steps.last).to_contain_text("Delete")


def test_another_configuration_is_tried_and_changes_nothing(storage: Page, server, s3, bucket, watch):
    form = _candidate(storage, s3, bucket, secret=s3.secret_key)
    form.get_by_role("button", name="Test this configuration").click()
    expect(form.get_by_role("status")).to_have_text("Everything works")
    expect(form.get_by_role("listitem").filter(has_text="Open the bucket")).to_be_visible()
    form.get_by_label("S3_COMPATIBLE_SECRET_KEY", exact=True).fill(CANARY)
    form.get_by_role("button", name="Test this configuration").click()
    expect(form.get_by_role("status")).to_have_text("Stopped at: Sign in")
    expect(form.get_by_role("listitem").filter(has_text="Write").first).to_contain_text("Skipped because")
    expect(form.get_by_role("img", name="Failed")).to_have_count(1)
    info = storage.request.get(f"{server.address}/api/admin/storage-service/info").json()
    assert info["storage_type"] == "local"
    assert CANARY not in storage.inner_text("body")
    assert CANARY not in "".join(server.log)


def test_a_tested_configuration_is_applied_from_where_it_was_tested(storage: Page, server, s3, bucket, watch):
    """The very values, secrets too, through the review and the time to keep or undo it; and no others."""
    form = _candidate(storage, s3, bucket, secret=s3.secret_key)
    before = (server.data_dir / ".env").read_text() if (server.data_dir / ".env").exists() else None
    apply = form.get_by_role("button", name="Review and apply")
    test = form.get_by_role("button", name="Test this configuration")
    expect(apply).to_have_count(0)
    form.get_by_label("S3_COMPATIBLE_BUCKET_NAME").fill("no-such-bucket")
    test.click()
    expect(form.get_by_text("Only a configuration that passes the test can be applied.", exact=True)).to_be_visible()
    expect(apply).to_have_count(0)
    form.get_by_label("S3_COMPATIBLE_BUCKET_NAME").fill(bucket)
    expect(form.get_by_text("The values have changed since this test.", exact=False)).to_be_visible()
    test.click()
    expect(apply).to_be_visible()
    form.get_by_label("S3_KEY_PREFIX").fill("other/")
    expect(apply).to_have_count(0)
    form.get_by_label("S3_KEY_PREFIX").fill("")
    addresses = []
    storage.on("request", lambda request: addresses.append(request.url))
    apply.click()
    dialog = storage.get_by_role("dialog", name="Review changes to .env")
    expect(dialog.get_by_role("list", name="Differences")).to_contain_text("S3_COMPATIBLE_SECRET_KEY")
    expect(dialog.get_by_role("list", name="Steps of the test")).to_contain_text("Write")
    assert s3.secret_key not in dialog.inner_html()
    dialog.get_by_role("button", name="Apply", exact=True).click()
    expect(storage.get_by_role("region", name="Status")).to_contain_text("S3-compatible")
    assert f"S3_COMPATIBLE_SECRET_KEY={s3.secret_key}\n" in (server.data_dir / ".env").read_text()
    secret = storage.get_by_role("form", name="Test another configuration").get_by_label(
        "S3_COMPATIBLE_SECRET_KEY", exact=True
    )
    expect(secret).to_have_value("")
    kept = storage.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert s3.secret_key not in kept + "".join(addresses) + "".join(server.log)
    storage.get_by_role("button", name="Undo now").click()
    expect(storage.get_by_role("status").filter(has_text="Change undone by admin")).to_contain_text("STORAGE_TYPE")
    expect(storage.get_by_role("region", name="Status")).to_contain_text("Local folder")
    assert (server.data_dir / ".env").read_text() == (before or "")


def test_what_is_wrong_stands_at_its_field(storage: Page, watch):
    watch.expected.append("/test-connection")
    form = storage.get_by_role("form", name="Test another configuration")
    form.get_by_text("S3-compatible", exact=True).click()
    endpoint = form.get_by_label("S3_COMPATIBLE_ENDPOINT")
    endpoint.fill("ftp://somewhere")
    form.get_by_role("button", name="Test this configuration").click()
    expect(form.get_by_role("alert")).to_be_visible()
    expect(endpoint).to_have_attribute("aria-invalid", "true")
    assert_accessible(storage)


def test_the_steps_come_one_by_one(storage: Page):
    """Against a server that takes the connection and says nothing, so that the next step lasts."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        form = storage.get_by_role("form", name="Test another configuration")
        form.get_by_text("S3-compatible", exact=True).click()
        _fill(form, f"http://127.0.0.1:{silent.getsockname()[1]}", "bucket", "key-of-nobody", "secret")
        form.get_by_role("button", name="Test this configuration").click()
        expect(form.get_by_role("listitem").filter(has_text="Find the host")).to_be_visible()
        expect(form.get_by_text("Next step", exact=True)).to_be_visible()
        expect(form.get_by_role("status")).to_have_text("Stopped at: Connect")


def test_a_test_that_breaks_off_is_no_success(storage: Page, watch):
    watch.expected.append("/test-connection")
    one = '{"name": "put", "ok": true, "ms": 1, "message": "Written.", "hint": null}\n'
    storage.route("**/test-connection", lambda route: route.fulfill(body=one, content_type="application/x-ndjson"))
    storage.get_by_role("button", name="Test connection").click()
    connection = storage.get_by_role("region", name="Connection")
    expect(connection.get_by_role("status")).to_have_text("The test did not end")
    expect(connection.get_by_role("alert")).to_contain_text("was lost during the test")


def test_steps_and_form_are_accessible_and_fit_a_phone(storage: Page, s3, bucket):
    storage.get_by_role("button", name="Test connection").click()
    expect(storage.get_by_role("region", name="Connection").get_by_role("status")).to_have_text("Everything works")
    form = _candidate(storage, s3, "no-such-bucket", secret=s3.secret_key)
    form.get_by_role("button", name="Test this configuration").click()
    expect(form.get_by_role("status")).to_contain_text("Stopped at")
    assert_accessible(storage)
    storage.set_viewport_size({"width": 360, "height": 800})
    assert overflow(storage) == 0
    assert_accessible(storage)


def _candidate(page: Page, s3: S3Server, bucket: str, *, secret: str):
    form = page.get_by_role("form", name="Test another configuration")
    form.get_by_text("S3-compatible", exact=True).click()
    _fill(form, s3.url, bucket, s3.access_key, secret)
    return form


def _fill(form, endpoint: str, bucket: str, key: str, secret: str) -> None:
    form.get_by_label("S3_COMPATIBLE_ENDPOINT").fill(endpoint)
    form.get_by_label("S3_COMPATIBLE_BUCKET_NAME").fill(bucket)
    form.get_by_label("S3_COMPATIBLE_ACCESS_KEY", exact=True).fill(key)
    form.get_by_label("S3_COMPATIBLE_SECRET_KEY", exact=True).fill(secret)
