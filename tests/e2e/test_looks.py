"""What every page must be, in both colour schemes and on a phone."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, drag, open_menu, overflow, put, row, select, settle, slow_uploads

CHECKPOINT = "checkpoint-0042.safetensors"
schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def test_the_login_page_is_accessible(page: Page, server, watch):
    watch.expected.append("/api/auth/login")
    page.goto(f"{server.address}/login?reason=expired")
    expect(page.get_by_role("button", name="Ada")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password", exact=True).fill("nothing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The user name or password is wrong.", exact=True)).to_be_visible()
    assert_accessible(page)


def test_every_state_of_the_files_page_is_accessible(page: Page, signed_in, watch):
    watch.expected += ["/api/files/by-path/", "ERR_FAILED"]
    assert_accessible(page)
    drag(page, {"done.csv": b"1", "y" * 300: b"2"})
    expect(row(page, "done.csv")).to_be_visible()
    slow_uploads(page, bytes_per_second=100_000)
    drag(page, {"running.bin": bytes(3_000_000)})
    expect(page.get_by_role("progressbar", name="Upload of running.bin")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Cancel upload of running.bin").click()
    page.get_by_role("button", name="Account of").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    open_menu(page, "done.csv")
    assert_accessible(page)
    page.get_by_role("menuitem", name="Copy SHA-256").click()
    expect(page.get_by_text("SHA-256 copied", exact=True)).to_be_visible()
    assert_accessible(page)
    open_menu(page, "done.csv")
    page.get_by_role("menuitem", name="Delete").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_label("Search files").fill("nothing like this")
    expect(page.get_by_role("heading", name="No file matches")).to_be_visible()
    assert_accessible(page)


def test_the_error_page_is_accessible(page: Page, signed_in, watch):
    watch.expected.append("500")
    page.route("**/api/files?*", lambda route: route.fulfill(status=500, json={"detail": "No.", "request_id": "r"}))
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)


def test_folders_grid_selection_dialogs_and_file_pages_are_accessible(page: Page, signed_in):
    for path in ["box/inner.csv", "a.txt", "b.txt"]:
        put(page, path, b"a,b\n1,2\n")
    page.reload()
    expect(row(page, "a.txt")).to_be_visible()
    select(page, "a.txt")
    select(page, "box")
    assert_accessible(page)
    for button in ["Move", "Delete"]:
        page.get_by_role("toolbar", name="Selection").get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Clear selection").click()
    page.get_by_role("button", name="New folder").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Grid", exact=True).click()
    page.get_by_role("button", name="Transfers", exact=True).click()
    expect(page.get_by_role("region", name="Transfers")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="a.txt", exact=True).click()
    expect(page.get_by_label("Text of a.txt")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Open full page").click()
    expect(page.get_by_role("region", name="Details")).to_be_visible()
    assert_accessible(page)


def test_a_phone_reaches_search_selection_grid_and_file(page: Page, signed_in):
    page.set_viewport_size({"width": 360, "height": 720})
    for path in ["box/a-rather-long-name-of-a-folder/inner.csv", "a.txt"]:
        put(page, path, b"a,b\n1,2\n")
    page.reload()
    select(page, "a.txt")
    expect(page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Delete")).to_be_in_viewport()
    assert overflow(page) == 0
    page.get_by_role("button", name="Clear selection").click()
    page.get_by_role("button", name="Grid", exact=True).click()
    expect(page.get_by_role("gridcell")).to_have_count(2)
    assert overflow(page) == 0
    page.get_by_role("button", name="Open search").click()
    page.get_by_label("Search files").fill("inner")
    page.get_by_role("link", name="inner.csv").click()
    expect(page.get_by_role("dialog", name="inner.csv")).to_be_visible()
    assert overflow(page) == 0
    page.get_by_role("link", name="Open full page").click()
    expect(page.get_by_role("region", name="Details")).to_be_visible()
    assert overflow(page) == 0
    page.get_by_role("button", name="Close search").click()
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name="a-rather-long-name-of-a-folder")).to_be_visible()
    assert overflow(page) == 0


def test_nothing_is_wider_than_a_small_phone(page: Page, server, signed_in):
    page.set_viewport_size({"width": 360, "height": 720})
    name = "a-very-long-folder-name/another-long-one/checkpoint-epoch-0042-step-120000-of-many.safetensors"
    page.request.put(f"{server.address}/api/files/by-path/{name}", data="x")
    drag(page, {"a-long-name-of-a-file-that-is-uploaded-from-a-phone-while-walking.parquet": b"1"})
    expect(page.get_by_role("row")).to_have_count(3)
    assert overflow(page) == 0
    page.get_by_role("button", name="Open navigation").click()
    expect(page.get_by_role("link", name="Files").first).to_be_in_viewport()
    page.get_by_role("button", name="Close navigation").click()
    page.get_by_role("button", name="Account of").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert overflow(page) == 0
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Ada")).to_be_visible()
    assert overflow(page) == 0


def test_an_unknown_page_says_so(page: Page, server):
    page.goto(f"{server.address}/no/such/page")
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    assert_accessible(page)


@schemes
def test_pictures_for_the_readme(page: Page, server, tmp_path, scheme):
    """Kept only where AISHARE_SCREENSHOTS names a folder (make screenshots)."""
    folder = Path(os.environ.get("AISHARE_SCREENSHOTS") or tmp_path)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server.address}/login")
    expect(page.get_by_role("button", name="Ada")).to_be_visible()
    page.screenshot(path=folder / f"login-{scheme}.png")
    page.get_by_role("button", name="Ada").click()
    expect(row(page, "datasets")).to_be_visible()
    page.get_by_role("button", name="Name").click()
    # Ada has the sample files, and by now perhaps what the picture before has uploaded: its name would be taken
    assert page.request.delete(f"{server.address}/api/files/by-path/{CHECKPOINT}").status in {204, 404}
    slow_uploads(page, bytes_per_second=1_000_000)
    drag(page, {CHECKPOINT: bytes(9_000_000)})
    expect(page.get_by_text(re.compile(r"of 9\.00 MB · .*B/s · .* left"))).to_be_visible()
    settle(page)
    page.screenshot(path=folder / f"files-{scheme}.png", animations="disabled")
    assert {path.stat().st_size > 10_000 for path in folder.glob(f"*-{scheme}.png")} == {True}


@schemes
def test_pictures_of_the_storage_page_for_the_readme(page: Page, server, administrator, tmp_path, scheme):
    folder = Path(os.environ.get("AISHARE_SCREENSHOTS") or tmp_path)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto(f"{server.address}/admin/storage")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_role("region", name="Connection").get_by_role("status")).to_have_text("Everything works")
    expect(page.locator("button[data-loading]")).to_have_count(0)
    settle(page)
    picture = folder / f"storage-{scheme}.png"
    page.screenshot(path=picture, animations="disabled")
    assert picture.stat().st_size > 10_000
