"""The administrator's overview, and who sees the administration at all."""

import pytest
from playwright.sync_api import Page, expect

from aishare import __version__
from tests.e2e.steps import assert_accessible, overflow

PAGES = ("/admin", "/admin/storage", "/admin/migrations", "/admin/env", "/admin/users")


def test_an_ordinary_user_sees_no_administration(page: Page, server, signed_in, watch):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_text(
        ["Files", "Shared with me", "My links"]
    )
    for path in PAGES:
        page.goto(f"{server.address}{path}")
        expect(page.get_by_role("heading", name="This page is for administrators")).to_be_visible()
    assert not [url for url in asked if "/api/admin" in url or "/api/environment" in url]
    assert_accessible(page)


def test_a_signed_out_visitor_comes_back_after_signing_in(page: Page, server):
    page.goto(f"{server.address}/admin/storage")
    page.get_by_role("button", name="Admin").click()
    expect(page.get_by_role("heading", name="Storage", exact=True)).to_be_visible()


def test_the_overview_tells_how_the_service_does(page: Page, server, administrator):
    page.request.put(f"{server.address}/api/files/by-path/measured.bin", data="x" * 1000)
    page.goto(server.address)
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("region", name="Storage")).to_contain_text("Local folder")
    expect(page.get_by_role("region", name="Storage")).to_contain_text("Works")
    expect(page.get_by_role("region", name="Free space")).to_contain_text("of")
    expect(page.get_by_role("region", name="Latency")).to_contain_text("Write: median")
    expect(page.get_by_role("region", name="Version")).to_contain_text(f"aishare {__version__}")
    expect(page.get_by_role("region", name="Users")).to_contain_text("administrator")
    page.get_by_role("region", name="Users").get_by_role("link").click()
    expect(page).to_have_url(f"{server.address}/admin/users")


def test_one_failing_part_leaves_the_others_readable(page: Page, server, administrator, watch):
    watch.expected.append("500")
    broken = {"code": "internal", "detail": "The disk does not answer.", "request_id": "request-8"}
    page.route("**/storage-service/info", lambda route: route.fulfill(status=500, json=broken))
    page.goto(f"{server.address}/admin")
    storage = page.get_by_role("region", name="Storage")
    expect(storage.get_by_role("alert")).to_contain_text("The disk does not answer.")
    expect(storage.get_by_role("alert")).to_contain_text("request-8")
    expect(page.get_by_role("region", name="Version")).to_contain_text("aishare")
    assert_accessible(page)
    page.unroute("**/storage-service/info")
    storage.get_by_role("button", name="Try again").click()
    expect(storage).to_contain_text("Local folder")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits_a_phone(page: Page, server, administrator, path):
    page.goto(f"{server.address}{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert_accessible(page)
    page.set_viewport_size({"width": 360, "height": 800})
    assert overflow(page) == 0
    assert_accessible(page)
