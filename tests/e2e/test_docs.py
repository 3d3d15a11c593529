"""The documentation site in a real browser."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.steps import settle
from tools import docs

schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("site")
    built = docs.build(folder)
    assert built.returncode == 0, built.stdout + built.stderr
    handler = partial(_Quiet, directory=str(folder / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", folder / "site"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("decisions", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_page_fits_a_phone_and_asks_no_other_host(page: Page, site, watch, decisions):
    address, folder = site
    watch.origin = urlsplit(address).netloc
    page.set_viewport_size({"width": 360, "height": 740})
    found = sorted(path.parent.relative_to(folder).as_posix() for path in folder.rglob("index.html"))
    pages = [name for name in found if ("decisions/" in name) is decisions]
    assert len(pages) > 20
    for name in pages:
        page.goto(f"{address}/{name}/")
        expect(page.locator("h1").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name


def test_search_finds_a_setting(page: Page, site, watch):
    address, _ = site
    watch.origin = urlsplit(address).netloc
    page.goto(address)
    page.get_by_role("button", name="Search").first.click()
    page.keyboard.type("TRUSTED_PROXIES")
    expect(
        page.get_by_role("link", name="Production").or_(page.get_by_role("link", name="Settings")).last
    ).to_be_visible()


@schemes
@pytest.mark.parametrize("name", ["", "errors/", "storage/aws/"])
def test_pages_are_accessible(page: Page, site, watch, name, scheme):
    address, _ = site
    watch.origin = urlsplit(address).netloc
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/{name}")
    settle(page)
    # the theme puts each copy button into a nav of its own, all without a name
    found = Axe().run(page, options={"rules": {"landmark-unique": {"enabled": False}}})
    assert found.violations_count == 0, found.generate_report()
