"""Moving files from the pages: from the disk to SeaweedFS and back, and what everybody sees when that stops."""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from aishare.api.http.web import WEB_ROOT
from aishare.api.http.web_source import SourceCheckout
from tests.e2e.steps import assert_accessible, overflow
from tests.support.faultproxy import FaultProxy, Kind, fault_proxy
from tests.support.s3server import raw_client
from tests.support.s3servers import s3_server
from tests.support.server import Server, serving

FILES = 12
SIZE = 40_000
ENDED_MS = 30_000


@dataclass
class World:
    """A service with files on its disk that writes to SeaweedFS, with something between them that can break."""

    server: Server
    proxy: FaultProxy
    settings: dict[str, str]
    files: dict[int, str] = field(default_factory=dict)
    """Ids by number; number 0 has lost its bytes."""


@pytest.fixture
def context(new_context) -> BrowserContext:
    """Of each test alone: a clock that was set stays so in all pages of a context."""
    return new_context()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    checkout = SourceCheckout.around(WEB_ROOT)
    if checkout is not None:
        checkout.build()
    s3, bucket = s3_server("seaweedfs"), f"pages-{time.time_ns()}"

    async def create() -> None:
        async with raw_client(s3) as client:
            await client.create_bucket(Bucket=bucket)

    # in a thread, for this one holds the event loop of Playwright
    with ThreadPoolExecutor(max_workers=1) as threads:
        threads.submit(asyncio.run, create()).result()
    with fault_proxy(s3.url) as proxy, serving(tmp_path_factory.mktemp("moving")) as server:
        settings = {
            "STORAGE_TYPE": "s3_compatible",
            "S3_COMPATIBLE_ENDPOINT": proxy.url,
            "S3_COMPATIBLE_ACCESS_KEY": s3.access_key,
            "S3_COMPATIBLE_SECRET_KEY": s3.secret_key,
            "S3_COMPATIBLE_BUCKET_NAME": bucket,
        }
        world = World(server, proxy, settings)
        _fill(world)
        yield world


@pytest.fixture(scope="module")
def server(world: World) -> Server:
    """In place of the one that the other tests share."""
    return world.server


def _fill(world: World) -> None:
    """Files on the disk, one of them damaged, an empty location between, and SeaweedFS as the active one."""
    with world.server.client("admin") as client:
        for number in range(FILES):
            answer = client.put(f"/api/files/by-path/moves/{number}.bin", content=_content(number))
            assert answer.status_code == 201, answer.text
            world.files[number] = answer.json()["id"]
        lost = next(path for path in world.server.data_dir.rglob("*") if _holds(path, _content(0)))
        lost.unlink()
        _switch(world, client, {"STORAGE_TYPE": "local", "LOCAL_STORAGE_PATH": "elsewhere"})
        _switch(world, client, world.settings)


