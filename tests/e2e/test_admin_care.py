"""Maintenance and jobs: checks find damaged files, unused objects go in two steps, and all of it is among the jobs."""

import os
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow


@pytest.fixture
def care(page: Page, server, administrator) -> Page:
    page.goto(f"{server.address}/admin/storage")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Maintenance").click()
    expect(page).to_have_url(f"{server.address}/admin/maintenance")
    expect(page.get_by_role("heading", name="Maintenance", exact=True)).to_be_visible()
    return page


@pytest.fixture
def damaged(page: Page, server, administrator):
    """The path of a file of the administrator's whose bytes rotted; whole again in the end."""
    content = os.urandom(4321)
    path = "rotten/weights.bin"
    file = page.request.put(f"{server.address}/api/files/by-path/{path}", data=content)
    assert file.ok
    stored = next(
        place
        for place in (server.data_dir / "storage" / "objects").rglob("*")
        if place.is_file() and place.stat().st_size == len(content) and place.read_bytes() == content
    )
    stored.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    yield path
    stored.write_bytes(content)
    page.request.delete(f"{server.address}/api/files/{file.json()['id']}")


def plant_orphan(server) -> None:
    """A day old, named like any object, and in no row."""
    place = next(place for place in (server.data_dir / "storage" / "objects").rglob("*") if place.is_file())
    orphan = place.with_name(place.parent.parent.name + place.parent.name + "orphan")
    orphan.write_bytes(b"orphan")
    os.utime(orphan, (time.time() - 90_000,) * 2)


def check(page: Page, *, percent: int = 100, where: str | None = None):
    """Starts one, waits for its end, returns its entry."""
    before = len(page.request.get(f"{page.url.split('/admin')[0]}/api/admin/scrubs").json()["items"])
    form = page.get_by_role("form", name="New integrity check")
    form.get_by_label("Files to check").fill(str(percent))
    if where is not None:
        form.get_by_label("Location").select_option(where)
    form.get_by_role("button", name="Start check").click()
    entries = page.get_by_role("list", name="Checks").get_by_role("listitem")
    expect(entries).to_have_count(before + 1)
    expect(entries.first).to_contain_text("Completed")
    return entries.first


def test_the_old_address_leads_to_the_page(page: Page, server, administrator):
    page.goto(f"{server.address}/admin/care")
    expect(page).to_have_url(f"{server.address}/admin/maintenance")
    sections = page.get_by_role("main").get_by_role("heading", level=2)
    expect(sections).to_have_text(["Integrity checks", "Damaged files", "Unused objects"])
    names = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(names.filter(has_text="Migrations")).to_have_attribute("href", "/admin/migrations")


def test_a_check_finds_what_is_damaged_and_shows_whose_it_is(care: Page, damaged, watch):
    watch.expected.append("502")  # what is damaged is not shown
    expect(care.get_by_text("No damaged files found.", exact=True)).to_be_visible()
    entry = check(care)
    expect(entry).to_contain_text("100 % of the files, all locations")
    expect(entry).to_contain_text("1 damaged")
    row = care.get_by_role("table", name="Damaged files").get_by_role("row").nth(1)
    expect(row).to_contain_text(damaged)
    expect(row).to_contain_text("admin")
    with care.expect_response("**/preview?*") as preview:
        row.get_by_role("link", name=damaged).click()
    assert preview.value.status == 502
    expect(care.get_by_role("heading", name="weights.bin")).to_be_visible()


def test_a_share_of_one_location_is_checked_and_a_share_that_is_none_is_refused(care: Page):
    form = care.get_by_role("form", name="New integrity check")
    form.get_by_label("Files to check").fill("")
    expect(form.get_by_text("Enter a number from 1 to 100.", exact=True)).to_be_visible()
    expect(form.get_by_role("button", name="Start check")).to_be_disabled()
    places = form.get_by_label("Location").get_by_role("option").all_text_contents()
    entry = check(care, percent=5, where=places[1])
    expect(entry).to_contain_text(f"5 % of the files, {places[1]}")


