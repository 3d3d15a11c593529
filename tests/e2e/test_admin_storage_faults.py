"""A start with half an S3 configuration, as an administrator sees it, and its correction on the page."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.api.conftest import make_bucket, s3_environ
from tests.e2e.steps import assert_accessible, overflow
from tests.support.s3servers import s3_server
from tests.support.server import Server, serving

BUCKET, SECRET = "S3_COMPATIBLE_BUCKET_NAME", "S3_COMPATIBLE_SECRET_KEY"
DRAIN_MS = 30_000


@pytest.fixture
def missing() -> dict[str, str]:
    """What the settings file lacks."""
    bucket = f"faults-{time.time_ns()}"
    with ThreadPoolExecutor(max_workers=1) as threads:  # this thread holds the event loop of Playwright
        threads.submit(asyncio.run, make_bucket(s3_server("seaweedfs"), bucket)).result()
    return {BUCKET: bucket, SECRET: s3_server("seaweedfs").secret_key}


@pytest.fixture
def half(server, tmp_path, missing) -> Iterator[Server]:
    whole = s3_environ(s3_server("seaweedfs"), missing[BUCKET])
    lines = [f"{name}={value}\n" for name, value in whole.items() if name not in missing]
    (tmp_path / ".env").write_text("".join(lines))
    with serving(tmp_path) as running:
        yield running


def test_half_a_configuration_is_completed_on_the_page(page: Page, half: Server, watch, missing):
    watch.origin = urlsplit(half.address).netloc
    assert page.request.post(f"{half.address}/api/auth/demo-login", data={"username": "admin"}).ok
    stored = page.request.put(f"{half.address}/api/files/by-path/waits.txt", data="waits")
    assert stored.status == 201
    page.goto(f"{half.address}/admin/storage")
    problems = page.get_by_role("list", name="Problems")
    for name in missing:
        expect(problems).to_contain_text(name)
    expect(page.get_by_role("region", name="Spool", exact=True)).to_contain_text("In use")
    assert_accessible(page)
    assert overflow(page) == 0
    page.goto(f"{half.address}/admin/env")
    for name, value in missing.items():
        page.get_by_role("button", name=f"Edit {name}", exact=True).click()
        page.get_by_label(f"New value of {name}", exact=True).fill(value)
    page.get_by_role("region", name="Pending changes").get_by_role("button", name="Review").click()
    page.get_by_role("dialog", name="Review changes to .env").get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("region", name="Change waiting for confirmation")).to_have_count(0)
    page.goto(f"{half.address}/admin/storage")
    expect(problems).to_have_count(0)
    expect(page.get_by_role("region", name="Status", exact=True)).to_contain_text("Works")
    spool = page.get_by_role("region", name="Spool", exact=True)
    expect(spool).to_contain_text("No files are waiting", timeout=DRAIN_MS)
