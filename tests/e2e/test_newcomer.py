"""The way of somebody who has just typed the one command, from the first page to the administrator's."""

import hashlib
import os
import time
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.steps import drag, row
from tests.support.server import serving

CONTENT = os.urandom(300_000)


def test_from_the_first_page_to_the_reload(page: Page, server, tmp_path, watch, record_property):
    """A new service, as `make run` starts it. How long each part took is printed, and judged by nobody."""
    began = time.perf_counter()
    with serving(tmp_path) as own:
        watch.origin = urlsplit(own.address).netloc
        marks = {"the service answers": time.perf_counter() - began}

        def done(what: str) -> None:
            marks[what] = time.perf_counter() - began

        page.goto(own.address)
        page.get_by_role("button", name="Ada").click()
        expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
        done("signed in")

        drag(page, {"first-model.safetensors": CONTENT})
        expect(row(page, "first-model.safetensors")).to_be_visible()
        done("uploaded")

        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("first-model")
        expect(page.get_by_role("searchbox")).to_have_value("first-model")
        expect(row(page, "first-model.safetensors")).to_be_visible()
        expect(page.get_by_role("row")).to_have_count(2)
        done("found")

        with page.expect_download() as download:
            row(page, "first-model.safetensors").get_by_role("link", name="Download").click()
        got = hashlib.sha256(download.value.path().read_bytes()).hexdigest()
        assert got == hashlib.sha256(CONTENT).hexdigest()
        done("downloaded")

        page.get_by_role("button", name="Account of Ada").click()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Admin").click()
        page.get_by_role("link", name="Storage", exact=True).first.click()
        location = page.get_by_role("table", name="Locations").get_by_role("row").nth(1)
        expect(location).to_contain_text("Local disk")
        expect(location).to_contain_text("Active")
        done("saw where the file lies")

        page.get_by_role("button", name="Test connection").click()
        expect(page.get_by_role("region", name="Connection").get_by_role("status")).to_have_text("Everything works")
        done("tested the connection")

        (tmp_path / ".env").write_text("MAX_UPLOAD_SIZE_MB=512\n")
        page.get_by_role("link", name="Environment", exact=True).first.click()
        page.get_by_role("button", name="Reload").click()
        expect(page.get_by_text("MAX_UPLOAD_SIZE_MB", exact=True).first).to_be_visible()
        expect(page.get_by_text("512", exact=True).first).to_be_visible()
        done("reloaded the environment")
    for what, seconds in marks.items():
        print(f"{seconds:6.1f} s  {what}")
        record_property(what, f"{seconds:.1f} s")
