"""The description of the API: a page of our own host, in both colour schemes."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_api_is_described_and_can_be_tried(page: Page, signed_in, server, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{server.address}/api/docs")
    expect(page.get_by_role("heading", name=re.compile("^aishare"))).to_be_visible()
    page.locator("#operations-auth-get_me .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.get_by_text(f'"username": "{signed_in}"').first).to_be_visible()
    dark = "rgb(28, 32, 34)"
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (background == dark) is (scheme == "dark"), background
