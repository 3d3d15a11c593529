"""A file by itself: the drawer beside the list, and the page."""

import re
from base64 import b64decode
from hashlib import sha256

from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, expect_title, open_folder, put, row

PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def _page_of(page: Page, path: str) -> None:
    """From the top of the files to the page of a file there."""
    page.reload()
    row(page, path).dblclick(position={"x": 500, "y": 20})
    page.get_by_role("heading", level=1, name=path).wait_for()


def test_the_drawer_opens_steps_and_is_left_by_the_back_button(page: Page, signed_in):
    put(page, "one.txt", b"first text")
    put(page, "two.txt", b"second text")
    page.goto(page.url + "?sort=path")
    page.get_by_role("link", name="one.txt", exact=True).click()
    drawer = page.get_by_role("dialog", name="one.txt")
    expect(drawer.get_by_label("Text of one.txt")).to_have_text("first text")
    page.get_by_role("button", name="Next file").click()
    expect(page.get_by_role("dialog", name="two.txt").get_by_label("Text of two.txt")).to_have_text("second text")
    page.reload()
    expect(page.get_by_role("dialog", name="two.txt")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(row(page, "one.txt")).to_be_visible()


def test_the_page_shows_what_is_known_and_copies_it(page: Page, server, signed_in, watch):
    put(page, "notes.md", b"# Title\n" * 200)
    watch.origin = watch.origin.replace("127.0.0.1", "box.lan")
    page.goto(server.address.replace("127.0.0.1", "box.lan"))
    page.get_by_role("button", name=signed_in).click()
    page.get_by_role("heading", name="Files", exact=True).wait_for()
    _page_of(page, "notes.md")
    details = page.get_by_role("region", name="Details")
    digest = sha256(b"# Title\n" * 200).hexdigest()
    expect(details).to_contain_text("1.60 kB (1,600 bytes)")
    expect(details).to_contain_text("text/markdown")
    expect(details).to_contain_text(digest)
    expect(details).to_contain_text(signed_in)
    assert page.evaluate("navigator.clipboard") is None
    address = re.compile(r"^http://box\.lan:\d+/api/files/\w+/content\?download=1$")
    for name, wanted in [("SHA-256", digest), ("path", "notes.md"), ("download URL", address)]:
        details.get_by_role("button", name=f"Copy {name}").click()
        expect(details.get_by_role("button", name="Copied")).to_be_visible()
        page.get_by_label("Search files").fill("")
        page.get_by_label("Search files").focus()
        page.keyboard.press("Control+V")
        expect(page.get_by_label("Search files")).to_have_value(wanted)
        page.get_by_label("Search files").fill("")
        expect(details.get_by_role("button", name="Copied")).to_be_hidden()


def test_pictures_tables_json_and_others_are_previewed(page: Page, signed_in):
    put(page, "a.png", PIXEL)
    put(page, "b.csv", b'name,size\n"x, y",3\n')
    put(page, "c.json", b'{"layers":[1,2]}')
    put(page, "d.safetensors", b"\x00" * 64)
    put(page, "e.txt", b"")
    page.goto(page.url + "?sort=path")
    page.get_by_role("link", name="a.png", exact=True).click()
    picture = page.get_by_role("img", name="a.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 1
    assert_accessible(page)
    page.get_by_role("button", name="Next file").click()
    expect(page.get_by_role("region", name="Rows of b.csv").get_by_role("cell")).to_have_text(["1", "x, y", "3"])
    assert_accessible(page)
    page.get_by_role("button", name="Next file").click()
    expect(page.get_by_label("Text of c.json")).to_have_text(re.compile(r'"layers": \['))
    page.get_by_role("button", name="Next file").click()
    expect(page.get_by_role("dialog").get_by_text(re.compile(r"^The header is"))).to_be_visible()
    page.get_by_role("button", name="Next file").click()
    expect(page.get_by_text("This file is empty.", exact=True)).to_be_visible()


def test_only_the_beginning_of_a_large_text_is_fetched(page: Page, signed_in):
    put(page, "long.txt", b"0123456789" * 100_000)
    page.reload()
    with page.expect_response(re.compile(r"/preview\?")) as answered:
        page.get_by_role("link", name="long.txt", exact=True).click()
    assert 262_144 <= len(answered.value.body()) < 270_000
    note = "Only the beginning of this 1.00 MB file is shown; download it to see the rest."
    expect(page.get_by_text(note, exact=True)).to_be_visible()


def test_code_has_line_numbers_that_are_not_copied(page: Page, signed_in):
    put(page, "net.py", b"import torch\n\nx = 1\n")
    put(page, "notes.txt", b"one\ntwo\n")
    _page_of(page, "net.py")
    code = page.get_by_role("region", name="Text of net.py")
    expect(code.locator("[data-numbers]")).to_have_attribute("data-numbers", "1\n2\n3")
    code.focus()
    selected = code.evaluate("pre => { getSelection().selectAllChildren(pre); return getSelection().toString() }")
    assert selected.strip() == "import torch\n\nx = 1"
    assert_accessible(page)
    page.go_back()
    _page_of(page, "notes.txt")
    expect(page.get_by_role("region", name="Text of notes.txt")).to_contain_text("two")
    expect(page.locator("[data-numbers]")).to_have_count(0)


def test_the_preview_takes_the_width_of_the_page(page: Page, signed_in):
    put(page, "wide.py", b"x = 1\n")
    page.set_viewport_size({"width": 1280, "height": 800})
    _page_of(page, "wide.py")
    code = page.get_by_role("region", name="Text of wide.py")
    content = page.get_by_role("main").get_by_role("heading", level=1).locator("xpath=../..")
    assert code.bounding_box()["width"] == content.bounding_box()["width"]


def test_the_page_renames_moves_and_deletes(page: Page, signed_in):
    put(page, "box/other.txt")
    put(page, "work.txt", b"work")
    _page_of(page, "work.txt")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("done.txt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="done.txt")).to_be_visible()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Move").click()
    page.get_by_role("dialog").get_by_role("button", name="box").click()
    page.get_by_role("dialog").get_by_role("button", name="Move here").click()
    crumbs = page.get_by_role("navigation", name="Breadcrumbs").get_by_role("listitem")
    expect(crumbs).to_have_text(["Files", "box", "done.txt"])
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1, name="box")).to_be_visible()
    expect(row(page, "box/other.txt")).to_be_visible()
    expect(row(page, "box/done.txt")).to_be_hidden()


def test_a_file_that_is_gone_says_so(page: Page, server, signed_in, watch):
    watch.expected.append("404")
    page.goto(f"{server.address}/file/nosuchfile")
    expect(page.get_by_role("alert")).to_contain_text("This file no longer exists")
    expect_title(page, "File not found")
    assert_accessible(page)


def test_the_page_of_a_file_in_a_folder_leads_back(page: Page, signed_in):
    put(page, "deep/er/file.bin")
    page.reload()
    open_folder(page, "deep")
    open_folder(page, "deep/er")
    row(page, "deep/er/file.bin").dblclick(position={"x": 500, "y": 20})
    expect(page.get_by_role("heading", level=1, name="file.bin")).to_be_visible()
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="er", exact=True).click()
    expect(row(page, "deep/er/file.bin")).to_be_visible()
