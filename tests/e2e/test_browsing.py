"""Selecting, walking by keyboard, looking at many files, finding some."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, put, row, select


def _selected(page: Page) -> list[str]:
    boxes = page.get_by_role("checkbox", name=re.compile("^Select (?!all)"), checked=True).all()
    return [(box.get_attribute("aria-label") or "").removeprefix("Select ") for box in boxes]


def _five(page: Page) -> None:
    for name in "abcde":
        put(page, f"{name}.txt", name.encode())
    page.goto(page.url.split("?")[0] + "?sort=path")
    expect(row(page, "e.txt")).to_be_visible()


def test_clicks_select_one_some_and_ranges(page: Page, signed_in):
    _five(page)
    row(page, "b.txt").click()
    assert _selected(page) == ["b.txt"]
    row(page, "d.txt").click(modifiers=["Shift"])
    assert _selected(page) == ["b.txt", "c.txt", "d.txt"]
    row(page, "c.txt").click(modifiers=["ControlOrMeta"])
    assert _selected(page) == ["b.txt", "d.txt"]
    select(page, "a.txt")
    page.get_by_role("checkbox", name="Select e.txt").click(modifiers=["Shift"])
    assert _selected(page) == ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"]
    expect(page.get_by_role("toolbar", name="Selection")).to_contain_text("5 files · 5 B")
    page.get_by_role("button", name="Clear selection").click()
    assert _selected(page) == []
    expect(page.get_by_role("toolbar", name="View")).to_be_visible()


def test_the_keyboard_moves_selects_opens_and_closes(page: Page, signed_in):
    put(page, "dir/in.txt")
    _five(page)
    page.keyboard.press("ArrowDown")
    expect(row(page, "dir")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row(page, "a.txt")).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert _selected(page) == ["a.txt", "b.txt", "c.txt"]
    page.keyboard.press("Escape")
    assert _selected(page) == []
    page.keyboard.press("End")
    expect(row(page, "e.txt")).to_be_focused()
    page.keyboard.press(" ")
    drawer = page.get_by_role("dialog", name="e.txt")
    expect(drawer).to_be_visible()
    expect(page).to_have_url(re.compile("open="))
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("dialog", name="d.txt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(row(page, "e.txt")).to_be_focused()
    page.keyboard.press("Control+a")
    assert len(_selected(page)) == 6
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="dir")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(row(page, "e.txt")).to_be_visible()


def test_the_keyboard_renames_deletes_searches_and_explains(page: Page, signed_in):
    _five(page)
    row(page, "b.txt").click()
    page.keyboard.press("F2")
    expect(page.get_by_role("dialog", name="Rename file")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row(page, "b.txt")).to_be_focused()
    page.keyboard.press("Delete")
    dialog = page.get_by_role("dialog", name="Delete this file?")
    dialog.get_by_role("button", name="Delete").click()
    expect(row(page, "b.txt")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_label("Search files")).to_be_focused()
    page.keyboard.type("c.t")
    expect(row(page, "d.txt")).to_be_hidden()
    expect(row(page, "c.txt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row(page, "d.txt")).to_be_visible()


def test_a_right_click_opens_the_menu_of_the_row(page: Page, signed_in):
    _five(page)
    expect(page.get_by_text("Actions for nothing")).to_have_count(0)
    row(page, "c.txt").click(button="right")
    menu = page.get_by_role("menu", name="Actions for c.txt")
    expect(menu.get_by_role("menuitem")).to_have_text(
        [
            "Preview",
            "Open full page",
            "Download",
            "Share",
            "Rename",
            "Move",
            "Copy path",
            "Copy download URL",
            "Copy SHA-256",
            "Delete",
        ]
    )
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    select(page, "a.txt")
    select(page, "b.txt")
    row(page, "b.txt").click(button="right")
    menu = page.get_by_role("menu", name="Actions for 2 files")
    expect(menu.get_by_role("menuitem")).to_have_text(["Download 2 files", "Move", "Delete"])


def test_all_that_is_selected_is_downloaded_or_deleted(page: Page, signed_in):
    _five(page)
    select(page, "a.txt")
    select(page, "b.txt")
    names = []
    page.on("download", lambda download: names.append(download.suggested_filename))
    with page.expect_download(lambda _: len(names) == 2):
        page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Download").click()
    assert sorted(names) == ["a.txt", "b.txt"]
    page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete 2 files?").get_by_role("button", name="Delete").click()
    expect(row(page, "a.txt")).to_be_hidden()
    expect(row(page, "b.txt")).to_be_hidden()
    expect(row(page, "c.txt")).to_be_visible()


def test_the_grid_is_remembered_and_walked_by_keyboard(page: Page, server, signed_in):
    _five(page)
    page.get_by_role("button", name="Grid", exact=True).click()
    expect(page).to_have_url(re.compile("view=grid"))
    cards = page.get_by_role("gridcell")
    expect(cards).to_have_count(5)
    page.goto(f"{server.address}/files")
    expect(page.get_by_role("button", name="Grid", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(cards).to_have_count(5)
    page.keyboard.press("ArrowRight")
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sort: Newest first").click()
    page.get_by_role("menuitem", name="Name, Z to A").click()
    expect(cards.first).to_contain_text("e.txt")
    page.get_by_role("button", name="List", exact=True).click()
    expect(row(page, "a.txt")).to_be_visible()


def test_kinds_are_filtered_and_the_back_button_undoes_it(page: Page, signed_in):
    put(page, "table.csv", b"a,b\n1,2\n")
    put(page, "note.txt", b"text")
    page.reload()
    expect(row(page, "note.txt")).to_be_visible()
    page.get_by_role("button", name="Type").click()
    page.get_by_role("menuitem", name="Dataset").click()
    expect(row(page, "table.csv")).to_be_visible()
    expect(row(page, "note.txt")).to_be_hidden()
    expect(page).to_have_url(re.compile("kind=dataset"))
    page.get_by_role("button", name="Dataset").click()
    page.get_by_role("menuitem", name="Video").click()
    expect(page.get_by_role("heading", name="No video files in this folder")).to_be_visible()
    page.go_back()
    expect(row(page, "table.csv")).to_be_visible()
    page.go_back()
    expect(row(page, "note.txt")).to_be_visible()


_SLASH = """() => {
    const key = { key: "/", code: "Slash", bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", key));
    return document.activeElement.ariaLabel;
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_search_has_the_focus_before_the_next_letter(page: Page, signed_in, width):
    """A selection that comes a frame later would let a letter replace those before it."""
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate(_SLASH) == "Search files"
    page.keyboard.type("ab")
    expect(page.get_by_label("Search files")).to_have_value("ab")


def test_ten_thousand_files_in_one_folder_stay_smooth(page: Page, server, ten_thousand_files, newcomer):
    page.goto(server.address)
    page.get_by_role("button", name=newcomer).click()
    expect(row(page, ten_thousand_files)).to_contain_text("10,000 files")
    page.goto(f"{server.address}/files/{ten_thousand_files}?sort=path")
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "201")
    for _ in range(70):
        page.keyboard.press("End")
        page.wait_for_timeout(60)
        if page.get_by_role("grid").get_attribute("aria-rowcount") == "10001":
            break
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "10001")
    page.keyboard.press("End")
    last = page.get_by_role("row").last
    expect(last).to_have_attribute("aria-rowindex", "10001")
    expect(last).to_be_in_viewport()
    # however many there are, only those near the window are drawn
    assert page.get_by_role("row").count() < 80
    page.keyboard.press("Control+a")
    expect(page.get_by_role("toolbar", name="Selection")).to_contain_text("10000 files")
