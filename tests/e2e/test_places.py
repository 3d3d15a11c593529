"""The address of a page: whatever is changed on it, one stays in the folder, and the browser's buttons lead back."""

from urllib.parse import quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import put, row
from tests.support.lookable import picture

WEIRD = "weird näme & (1) #%"
folders = pytest.mark.parametrize("folder", ["lab", "lab/folder", WEIRD, f"lab/{WEIRD}", "100%25"])


def place(page: Page) -> tuple[str, str]:
    parts = urlsplit(page.url)
    return parts.path, parts.query


def path_of(folder: str) -> str:
    """As the browser writes it: it keeps some letters that `quote` does not."""
    return "/files/" + quote(folder, safe="/()!*'~")


_HAS_QUERY = """wanted =>
    String(location.search.slice(1).split("&").filter(Boolean).sort()) === String(wanted)"""


class Walk:
    """The page of a folder, whose address is asked for after each step."""

    def __init__(self, page: Page, folder: str) -> None:
        self.page = page
        self.origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
        self.folder = folder
        self.path = path_of(folder)
        page.goto(self.origin + self.path)
        expect(row(page, f"{folder}/a.png")).to_be_visible()
        self.path = place(page)[0]
        assert self.shown() == folder

    def shown(self) -> str:
        """The folder that the address means."""
        return httpx.URL(self.page.url).path.removeprefix("/files").removeprefix("/")

    def expect(self, query: str = "") -> None:
        """The whole address; the query in any order."""
        self.page.wait_for_function(_HAS_QUERY, arg=sorted(query.split("&")) if query else [])
        assert place(self.page)[0] == self.path
        assert self.shown() == self.folder


def _filled(page: Page, folder: str) -> None:
    for name in ("a.png", "b.png"):
        put(page, f"{folder}/{name}", picture())
    put(page, f"{folder}/c.txt", b"text")
    put(page, "top.txt")


def _id(page: Page, path: str) -> str:
    found = page.request.get(f"{page.url.split('/files')[0]}/api/files", params={"path": path})
    return found.json()["items"][0]["id"]