def _content(number: int) -> bytes:
    return f"{number:05}".encode() * (SIZE // 5)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _switch(world: World, client, settings: dict[str, str]) -> None:
    (world.server.data_dir / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    answer = client.post("/api/environment-variables/reload")
    assert answer.json()["applied"], answer.text


def _location(page: Page, state: str) -> Locator:
    return page.get_by_role("table", name="Locations").get_by_role("row").filter(has_text=state)


def _state(page: Page) -> Locator:
    return page.get_by_role("region", name="Progress").get_by_role("status")


def test_files_move_are_paused_limited_and_rolled_back(page: Page, world: World, administrator):
    page.goto(f"{world.server.address}/admin/storage")
    expect(page.get_by_role("region", name="Spool")).to_contain_text("No files are waiting.")
    move = page.get_by_role("link", name="Move files from")
    expect(page.get_by_role("table", name="Locations").get_by_role("row").filter(has=move)).to_contain_text("Reachable")
    move.click()
    expect(page.get_by_role("heading", level=1, name="Move files")).to_be_visible()
    source = parse_qs(urlsplit(page.url).query)["source"][0]
    plan = page.get_by_role("form", name="Move files")
    expect(plan).to_contain_text("Estimated time")
    plan.get_by_role("button", name="Options").click()
    plan.get_by_label("Megabytes per second").fill("0.05")
    plan.get_by_label("Files at a time").fill("99")
    expect(plan.get_by_role("button", name="Start migration")).to_be_disabled()
    plan.get_by_label("Files at a time").fill("2")
    plan.get_by_role("button", name="Start migration").click()
    expect(_state(page)).to_have_text("Running")
    _pause_and_raise_the_limit(page)
    page.get_by_role("button", name="Resume").click()
    expect(_state(page)).to_have_text("Failed", timeout=ENDED_MS)
    failures = page.get_by_role("table", name="Failed files").get_by_role("row")
    expect(failures).to_have_count(2)
    expect(page.get_by_role("button", name="Retry failed files")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download manifest").click()
    manifest = json.loads(started.value.path().read_text())
    assert manifest["failures"] == 1
    assert manifest["objects"] >= FILES - 1
    _delete(page, world, FILES - 2)
    moved = manifest["objects"]
    page.get_by_role("button", name="Roll back").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The speed limit of 5.00 MB/s applies to the rollback too.")
    dialog.get_by_role("button", name="Roll back").click()
    expect(_state(page)).to_have_text("Rolled back", timeout=ENDED_MS)
    progress = page.get_by_role("region", name="Progress")
    expect(progress).to_contain_text(f"Rolled back. {moved - 1} of {moved} files are back, 1 was deleted since.")
    expect(progress).to_contain_text("Average speed")
    for text in ["Done", "Time left", "close this page"]:
        expect(progress).not_to_contain_text(text)
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "100")
    expect(page.get_by_role("region", name="Details")).to_contain_text("Rollback took")
    expect(progress.get_by_role("button")).to_have_count(0)
    for number in (1, FILES - 1):
        address = f"{world.server.address}/api/files/{world.files[number]}"
        assert page.request.get(address).json()["location"] == source
        assert page.request.get(f"{address}/content").body() == _content(number)


def _delete(page: Page, world: World, number: int) -> None:
    assert page.request.delete(f"{world.server.address}/api/files/{world.files[number]}").ok


def _pause_and_raise_the_limit(page: Page) -> None:
    page.get_by_role("button", name="Pause").click()
    expect(_state(page)).to_have_text("Paused")
    page.wait_for_timeout(1000)
    bar = page.get_by_role("progressbar")
    held = bar.get_attribute("aria-valuenow")
    page.wait_for_timeout(1500)
    expect(bar).to_have_attribute("aria-valuenow", held or "")
    assert float(held or "100") < 99
    limits = page.get_by_role("form", name="Limits")
    limits.get_by_label("Megabytes per second").fill("5")
    limits.get_by_role("button", name="Change limits").click()
    expect(limits.get_by_role("button", name="Change limits")).to_be_disabled()


def test_an_empty_location_is_retired(page: Page, world: World, administrator):
    page.goto(f"{world.server.address}/admin/storage")
    page.get_by_role("button", name="Retire").click()
    page.get_by_role("dialog").get_by_role("button", name="Retire").click()
    expect(_location(page, "Retired")).to_contain_text("No longer used")


def test_every_page_is_accessible_and_fits_a_phone(page: Page, world: World, administrator):
    page.goto(f"{world.server.address}/admin/migrations")
    page.get_by_role("table", name="Migrations").get_by_role("link").first.wait_for()
    _check(page)
    page.get_by_role("table", name="Migrations").get_by_role("link").first.click()
    _state(page).wait_for(state="attached")
    _check(page)
    page.goto(f"{world.server.address}/admin/migrations/new")
    page.get_by_role("form", name="Move files").get_by_role("button", name="Options").click()
    _check(page)
    page.goto(f"{world.server.address}/admin/storage")
    _location(page, "Active").wait_for()
    _check(page)


def _check(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    assert_accessible(page)
    page.set_viewport_size({"width": 360, "height": 800})
    assert overflow(page) == 0


def test_lists_that_fail_say_so(page: Page, world: World, administrator, watch):
    watch.expected += ["500", "404"]
    broken = {"code": "internal", "detail": "The database does not answer.", "request_id": "request-9"}
    page.route("**/api/admin/migrations", lambda route: route.fulfill(status=500, json=broken))
    page.goto(f"{world.server.address}/admin/migrations")
    expect(page.get_by_role("alert")).to_contain_text("The database does not answer.")
    page.unroute("**/api/admin/migrations")
    page.route("**/api/admin/migrations", lambda route: route.fulfill(json={"items": []}))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No migrations yet.", exact=True)).to_be_visible()
    page.goto(f"{world.server.address}/admin/migrations/no-such-move")
    expect(page.get_by_role("alert")).to_contain_text("There is no such migration.")


def test_everybody_is_told_while_the_storage_is_away(page: Page, world: World, signed_in):
    page.clock.install()
    page.reload()
    page.get_by_role("heading", name="Files", exact=True).wait_for()
    banner = page.get_by_text("The storage is not available", exact=True)
    expect(banner).to_have_count(0)
    world.proxy.inject(Kind.REFUSE_RESET, times=None)
    try:
        answer = page.request.put(f"{world.server.address}/api/files/by-path/during.txt", data=b"x")
        assert answer.status == 201, answer.text()
        _after_half_a_minute(page)
        expect(banner).to_be_visible()
        expect(page.get_by_text(re.compile("^Uploads still work"))).to_be_visible()
    finally:
        world.proxy.clear()
    deadline = time.monotonic() + 30
    while page.request.get(f"{world.server.address}/api/health/ready").json()["status"] != "ok":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    _after_half_a_minute(page)
    expect(banner).to_have_count(0)


def _after_half_a_minute(page: Page) -> None:
    """The page's own clock, so that nobody waits."""
    with page.expect_response("**/api/health/ready"):
        page.clock.fast_forward(31_000)
