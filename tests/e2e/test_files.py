"""The files page: what it lists, and what can be done to a file."""

import re
from hashlib import sha256

from playwright.sync_api import Page, expect

from tests.e2e.steps import drag, open_menu, row


def test_deleting_asks_first_and_then_deletes(page: Page, signed_in):
    drag(page, {"old.txt": b"old", "keep.txt": b"keep"})
    expect(row(page, "old.txt")).to_be_visible()
    open_menu(page, "old.txt")
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(row(page, "old.txt")).to_be_visible()
    open_menu(page, "old.txt")
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row(page, "old.txt")).to_be_hidden()
    expect(row(page, "keep.txt")).to_be_visible()


def test_search_is_in_the_url_and_survives_a_reload(page: Page, signed_in):
    drag(page, {"alpha.csv": b"1", "beta.csv": b"22"})
    expect(row(page, "beta.csv")).to_be_visible()
    page.get_by_label("Search files").fill("ALPH")
    expect(row(page, "beta.csv")).to_be_hidden()
    expect(row(page, "alpha.csv")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=ALPH"))
    page.reload()
    expect(page.get_by_label("Search files")).to_have_value("ALPH")
    expect(row(page, "alpha.csv")).to_be_visible()
    page.get_by_label("Search files").fill("gamma")
    expect(page.get_by_role("heading", name="No file matches “gamma”")).to_be_visible()
    page.get_by_role("button", name="Show all files").click()
    expect(row(page, "beta.csv")).to_be_visible()
    expect(page.get_by_label("Search files")).to_have_value("")


def test_columns_sort(page: Page, signed_in):
    drag(page, {"b.bin": bytes(10), "a.bin": bytes(3000), "c.bin": bytes(200)})
    expect(page.get_by_role("row")).to_have_count(4)
    names = page.get_by_role("link", name=re.compile("^Download "))
    page.get_by_role("button", name="Size").click()
    expect(names.first).to_have_accessible_name("Download a.bin")
    page.get_by_role("button", name="Size").click()
    expect(names.first).to_have_accessible_name("Download b.bin")
    expect(page.get_by_role("columnheader", name="Size")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Name").click()
    expect(names.last).to_have_accessible_name("Download c.bin")


def test_the_digest_is_copied_also_on_plain_http_from_another_host(page: Page, server, signed_in, watch):
    drag(page, {"digest.bin": b"digest"})
    expect(row(page, "digest.bin")).to_be_visible()
    watch.origin = watch.origin.replace("127.0.0.1", "box.lan")
    page.goto(server.address.replace("127.0.0.1", "box.lan"))
    page.get_by_role("button", name=signed_in).click()
    assert page.evaluate("navigator.clipboard") is None
    open_menu(page, "digest.bin")
    page.get_by_role("menuitem", name="Copy SHA-256").click()
    expect(page.get_by_text("SHA-256 copied", exact=True)).to_be_visible()
    page.get_by_label("Search files").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_label("Search files")).to_have_value(sha256(b"digest").hexdigest())


def test_an_error_of_the_server_names_its_request_and_can_be_retried(page: Page, signed_in, watch):
    watch.expected.append("500")
    problem = {"title": "Internal Server Error", "status": 500, "code": "internal", "detail": "It broke."}
    path = re.compile(r"/api/files\?")
    page.route(path, lambda route: route.fulfill(status=500, json={**problem, "request_id": "r-4711"}))
    page.reload()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("It broke.")
    expect(alert).to_contain_text("r-4711")
    page.unroute(path)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()
