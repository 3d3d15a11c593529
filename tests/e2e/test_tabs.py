"""A second tab follows what happens elsewhere, and every page names its tab."""

from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.steps import expect_title, focus, open_menu, put, row
from tests.support.lookable import picture

CUT_OFF = "delete window.BroadcastChannel"
"""As another browser is, or another computer: the tabs do not hear each other."""


@pytest.fixture
def context(new_context) -> BrowserContext:
    """Of each test alone: scripts that were added to a context stay in it."""
    return new_context()


@pytest.fixture
def alone(context: BrowserContext) -> None:
    """Tabs learn of changes by looking, and not from each other."""
    context.add_init_script(CUT_OFF)


def second(page: Page, address: str) -> Page:
    tab = page.context.new_page()
    tab.goto(address)
    return tab


def test_a_tab_follows_what_another_one_of_the_browser_does(page: Page, signed_in):
    for path in ("lab/a.txt", "lab/b.txt"):
        put(page, path)
    page.goto(page.url + "/lab")
    tab = second(page, page.url)
    expect(row(tab, "lab/a.txt")).to_be_visible()
    row(page, "lab/a.txt").click()
    page.keyboard.press("Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row(tab, "lab/a.txt")).to_be_hidden()
    open_menu(page, "lab/b.txt")
    page.get_by_role("menuitem", name="Rename").click()
    # the extension is left alone when one types
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    page.keyboard.type("new")
    page.keyboard.press("Enter")
    expect(row(tab, "lab/new.txt")).to_be_visible()
    page.get_by_label("Files to upload").first.set_input_files(
        [{"name": "up.txt", "mimeType": "text/plain", "buffer": b"x"}]
    )
    expect(row(tab, "lab/up.txt")).to_be_visible()


def test_files_are_looked_at_again_with_each_focus(page: Page, signed_in, alone):
    put(page, "lab/a.txt")
    put(page, "lab/b.txt")
    page.goto(page.url + "/lab")
    expect(row(page, "lab/a.txt")).to_be_visible()
    put(page, "lab/later.txt")
    focus(page)
    expect(row(page, "lab/later.txt")).to_be_visible()
    files = page.request.get(page.url.replace("/files/lab", "/api/files"), params={"folder": "lab"}).json()["items"]
    doomed = next(file["id"] for file in files if file["name"] == "a.txt")
    assert page.request.delete(f"{page.url.split('/files')[0]}/api/files/{doomed}").ok
    focus(page)
    expect(row(page, "lab/a.txt")).to_be_hidden()


def test_a_folder_that_was_left_is_asked_for_again_after_a_focus(page: Page, signed_in, alone):
    put(page, "lab/a.txt")
    page.goto(page.url + "/lab")
    expect(row(page, "lab/a.txt")).to_be_visible()
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Files", exact=True).click()
    expect(row(page, "lab")).to_be_visible()
    put(page, "lab/later.txt")
    focus(page)
    row(page, "lab").get_by_role("link", name="lab", exact=True).click()
    expect(row(page, "lab/later.txt")).to_be_visible()


def test_other_lists_are_looked_at_again_too(page: Page, server, signed_in, administrator, alone, people: httpx.Client):
    """Shares, links and a page of administrators."""
    page.goto(f"{server.address}/links")
    expect(page.get_by_role("heading", level=1, name="My links")).to_be_visible()
    put(page, f"{signed_in}.txt")
    found = page.request.get(f"{server.address}/api/files", params={"path": f"{signed_in}.txt"}).json()["items"]
    page.request.post(f"{server.address}/api/files/{found[0]['id']}/links", data={})
    focus(page)
    expect(page.get_by_text(f"{signed_in}.txt").first).to_be_visible()
    page.goto(f"{server.address}/shared")
    expect(page.get_by_role("heading", level=1, name="Shared with me")).to_be_visible()
    with server.client("ada") as ada:
        assert ada.put(f"/api/files/by-path/for-{signed_in}/x.txt", content=b"x").status_code == 201
        wish = {"folder": f"for-{signed_in}", "username": "admin", "right": "read"}
        assert ada.post("/api/shares", json=wish).status_code == 201
    focus(page)
    expect(page.get_by_role("link", name=f"for-{signed_in}", exact=True)).to_be_visible()
    page.goto(f"{server.address}/admin/users")
    expect(page.get_by_role("table")).to_be_visible()
    made = people.post("/api/admin/users", json={"username": f"late-{signed_in}", "demo": True})
    focus(page)
    expect(page.get_by_text(f"late-{signed_in}").first).to_be_visible()
    people.patch(f"/api/admin/users/{made.json()['id']}", json={"disabled": True})


def test_a_row_that_is_gone_says_so_and_the_list_follows(page: Page, signed_in, alone, watch):
    watch.expected.append("404")
    for path in ("lab/a.txt", "lab/b.txt", "lab/sub/c.txt"):
        put(page, path)
    origin = page.url.split("/files")[0]
    page.goto(f"{origin}/files/lab")
    expect(row(page, "lab/a.txt")).to_be_visible()
    files = page.request.get(f"{origin}/api/files", params={"path": "lab/a.txt"}).json()["items"]
    assert page.request.delete(f"{origin}/api/files/{files[0]['id']}").ok
    row(page, "lab/a.txt").get_by_role("link", name="a.txt", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="This file no longer exists")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("button", name="Try again")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(row(page, "lab/a.txt")).to_be_hidden()
    expect(row(page, "lab/b.txt")).to_be_visible()
    assert page.request.delete(f"{origin}/api/folders", params={"path": "lab/sub"}).ok
    row(page, "lab/sub").get_by_role("link", name="sub", exact=True).click()
    expect(page.get_by_role("heading", name="Folder not found")).to_be_visible()
    page.go_back()
    expect(row(page, "lab/b.txt")).to_be_visible()
    expect(row(page, "lab/sub")).to_be_hidden()


def test_every_page_names_its_tab(page: Page, server, signed_in, watch):
    watch.expected.append("404")
    put(page, "lab/photo.png", picture())
    put(page, "lab/other.png", picture())
    expect_title(page, "Files")
    page.reload()
    row(page, "lab").get_by_role("link", name="lab", exact=True).click()
    expect_title(page, "lab")
    row(page, "lab/photo.png").get_by_role("link", name="photo.png", exact=True).click()
    expect_title(page, "photo.png")
    expect(page.get_by_role("dialog", name="photo.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect_title(page, "lab")
    page.go_back()
    expect_title(page, "photo.png")
    page.reload()
    expect_title(page, "photo.png")
    page.get_by_role("link", name="Open full page").click()
    expect_title(page, "photo.png")
    page.get_by_role("button", name="Previous image").click()
    expect_title(page, "other.png")
    page.get_by_label("Search files").fill("pho to")
    expect_title(page, "Search: pho to")
    page.get_by_role("link", name="My links").click()
    expect_title(page, "My links")
    page.get_by_role("link", name="Shared with me").click()
    expect_title(page, "Shared with me")
    for path, title in {
        "settings/password": "Password",
        "settings/tokens": "API tokens",
        "admin/env": "For administrators",
        "no/such/page": "Page not found",
        "file/nothing": "File not found",
        "shared/nothing": "Not shared",
        "s/nothing": "Link not available",
    }.items():
        page.goto(f"{server.address}/{path}")
        expect_title(page, title)


def test_pages_of_administrators_and_open_pages_name_their_tab(page: Page, server, administrator, browser: Browser):
    for path, title in {
        "admin": "Overview",
        "admin/storage": "Storage",
        "admin/env": "Environment",
        "admin/env/history": "Environment history",
        "admin/migrations": "Migrations",
        "admin/users": "Users",
        "admin/jobs": "Jobs",
        "admin/audit": "Audit",
    }.items():
        page.goto(f"{server.address}/{path}")
        expect_title(page, title)
    with server.client("ada") as ada:
        assert ada.put(f"/api/files/by-path/{quote('titles/täg.txt')}", content=b"x").status_code in {200, 201}
        (file,) = ada.get("/api/files", params={"path": "titles/täg.txt"}).json()["items"]
        plain = ada.post(f"/api/files/{file['id']}/links", json={}).json()["url"]
        locked = ada.post(f"/api/files/{file['id']}/links", json={"password": "correct horse battery"}).json()["url"]
    with browser.new_context() as context:
        visitor = context.new_page()
        for address, title in {
            plain: "täg.txt",
            locked: "Shared with you",
            f"{server.address}/login": "Sign in",
            f"{server.address}/files": "Sign in",
            f"{server.address}/setup": "Set up",
        }.items():
            visitor.goto(address)
            expect_title(visitor, title)
