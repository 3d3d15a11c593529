"""The list of a folder that somebody else gave: by a link, to who is not signed in, and by a share."""

import io
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.steps import assert_accessible, expect_title, overflow, put, settle

PICTURES = [f"photo-{number:02}.jpg" for number in range(1, 13)]
schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
ways = pytest.mark.parametrize("way", ["link", "share"])

_TWELVE_DRAWN = """() => [...document.querySelectorAll("[role=gridcell] img")]
    .filter((image) => image.complete && image.naturalWidth > 0).length === 12"""


@pytest.fixture
def guest(browser: Browser, server) -> Iterator[Page]:
    """A browser that neither complains nor asks another host."""
    with browser.new_context() as context:
        page = context.new_page()
        seen = Watch(urlsplit(server.address).netloc, expected=["status of 401"])
        page.on("console", seen.console)
        page.on("pageerror", lambda error: seen.complaints.append(f"exception: {error}"))
        page.on("request", lambda request: seen.request(request.url))
        yield page
        assert seen.complaints == []


@pytest.fixture
def holiday(page: Page, server, signed_in) -> str:
    """A folder of twelve pictures, the last of them the largest, with a folder and two texts."""
    for number, name in enumerate(PICTURES, 1):
        picture = Image.effect_noise((40 * number, 30 * number), 60).convert("RGB")
        picture.save(packed := io.BytesIO(), "JPEG")
        put(page, f"holiday/{name}", packed.getvalue())
    put(page, "holiday/2024/old.txt", b"long ago")
    put(page, "holiday/notes.csv", b"epoch,loss\n1,0.52\n")
    put(page, "holiday/README.md", b"# All of it\n")
    return "holiday"


def given(guest: Page, page: Page, server, folder: str, way: str, **options) -> str:
    """Gives the folder, and returns the address under which the guest sees it."""
    if way == "link":
        answer = page.request.post(f"{server.address}/api/links", data={"folder": folder, **options})
        assert answer.status == 201, answer.text()
        return answer.json()["url"]
    assert guest.context.request.post(f"{server.address}/api/auth/demo-login", data={"username": "grace"}).ok
    wish = {"folder": folder, "username": "grace", "right": "read"}
    share = page.request.post(f"{server.address}/api/shares", data=wish)
    assert share.status == 201, share.text()
    return f"{server.address}/shared/{share.json()['id']}"


def names(guest: Page) -> list[str]:
    rows = guest.get_by_role("grid", name="Files").locator("[data-key]")
    return [key.partition(":")[2] for key in rows.evaluate_all("rows => rows.map((row) => row.dataset.key)")]


def first_row(guest: Page):
    return guest.get_by_role("grid", name="Files").locator("[data-key]").first


def opened(guest: Page, name: str):
    dialog = guest.get_by_role("dialog", name=name, exact=True)
    expect(dialog).to_be_visible()
    return dialog


@ways
def test_twelve_pictures_show_twelve_thumbnails_with_types_and_times(page: Page, server, guest, holiday, way):
    guest.goto(given(guest, page, server, holiday, way))
    guest.wait_for_function(_TWELVE_DRAWN)
    table = guest.get_by_role("grid", name="Files")
    for header in ("Name", "Type", "Size", "Modified"):
        expect(table.get_by_role("columnheader", name=header)).to_be_visible()
    line = table.get_by_role("row").filter(has=guest.get_by_role("link", name="photo-12.jpg", exact=True))
    expect(line).to_contain_text("Image")
    expect(line.locator("time")).to_have_count(1)
    expect(line.get_by_role("link", name="Download photo-12.jpg")).to_be_visible()
    expect(guest.get_by_role("heading", name="All of it")).to_be_visible()


