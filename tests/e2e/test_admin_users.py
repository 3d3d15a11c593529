"""The users page."""

from itertools import count

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow

PASSWORD = "correct horse battery"
_numbers = count(1)


@pytest.fixture
def users(page: Page, server, administrator) -> Page:
    page.goto(f"{server.address}/admin/users")
    expect(page.get_by_role("table", name="Users")).to_be_visible()
    return page


@pytest.fixture
def colleague(users: Page, server) -> str:
    """A user made on the page."""
    name = f"colleague{next(_numbers):02}"
    users.get_by_role("button", name="New user").click()
    users.get_by_label("User name").fill(name)
    users.get_by_label("Display name").fill(f"Emmy {name}, mathematician")
    users.get_by_label("Password", exact=True).fill(PASSWORD)
    users.get_by_role("button", name="Create user").click()
    expect(_row(users, name)).to_contain_text("Active")
    return name


def _row(page: Page, name: str):
    return page.get_by_role("row").filter(has=page.get_by_role("button", name=f"Actions for {name}", exact=True))


def _act(page: Page, name: str, item: str) -> None:
    page.get_by_role("button", name=f"Actions for {name}", exact=True).click()
    page.get_by_role("menuitem", name=item).click()


def _confirm(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def _signs_in(server, name: str, password: str) -> bool:
    answer = httpx.post(f"{server.address}/api/auth/login", json={"username": name, "password": password})
    return answer.status_code == 200


def test_a_new_user_signs_in_and_is_disabled_and_enabled(users: Page, server, colleague):
    expect(_row(users, colleague)).to_contain_text("Never")
    assert _signs_in(server, colleague, PASSWORD)
    _act(users, colleague, "Disable")
    _confirm(users, "Disable")
    expect(_row(users, colleague)).to_contain_text("Disabled")
    assert not _signs_in(server, colleague, PASSWORD)
    _act(users, colleague, "Enable")
    _confirm(users, "Enable")
    expect(_row(users, colleague)).to_contain_text("Active")
    assert _signs_in(server, colleague, PASSWORD)


def test_a_password_is_reset(users: Page, server, colleague):
    _act(users, colleague, "Reset password")
    users.get_by_label("New password", exact=True).fill("short")
    expect(users.get_by_role("button", name="Set password")).to_be_disabled()
    users.get_by_label("New password", exact=True).fill("another password")
    _confirm(users, "Set password")
    assert _signs_in(server, colleague, "another password")
    assert not _signs_in(server, colleague, PASSWORD)


def test_role_and_demo_flag_change(users: Page, colleague):
    for item, shown in (("Make administrator", "Administrator"), ("Make demo user", "Demo")):
        _act(users, colleague, item)
        _confirm(users, item)
        expect(_row(users, colleague)).to_contain_text(shown)
    for item, gone in (("Remove administrator role", "Administrator"), ("Remove from demo users", "Demo")):
        _act(users, colleague, item)
        _confirm(users, item)
        expect(_row(users, colleague)).not_to_contain_text(gone)


def test_an_administrator_can_not_lock_itself_out(users: Page, administrator, watch):
    watch.expected.append("409")
    for item in ("Disable", "Remove administrator role"):
        _act(users, administrator, item)
        dialog = users.get_by_role("dialog")
        dialog.get_by_role("button", name=item, exact=True).click()
        expect(dialog.get_by_role("alert")).to_be_visible()
        assert_accessible(users)
        # nothing left to confirm: it would be refused again
        expect(dialog.get_by_role("button", name=item, exact=True)).to_have_count(0)
        dialog.get_by_text("Close", exact=True).click()
        expect(dialog).to_have_count(0)
    expect(_row(users, administrator)).to_contain_text("Administrator")
    expect(_row(users, administrator)).to_contain_text("Active")


def test_a_name_that_is_taken_is_refused_in_the_form(users: Page, colleague, watch):
    watch.expected.append("409")
    users.get_by_role("button", name="New user").click()
    users.get_by_label("User name").fill(colleague)
    expect(users.get_by_role("button", name="Create user")).to_be_disabled()
    users.get_by_label("Password", exact=True).fill(PASSWORD)
    users.get_by_role("button", name="Create user").click()
    expect(users.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    expect(users.get_by_role("textbox", name="User name")).to_have_value(colleague)


def test_a_list_that_fails_says_why(page: Page, server, administrator, watch):
    watch.expected.append("500")
    broken = {"code": "internal", "detail": "The database is away.", "request_id": "request-10"}
    page.route("**/api/admin/users", lambda route: route.fulfill(status=500, json=broken))
    page.goto(f"{server.address}/admin/users")
    expect(page.get_by_role("alert")).to_contain_text("request-10")
    assert_accessible(page)


def test_dialogs_and_menus_are_accessible_and_fit_a_phone(users: Page, colleague):
    users.set_viewport_size({"width": 360, "height": 800})
    users.get_by_role("button", name="New user").click()
    assert overflow(users) == 0
    assert_accessible(users)
    users.keyboard.press("Escape")
    users.get_by_role("button", name=f"Actions for {colleague}", exact=True).click()
    assert_accessible(users)
    users.get_by_role("menuitem", name="Reset password").click()
    assert_accessible(users)
    users.keyboard.press("Escape")
    _act(users, colleague, "Disable")
    assert_accessible(users)