def test_how_far_a_check_is_and_that_it_is_cancelled(care: Page, server):
    """The answers of a check that lasts: the real one of a few files is over before anybody sees it."""
    scrub = {
        "id": "x",
        "state": "running",
        "percent": 50,
        "location": None,
        "progress": 0.42,
        "objects": 1234,
        "bytes": 5_000_000,
        "damages": 0,
        "created_by": "admin",
        "created_at": "2026-01-01T00:00:00Z",
        "finished_at": None,
    }
    asked = []

    def cancel(route):
        asked.append(route.request.url)
        scrub.update(state="cancelled", finished_at="2026-01-01T00:00:00Z")
        route.fulfill(json=scrub)

    care.route("**/api/admin/scrubs", lambda route: route.fulfill(json={"items": [scrub]}))
    care.route("**/api/admin/scrubs/x/cancel", cancel)
    care.reload()
    entry = care.get_by_role("list", name="Checks").get_by_role("listitem").first
    expect(entry.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "42")
    expect(entry).to_contain_text("1,234 objects read")
    entry.get_by_role("button", name="Cancel").click()
    expect(entry).to_contain_text("Cancelled")
    assert asked == [f"{server.address}/api/admin/scrubs/x/cancel"]


def test_garbage_is_shown_first_and_deleted_when_that_is_confirmed(care: Page, server, signed_in_files):
    plant_orphan(server)
    section = care.get_by_role("region", name="Unused objects")
    section.get_by_role("button", name="Find unused objects").click()
    found = section.get_by_role("group", name="Search result")
    expect(found).to_contain_text("1 object, 6 B")
    found.get_by_role("button", name="Delete").click()
    dialog = care.get_by_role("dialog", name="Delete unused objects?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(found).to_be_visible()
    found.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(section.get_by_role("status")).to_contain_text("1 unused object and 0 upload leftovers deleted.")
    section.get_by_role("button", name="Find unused objects").click()
    expect(section.get_by_text("Nothing to delete.", exact=True)).to_be_visible()


@pytest.fixture
def signed_in_files(page: Page, server, administrator):
    """At least one object, beside which an orphan can lie."""
    assert page.request.put(f"{server.address}/api/files/by-path/beside.txt", data=b"x").ok


def test_a_plan_that_fails_says_why(care: Page, watch):
    watch.expected.append("503")
    problem = {"detail": "The database does not work.", "code": "catalogue_unavailable", "request_id": "r"}
    care.route("**/api/admin/garbage/plan", lambda route: route.fulfill(status=503, json=problem))
    care.get_by_role("button", name="Find unused objects").click()
    expect(care.get_by_role("alert")).to_contain_text("The database does not work.")


def test_jobs_are_listed_and_lead_to_what_they_are(care: Page):
    check(care, percent=1)
    care.get_by_role("link", name="Jobs", exact=True).click()
    row = care.get_by_role("table", name="Jobs").get_by_role("row").nth(1)
    expect(row).to_contain_text("Completed")
    expect(row).to_contain_text("100 %")
    row.get_by_role("link", name="Integrity check").click()
    expect(care.get_by_role("heading", name="Maintenance", exact=True)).to_be_visible()


def test_both_pages_are_accessible_and_fit_a_phone(care: Page, server, damaged):
    check(care)
    expect(care.get_by_role("table", name="Damaged files")).to_be_visible()
    care.get_by_role("button", name="Find unused objects").click()
    expect(care.get_by_role("group", name="Search result")).to_be_visible()
    assert_accessible(care)
    care.set_viewport_size({"width": 360, "height": 800})
    assert overflow(care) == 0
    assert_accessible(care)
    care.goto(f"{server.address}/admin/jobs")
    expect(care.get_by_role("table", name="Jobs")).to_be_visible()
    assert overflow(care) == 0
    assert_accessible(care)
    care.set_viewport_size({"width": 1280, "height": 800})
    assert_accessible(care)
