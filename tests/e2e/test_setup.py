"""The first run: the link on the console makes the first administrator."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, overflow
from tests.support.server import Server, serving, wait_until

_LINK = re.compile(r"http://\S+/setup#\S+")


@pytest.fixture(scope="module")
def fresh(server, tmp_path_factory):
    """A service that has no user yet."""
    with serving(tmp_path_factory.mktemp("fresh"), demo=False) as running:
        yield running


@pytest.fixture
def link(fresh: Server, watch) -> str:
    watch.origin = urlsplit(fresh.address).netloc
    # without demo mode the sign-in page learns from a 404 that there are no demo users
    watch.expected += ["/api/auth/setup", "/api/auth/demo-users"]
    wait_until(lambda: _LINK.search("".join(fresh.console)))
    found = _LINK.search("".join(fresh.console))
    assert found is not None
    return found.group()


def test_the_sign_in_page_says_where_the_link_is(page: Page, fresh: Server, link):
    page.goto(f"{fresh.address}/login")
    expect(page.get_by_text("No users yet", exact=True)).to_be_visible()
    assert_accessible(page)


def test_wrong_links_are_told_apart(page: Page, fresh: Server, link):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{fresh.address}/setup")
    expect(page.get_by_role("heading", name="This link is incomplete")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{fresh.address}/setup#not-the-token")
    _fill(page, "correct horse", "correct horse")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("User name")).to_have_value("admin")
    assert overflow(page) == 0
    assert_accessible(page)


def test_the_link_makes_the_administrator_once(page: Page, fresh: Server, link):
    page.goto(link)
    _fill(page, "short", "short")
    expect(page.get_by_text("At least 8 characters.", exact=True)).to_have_count(2)
    _fill(page, "correct horse", "correct house")
    expect(page.get_by_text("The passwords do not match.", exact=True)).to_be_visible()
    page.get_by_label("Display name").fill("Grace Hopper")
    _fill(page, "correct horse", "correct horse")
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Overview")).to_be_visible()
    expect(page.get_by_role("button", name="Account of Grace Hopper")).to_be_visible()
    page.context.clear_cookies()
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("heading", name="This link has already been used")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill("correct horse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()


def _fill(page: Page, password: str, again: str) -> None:
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Confirm password", exact=True).fill(again)
    page.get_by_role("button", name="Create administrator").click()
