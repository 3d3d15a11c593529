"""What a person changes about itself."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow

SECTIONS = ("Profile", "Password", "API tokens", "Sessions", "Appearance")


@pytest.fixture
def settings(page: Page, server, signed_in) -> Page:
    page.goto(f"{server.address}/settings")
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    return page


def test_a_new_name_is_shown_everywhere(settings: Page, server):
    assert settings.url == f"{server.address}/settings/profile"
    settings.get_by_label("Display name").fill("Mary Somerville, astronomer")
    settings.get_by_role("button", name="Save").click()
    expect(settings.get_by_role("button", name="Account of Mary Somerville")).to_be_visible()
    settings.reload()
    expect(settings.get_by_label("Display name")).to_have_value("Mary Somerville, astronomer")
    expect(settings.get_by_role("button", name="Save")).to_be_disabled()


def test_a_password_is_changed_after_the_old_one_was_told(page: Page, server, member, watch):
    name, password = member
    watch.expected.append("/api/auth/password")
    page.request.post(f"{server.address}/api/auth/login", data={"username": name, "password": password})
    page.goto(f"{server.address}/settings/password")
    _fill(page, "not the password", "a new password", "a new passwort")
    expect(page.get_by_text("The passwords do not match.", exact=True)).to_be_visible()
    _fill(page, "not the password", "short", "short")
    expect(page.get_by_text("At least 8 characters.", exact=True)).to_be_visible()
    _fill(page, "not the password", "a new password", "a new password")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    expect(page).to_have_url(f"{server.address}/settings/password")
    _fill(page, password, "a new password", "a new password")
    expect(page.get_by_text("Password changed", exact=True)).to_be_visible()
    assert _signs_in(server, name, "a new password")
    assert not _signs_in(server, name, password)


def test_a_token_is_shown_once_works_and_is_revoked(page: Page, server, signed_in):
    page.goto(f"{server.address}/settings/tokens")
    expect(page.get_by_text(re.compile(r"^No tokens yet"))).to_be_visible()
    page.get_by_role("button", name="New token").first.click()
    page.get_by_label("Name").fill("Training job")
    page.get_by_label("Expires after").select_option("30 days")
    page.get_by_role("button", name="Create token").click()
    line = page.get_by_role("group", name="Try it in a terminal").locator("code").inner_text()
    secret = page.get_by_role("group", name="Token “Training job”").locator("code").inner_text()
    assert line == f'curl -H "Authorization: Bearer {secret}" {server.address}/api/files'
    page.get_by_role("button", name="Copy Token “Training job”").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    # neither a click beside it nor the escape key loses what is shown once
    page.keyboard.press("Escape")
    page.mouse.click(5, 5)
    page.get_by_role("button", name="Done").click()
    assert secret not in page.content()
    files = httpx.get(f"{server.address}/api/files", headers={"authorization": f"Bearer {secret}"})
    assert files.status_code == 200
    expect(page.get_by_role("list", name="Tokens")).to_contain_text("expires in 4 weeks")
    page.get_by_role("button", name="Revoke Training job").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_text(re.compile(r"^No tokens yet"))).to_be_visible()
    files = httpx.get(f"{server.address}/api/files", headers={"authorization": f"Bearer {secret}"})
    assert files.status_code == 401


def test_a_token_is_made_for_a_folder_and_to_read(page: Page, server, signed_in):
    page.goto(f"{server.address}/settings/tokens")
    page.get_by_role("button", name="New token").first.click()
    page.get_by_label("Name").fill("Nightly job")
    may = page.get_by_label("Permissions")
    expect(may.get_by_role("option", name="Administer")).to_have_count(0)
    may.select_option("Read: view and download")
    page.get_by_label("Folder").fill("datasets/training")
    page.get_by_role("button", name="Create token").click()
    secret = page.get_by_role("group", name="Token “Nightly job”").locator("code").inner_text()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("list", name="Tokens")).to_contain_text("Read in datasets/training")
    headers = {"authorization": f"Bearer {secret}"}
    assert httpx.get(f"{server.address}/api/files", headers=headers).status_code == 200
    refused = httpx.put(f"{server.address}/api/files/by-path/datasets/training/a", headers=headers, content=b"a")
    assert refused.json()["code"] == "missing_scope"


def test_administering_is_offered_to_superusers_and_not_for_a_folder(page: Page, server, administrator):
    page.goto(f"{server.address}/settings/tokens")
    page.get_by_role("button", name="New token").first.click()
    may = page.get_by_label("Permissions")
    may.select_option("Administration: no access to your files")
    page.get_by_label("Folder").fill("lab")
    expect(may).to_have_value("all")


def test_another_device_is_signed_out(page: Page, server, signed_in):
    with server.client(signed_in) as other:
        page.goto(f"{server.address}/settings/sessions")
        sessions = page.get_by_role("list", name="Sessions").get_by_role("listitem")
        expect(sessions).to_have_count(2)
        expect(sessions.filter(has_text="This device")).to_contain_text("Chrome on Linux")
        expect(sessions.filter(has_text="This device").get_by_role("button")).to_have_count(0)
        page.get_by_role("button", name="Sign out python-httpx").click()
        page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
        expect(sessions).to_have_count(1)
        assert other.get("/api/auth/me").status_code == 401


def test_the_colour_scheme_is_kept(page: Page, server, signed_in):
    page.goto(f"{server.address}/settings/appearance")
    page.locator("label", has_text="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_a_list_that_fails_says_why_and_tries_again(page: Page, server, signed_in, watch):
    watch.expected.append("500")
    broken = {"code": "internal", "detail": "The database is away.", "request_id": "request-7"}
    page.route("**/api/tokens", lambda route: route.fulfill(status=500, json=broken))
    page.goto(f"{server.address}/settings/tokens")
    expect(page.get_by_role("alert")).to_contain_text("The database is away.")
    expect(page.get_by_role("alert")).to_contain_text("request-7")
    page.unroute("**/api/tokens")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(re.compile(r"^No tokens yet"))).to_be_visible()


def test_every_section_is_accessible_and_fits_a_phone(settings: Page):
    for width in (1280, 360):
        settings.set_viewport_size({"width": width, "height": 800})
        for section in SECTIONS:
            settings.get_by_role("navigation", name="Settings").get_by_role("link", name=section).click()
            expect(settings.get_by_role("heading", name=re.compile(section))).to_be_visible()
            assert overflow(settings) == 0
            assert_accessible(settings)


def test_the_dialogs_of_tokens_are_accessible(page: Page, server, signed_in):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{server.address}/settings/tokens")
    page.get_by_role("button", name="New token").first.click()
    assert_accessible(page)
    page.get_by_label("Name").fill("x" * 200)
    page.get_by_label("Folder").fill("y" * 200)
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_text("This token is shown only once", exact=True)).to_be_visible()
    assert overflow(page) == 0
    assert_accessible(page)
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Revoke").click()
    assert_accessible(page)


def _fill(page: Page, current: str, wanted: str, again: str) -> None:
    page.get_by_label("Current password", exact=True).fill(current)
    page.get_by_label("New password", exact=True).fill(wanted)
    page.get_by_label("Confirm new password", exact=True).fill(again)
    page.get_by_role("button", name="Change password").click()


def _signs_in(server, name: str, password: str) -> bool:
    answer = httpx.post(f"{server.address}/api/auth/login", json={"username": name, "password": password})
    return answer.status_code == 200
