"""The audit page: what was done, found again by filters, and taken along as a file."""

import csv
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow


@pytest.fixture
def audit(page: Page, server, administrator, newcomer) -> Page:
    """With acts of a person of this test alone in the log."""
    sign_in = page.context.new_page()
    host = server.address
    assert sign_in.request.post(f"{host}/api/auth/demo-login", data={"username": newcomer}).ok
    token = sign_in.request.post(f"{host}/api/tokens", data={"name": "of-the-laptop"}).json()
    assert sign_in.request.delete(f"{host}/api/tokens/{token['id']}").status == 204
    assert sign_in.request.post(f"{host}/api/auth/demo-login", data={"username": "admin"}).ok
    sign_in.close()
    page.goto(f"{host}/admin/audit")
    expect(page.get_by_role("table", name="Audit log")).to_be_visible()
    return page


def lines(page: Page):
    return page.get_by_role("table", name="Audit log").get_by_role("row").filter(has=page.get_by_role("cell"))


def test_acts_are_listed_and_found_by_person_act_target_and_day(audit: Page, newcomer):
    audit.get_by_label("User").fill(newcomer)
    expect(lines(audit)).to_have_count(3)
    expect(lines(audit).nth(0)).to_contain_text("Token revoked")
    expect(lines(audit).nth(0)).to_contain_text("of-the-laptop")
    expect(lines(audit).nth(2)).to_contain_text("Signed in")
    expect(lines(audit).nth(2)).to_contain_text("127.0.0.1")
    audit.get_by_label("Action", exact=True).select_option("Token created")
    expect(lines(audit)).to_have_count(1)
    expect(audit).to_have_url(re.compile("action=token_created"))
    audit.get_by_label("Target").fill("no such thing")
    expect(audit.get_by_text("No matching entries.", exact=True)).to_be_visible()
    audit.get_by_label("Target").fill("LAPTOP")
    expect(lines(audit)).to_have_count(1)
    audit.get_by_label("Until").fill("2020-01-01")
    expect(audit.get_by_text("No matching entries.", exact=True)).to_be_visible()
    audit.get_by_label("Until").fill("2100-01-01")
    audit.get_by_label("From", exact=True).fill("2020-01-01")
    expect(lines(audit)).to_have_count(1)
    audit.reload()
    expect(audit.get_by_label("User")).to_have_value(newcomer)
    expect(lines(audit)).to_have_count(1)
    audit.get_by_role("button", name="Clear").click()
    expect(audit.get_by_label("User")).to_have_value("")
    expect(lines(audit).nth(1)).to_be_visible()


def test_what_is_shown_comes_as_a_file(audit: Page, newcomer, tmp_path):
    audit.get_by_label("User").fill(newcomer)
    expect(lines(audit)).to_have_count(3)
    with audit.expect_download() as table:
        audit.get_by_role("link", name="Export CSV").click()
    table.value.save_as(tmp_path / "audit.csv")
    with (tmp_path / "audit.csv").open(newline="") as file:
        assert [row["action"] for row in csv.DictReader(file)] == ["token_revoked", "token_created", "sign_in"]
    with audit.expect_download() as objects:
        audit.get_by_role("link", name="Export JSON Lines").click()
    assert objects.value.suggested_filename.endswith(".jsonl")
    objects.value.save_as(tmp_path / "audit.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert {row["actor"] for row in rows} == {newcomer}


def test_older_pages_are_loaded_when_they_are_asked_for(audit: Page, server):
    for _ in range(60):
        audit.request.get(f"{server.address}/api/admin/audit/export?format=jsonl&action=none")
    audit.reload()
    expect(lines(audit)).to_have_count(50)
    audit.get_by_role("button", name="Show older entries").click()
    expect(lines(audit).nth(60)).to_be_visible()


def test_a_log_that_can_not_be_read_says_so(audit: Page, watch):
    watch.expected.append("500")
    audit.route(
        "**/api/admin/audit?*", lambda route: route.fulfill(status=500, json={"detail": "No.", "request_id": "r"})
    )
    audit.reload()
    expect(audit.get_by_role("alert")).to_contain_text("Could not load the audit log")


def test_nobody_else_sees_it(page: Page, server, signed_in, watch):
    watch.expected.append("403")
    page.goto(f"{server.address}/admin/audit")
    expect(page.get_by_role("heading", name="This page is for administrators")).to_be_visible()


def test_the_page_is_accessible_and_fits_a_phone(audit: Page):
    assert_accessible(audit)
    audit.set_viewport_size({"width": 360, "height": 800})
    assert overflow(audit) == 0
    assert_accessible(audit)