@ways
def test_the_tab_is_called_after_the_folder_or_the_file(page: Page, server, guest, holiday, way):
    guest.goto(given(guest, page, server, holiday, way))
    expect_title(guest, "holiday")
    guest.get_by_role("link", name="photo-12.jpg", exact=True).click()
    opened(guest, "photo-12.jpg")
    expect_title(guest, "photo-12.jpg")
    guest.reload()
    expect_title(guest, "photo-12.jpg")
    opened(guest, "photo-12.jpg").get_by_role("button", name="Previous file").click()
    expect_title(guest, "photo-11.jpg")
    guest.keyboard.press("Escape")
    expect_title(guest, "holiday")
    guest.get_by_role("link", name="2024", exact=True).click()
    expect_title(guest, "2024")
    guest.get_by_role("link", name="old.txt", exact=True).click()
    expect_title(guest, "old.txt")


@ways
def test_the_address_keeps_folder_order_view_and_file(page: Page, server, guest, holiday, way):
    guest.goto(given(guest, page, server, holiday, way))
    guest.get_by_role("columnheader", name="Size").get_by_role("button").click()
    expect(guest).to_have_url(re.compile(r"sort=-size"))
    by_size = guest.get_by_role("grid", name="Files").locator("[data-key^=file]").first
    expect(by_size.get_by_role("link", name="photo-12.jpg", exact=True)).to_be_visible()
    guest.get_by_role("button", name="Grid", exact=True).click()
    expect(guest).to_have_url(re.compile(r"view=grid"))
    expect(guest.get_by_role("columnheader")).to_have_count(0)
    guest.wait_for_function(_TWELVE_DRAWN)
    guest.get_by_role("gridcell").filter(has_text="photo-12.jpg").locator("img").click()
    opened(guest, "photo-12.jpg")
    guest.reload()
    opened(guest, "photo-12.jpg").get_by_role("button", name="Next file").click()
    opened(guest, "photo-11.jpg")
    guest.keyboard.press("Escape")
    expect(guest.get_by_role("dialog")).to_have_count(0)
    expect(guest.get_by_role("button", name="Grid", exact=True)).to_have_attribute("aria-pressed", "true")
    guest.get_by_role("link", name="2024", exact=True).click()
    expect(guest.get_by_role("link", name="old.txt", exact=True)).to_be_visible()
    guest.reload()
    expect(guest.get_by_role("link", name="old.txt", exact=True)).to_be_visible()
    guest.go_back()
    expect(guest.get_by_role("link", name="photo-12.jpg", exact=True)).to_be_visible()
    expect(guest).to_have_url(re.compile(r"sort=-size"))


@ways
def test_names_backwards_turn_the_folders_too(page: Page, server, guest, holiday, way):
    put(page, "holiday/2025/new.txt")
    guest.goto(given(guest, page, server, holiday, way))
    expect(first_row(guest)).to_contain_text("2024")
    guest.get_by_role("columnheader", name="Name").get_by_role("button").click()
    expect(first_row(guest)).to_contain_text("2025")
    assert names(guest)[:2] == ["2025", "2024"]


def test_a_visitor_looks_at_pictures_and_texts_without_a_download(page: Page, server, guest, holiday):
    link = given(guest, page, server, holiday, "link")
    guest.goto(link)
    guest.get_by_role("link", name="photo-03.jpg", exact=True).click()
    drawer = opened(guest, "photo-03.jpg")
    drawer.get_by_role("button", name="Zoom photo-03.jpg").click()
    expect(guest.get_by_role("dialog")).to_have_count(2)
    guest.keyboard.press("Escape")
    opened(guest, "photo-03.jpg")
    address = f"{urlsplit(link).scheme}://{urlsplit(link).netloc}/d/{link.rpartition('/')[2]}/photo-03.jpg"
    expect(drawer.get_by_text(address, exact=True)).to_be_visible()
    expect(drawer.get_by_text("SHA-256")).to_have_count(0)
    guest.keyboard.press("Escape")
    guest.get_by_role("link", name="notes.csv", exact=True).click()
    expect(opened(guest, "notes.csv").get_by_role("region", name="Rows of notes.csv")).to_contain_text("0.52")
    [made] = page.request.get(f"{server.address}/api/links").json()["items"]
    assert made["downloads"] == 0