@folders
def test_previews_open_and_close_in_their_folder(page: Page, signed_in, folder):
    _filled(page, folder)
    walk = Walk(page, folder)
    a, b = _id(page, f"{folder}/a.png"), _id(page, f"{folder}/b.png")
    page.get_by_role("columnheader", name="Name").get_by_role("button").click()
    walk.expect("sort=path")
    row(page, f"{folder}/a.png").get_by_role("link", name="a.png", exact=True).click()
    expect(page.get_by_role("dialog", name="a.png")).to_be_visible()
    walk.expect(f"sort=path&open={a}")
    page.get_by_role("button", name="Next file").click()
    expect(page.get_by_role("dialog", name="b.png")).to_be_visible()
    walk.expect(f"sort=path&open={b}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    walk.expect("sort=path")
    page.go_back()
    walk.expect(f"sort=path&open={b}")
    expect(page.get_by_role("dialog", name="b.png")).to_be_visible()
    page.go_back()
    walk.expect("sort=path")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.go_forward()
    walk.expect(f"sort=path&open={b}")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    walk.expect("sort=path")
    row(page, f"{folder}/c.txt").get_by_role("link", name="c.txt", exact=True).click()
    page.get_by_role("link", name="Open full page").click()
    expect(page.get_by_role("heading", level=1, name="c.txt")).to_be_visible()
    page.go_back()
    walk.expect(f"sort=path&open={_id_of(page)}")
    expect(page.get_by_role("dialog", name="c.txt")).to_be_visible()


def _id_of(page: Page) -> str:
    return httpx.URL(page.url).params["open"]


@folders
def test_sort_type_view_and_search_stay_in_their_folder(page: Page, signed_in, folder):
    _filled(page, folder)
    walk = Walk(page, folder)
    page.get_by_role("columnheader", name="Size").get_by_role("button").click()
    walk.expect("sort=-size")
    page.get_by_role("button", name="Grid", exact=True).click()
    walk.expect("sort=-size&view=grid")
    expect(page.get_by_role("heading", level=1, name=folder.rpartition("/")[2], exact=True)).to_be_visible()
    page.get_by_role("button", name="List", exact=True).click()
    walk.expect("sort=-size&view=list")
    page.get_by_role("button", name="Type", exact=True).click()
    page.get_by_role("menuitem", name="Image").click()
    walk.expect("sort=-size&view=list&kind=image")
    page.get_by_role("button", name="Show all types").click()
    walk.expect("sort=-size&view=list")
    page.go_back()
    walk.expect("sort=-size&view=list&kind=image")
    page.get_by_label("Search files").fill("png")
    expect(row(page, f"{folder}/b.png")).to_be_visible()
    page.wait_for_function("() => location.search.includes('q=png')")
    assert place(page)[0] == walk.path
    page.get_by_role("button", name="Clear search").click()
    walk.expect("sort=-size&view=list&kind=image")


def test_a_search_says_where_it_looked_and_leads_back_to_the_folder(page: Page, signed_in):
    _filled(page, "lab")
    walk = Walk(page, "lab")
    page.get_by_label("Search files").fill("top")
    expect(row(page, "top.txt")).to_be_visible()
    walk.expect("q=top")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search results")
    expect(page.get_by_text("Results for “top” in all folders", exact=True)).to_be_visible()
    crumbs = page.get_by_role("navigation", name="Breadcrumbs")
    expect(crumbs.get_by_role("listitem")).to_have_text(["Files", "lab", "Search results"])
    crumbs.get_by_role("link", name="lab").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("lab")
    walk.expect()


def test_a_type_is_one_of_the_files_of_the_folder(page: Page, signed_in):
    """Its folders stay, and so do its name and its place."""
    _filled(page, WEIRD)
    put(page, f"{WEIRD}/sub/below.png", picture())
    put(page, "elsewhere/z.png", picture())
    walk = Walk(page, WEIRD)
    _choose_type(page, "Image")
    expect(row(page, f"{WEIRD}/c.txt")).to_be_hidden()
    for path in ("sub", "a.png", "b.png"):
        expect(row(page, f"{WEIRD}/{path}")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)
    walk.expect("kind=image")
    expect(page.get_by_role("heading", level=1)).to_have_text(WEIRD)
    crumbs = page.get_by_role("navigation", name="Breadcrumbs")
    expect(crumbs.get_by_role("listitem")).to_have_text(["Files", WEIRD])
    expect(page.get_by_text("In all folders")).to_be_hidden()
    page.get_by_label("Search files").fill("png")
    expect(row(page, "elsewhere/z.png")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search results")


def test_a_folder_without_files_of_the_type_says_so(page: Page, signed_in):
    _filled(page, "lab")
    put(page, "lab/sub/d.mp4")
    walk = Walk(page, "lab")
    _choose_type(page, "Video")
    expect(page.get_by_role("heading", name="No video files in this folder")).to_be_visible()
    expect(row(page, "lab/sub")).to_be_visible()
    page.get_by_role("button", name="Show all files").click()
    expect(row(page, "lab/c.txt")).to_be_visible()
    walk.expect()


def _choose_type(page: Page, label: str) -> None:
    page.get_by_role("button", name="Type", exact=True).click()
    page.get_by_role("menuitem", name=label).click()


def test_a_closed_menu_leaves_nothing_to_read(page: Page, signed_in):
    put(page, "a.txt")
    page.reload()
    row(page, "a.txt").click(button="right")
    expect(page.get_by_role("menu", name="Actions for a.txt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    assert "Actions for nothing" not in (page.text_content("body") or "")
    assert "Actions for a.txt" not in (page.text_content("body") or "")


def test_what_is_shared_keeps_its_path(page: Page, server, signed_in):
    with server.client("ada") as ada:
        base = f"shared {signed_in}/{WEIRD}"
        for path in (f"{base}/deep/x.txt", f"{base}/y.txt"):
            assert ada.put(f"/api/files/by-path/{quote(path)}", content=b"x").status_code == 201
        share = ada.post("/api/shares", json={"folder": base, "username": signed_in, "right": "read"})
        assert share.status_code == 201, share.text
        link = ada.post("/api/links", json={"folder": base}).json()
    walk_in(page, f"{server.address}/shared/{share.json()['id']}")
    walk_in(page, link["url"])


def walk_in(page: Page, address: str) -> None:
    """Into a folder of something shared, and back by the buttons of the browser."""
    path = urlsplit(address).path
    page.goto(address)
    page.get_by_role("button", name="deep").or_(page.get_by_role("link", name="deep", exact=True)).first.click()
    expect(page.get_by_text("x.txt").first).to_be_visible()
    page.wait_for_function("() => location.search !== ''")
    assert (urlsplit(page.url).path, httpx.URL(page.url).params["folder"]) == (path, "deep")
    page.go_back()
    expect(page.get_by_text("y.txt").first).to_be_visible()
    assert place(page) == (path, "")
    page.go_forward()
    expect(page.get_by_text("x.txt").first).to_be_visible()
    assert urlsplit(page.url).path == path


def test_pages_of_administrators_keep_their_path(page: Page, server, administrator):
    page.goto(f"{server.address}/admin/audit")
    page.get_by_label("User", exact=True).fill("ada")
    page.wait_for_function("() => location.search === '?actor=ada'")
    assert place(page) == ("/admin/audit", "actor=ada")
    page.goto(f"{server.address}/admin/env")
    page.get_by_label("Filter variables").fill("PORT")
    page.wait_for_function("() => location.search === '?q=PORT'")
    assert place(page) == ("/admin/env", "q=PORT")
    page.goto(f"{server.address}/links")
    page.get_by_label("State").select_option("live")
    page.wait_for_function("() => location.search === '?state=live'")
    assert place(page) == ("/links", "state=live")