def test_a_link_with_a_password_shows_the_same(page: Page, server, guest, holiday):
    guest.goto(given(guest, page, server, holiday, "link", password="open sesame"))
    guest.get_by_label("Password", exact=True).fill("open sesame")
    guest.get_by_role("button", name="Open").click()
    guest.wait_for_function(_TWELVE_DRAWN)
    guest.get_by_role("link", name="photo-01.jpg", exact=True).click()
    opened(guest, "photo-01.jpg")


def test_a_link_with_a_download_limit_shows_nothing_of_the_files(page: Page, server, guest, holiday):
    guest.goto(given(guest, page, server, holiday, "link", max_downloads=5))
    expect(guest.get_by_role("link", name="photo-12.jpg", exact=True)).to_be_visible()
    settle(guest)
    expect(guest.get_by_role("grid", name="Files").locator("img")).to_have_count(0)
    expect(guest.get_by_role("heading", name="All of it")).to_have_count(0)
    with guest.expect_download() as started:
        guest.get_by_role("link", name="notes.csv", exact=True).click()
    assert started.value.path().read_bytes() == b"epoch,loss\n1,0.52\n"
    expect(guest.get_by_role("dialog")).to_have_count(0)
    expect(guest.get_by_text("4 downloads left")).to_be_visible()


def test_a_file_that_is_gone_is_said_in_the_drawer(page: Page, server, guest, holiday):
    guest.goto(f"{given(guest, page, server, holiday, 'link')}?open=nothing.jpg")
    expect(guest.get_by_role("dialog").get_by_text("This file no longer exists")).to_be_visible()
    guest.keyboard.press("Escape")
    expect(guest.get_by_role("dialog")).to_have_count(0)


def test_a_shared_file_has_its_thumbnail_and_type_in_the_list(page: Page, server, guest, holiday):
    guest.goto(given(guest, page, server, holiday, "share"))
    found = page.request.get(f"{server.address}/api/files?q=photo-05").json()["items"]
    wish = {"file_id": found[0]["id"], "username": "grace", "right": "read"}
    assert page.request.post(f"{server.address}/api/shares", data=wish).status == 201
    guest.goto(f"{server.address}/shared")
    line = guest.get_by_role("row").filter(has_text="photo-05.jpg")
    expect(line).to_contain_text("Image")
    expect(line.locator("img")).to_be_visible()
    expect(guest.get_by_role("row").filter(has_text="holiday")).to_contain_text("Folder")


def test_only_administrators_see_the_location_of_a_file(page: Page, server, guest, holiday):
    guest.goto(given(guest, page, server, holiday, "share"))
    guest.get_by_role("link", name="notes.csv", exact=True).click()
    details = opened(guest, "notes.csv")
    expect(details.get_by_text("SHA-256", exact=True)).to_be_visible()
    [file] = page.request.get(f"{server.address}/api/files?q=notes.csv").json()["items"]
    expect(details.get_by_text(file["location"])).to_have_count(0)


@schemes
@pytest.mark.parametrize("width", [1280, 390])
@ways
def test_both_lists_are_accessible_and_fit(page: Page, server, guest, holiday, way, scheme, width):
    guest.emulate_media(color_scheme=scheme)
    guest.set_viewport_size({"width": width, "height": 900})
    put(page, f"holiday/{'long' * 40}.csv")
    address = given(guest, page, server, holiday, way)
    for view in ("list", "grid"):
        guest.goto(f"{address}?view={view}")
        guest.get_by_role("link", name="photo-02.jpg", exact=True).wait_for()
        assert_accessible(guest)
        assert overflow(guest) == 0
    guest.get_by_role("link", name="photo-02.jpg", exact=True).click()
    opened(guest, "photo-02.jpg")
    assert_accessible(guest)
    assert overflow(guest) == 0
