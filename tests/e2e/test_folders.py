"""Folders: made, opened, renamed, moved and deleted, with what is in them."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.steps import drag, open_folder, open_menu, put, row, select


def test_folders_are_walked_through_and_the_address_follows(page: Page, signed_in):
    put(page, "sets/50 % #1/täg/a.csv")
    put(page, "top.txt")
    page.reload()
    expect(row(page, "top.txt")).to_be_visible()
    open_folder(page, "sets")
    expect(row(page, "top.txt")).to_be_hidden()
    open_folder(page, "sets/50 % #1")
    open_folder(page, "sets/50 % #1/täg")
    expect(row(page, "sets/50 % #1/täg/a.csv")).to_be_visible()
    page.reload()
    expect(row(page, "sets/50 % #1/täg/a.csv")).to_be_visible()
    crumbs = page.get_by_role("navigation", name="Breadcrumbs")
    expect(crumbs.get_by_role("listitem")).to_have_text(["Files", "sets", "50 % #1", "täg"])
    crumbs.get_by_role("link", name="sets").click()
    expect(page.get_by_role("heading", level=1, name="sets")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="täg")).to_be_visible()
    crumbs.get_by_role("link", name="Files").click()
    expect(page).to_have_url(re.compile("/files$"))


def test_a_new_folder_is_made_and_stays_though_it_is_empty(page: Page, signed_in):
    page.get_by_role("button", name="New folder").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_contain_text("Enter a name.")
    dialog.get_by_label("Name").fill("experiments")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(row(page, "experiments")).to_contain_text("Empty folder")
    page.reload()
    open_folder(page, "experiments")
    expect(page.get_by_role("heading", name="This folder is empty")).to_be_visible()


def test_a_name_that_is_taken_is_refused_in_the_dialog(page: Page, signed_in, watch):
    watch.expected.append("409")
    put(page, "taken/x.txt")
    page.get_by_role("button", name="New folder").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("taken")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_files_and_folders_are_renamed(page: Page, signed_in):
    put(page, "old/inside.txt")
    put(page, "note.draft.txt", b"text")
    page.reload()
    open_menu(page, "old")
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("new")
    page.keyboard.press("Enter")
    expect(row(page, "new")).to_contain_text("1 file")
    open_menu(page, "note.draft.txt")
    page.get_by_role("menuitem", name="Rename").click()
    # the extension is left alone when one types
    name = page.get_by_role("dialog").get_by_label("Name")
    expect(name).to_be_focused()
    page.keyboard.type("final")
    expect(name).to_have_value("final.txt")
    page.keyboard.press("Enter")
    expect(row(page, "final.txt")).to_be_visible()
    expect(row(page, "note.draft.txt")).to_be_hidden()


def test_several_are_moved_into_a_folder_that_is_picked(page: Page, signed_in):
    for path in ["a.txt", "b.txt", "box/inner/x.txt", "other/y.txt"]:
        put(page, path)
    page.reload()
    for path in ["a.txt", "b.txt", "other"]:
        select(page, path)
    page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Move").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Already here")).to_be_disabled()
    expect(dialog.get_by_role("button", name="other")).to_be_disabled()
    dialog.get_by_role("button", name="box").click()
    dialog.get_by_role("button", name="inner").click()
    dialog.get_by_role("button", name="Move here").click()
    expect(page.get_by_text("1 folder and 2 files to box/inner", exact=True)).to_be_visible()
    expect(row(page, "a.txt")).to_be_hidden()
    open_folder(page, "box")
    open_folder(page, "box/inner")
    for path in ["a.txt", "b.txt", "x.txt", "other"]:
        expect(row(page, f"box/inner/{path}")).to_be_visible()


def test_a_move_that_is_refused_in_part_says_which(page: Page, signed_in, watch):
    watch.expected.append("409")
    for path in ["a.txt", "b.txt", "box/a.txt"]:
        put(page, path)
    page.reload()
    for path in ["a.txt", "b.txt"]:
        select(page, path)
    page.get_by_role("button", name="Move").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="box").click()
    dialog.get_by_role("button", name="Move here").click()
    expect(dialog.get_by_role("alert")).to_contain_text("1 of 2 could not be moved")
    expect(dialog.get_by_role("alert")).to_contain_text("a.txt")
    dialog.get_by_role("button", name="Close").last.click()
    expect(row(page, "a.txt")).to_be_visible()
    expect(row(page, "b.txt")).to_be_hidden()


def test_a_row_dragged_onto_a_folder_moves_there(page: Page, signed_in):
    put(page, "loose.txt")
    put(page, "box/x.txt")
    page.reload()
    row(page, "loose.txt").drag_to(row(page, "box"))
    expect(row(page, "loose.txt")).to_be_hidden()
    open_folder(page, "box")
    expect(row(page, "box/loose.txt")).to_be_visible()


def test_a_folder_with_files_is_deleted_after_its_name_was_typed(page: Page, signed_in):
    put(page, "doomed/deep/a.txt")
    put(page, "kept.txt")
    page.reload()
    open_menu(page, "doomed")
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("with 1 file in it")
    button = dialog.get_by_role("button", name="Delete", exact=True)
    expect(button).to_be_disabled()
    dialog.get_by_label("Type doomed to confirm").fill("doomed")
    button.click()
    expect(row(page, "doomed")).to_be_hidden()
    expect(row(page, "kept.txt")).to_be_visible()


def test_a_folder_that_is_gone_says_so(page: Page, server, signed_in, watch):
    watch.expected.append("404")
    page.goto(f"{server.address}/files/no/such")
    expect(page.get_by_role("heading", name="Folder not found")).to_be_visible()
    page.get_by_role("link", name="Show all files").click()
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()


def test_a_folder_left_quickly_has_its_request_cancelled(page: Page, signed_in):
    put(page, "slow/a.txt")
    put(page, "quick/b.txt")
    page.reload()
    expect(row(page, "quick")).to_be_visible()
    cancelled = []
    page.on("requestfailed", lambda request: cancelled.append(request.url))
    # never answered
    page.route(re.compile(r"/api/.*=slow"), lambda _: None)
    row(page, "slow").get_by_role("link", name="slow").click()
    expect(page.get_by_role("status", name="Loading files")).to_be_visible()
    page.go_back()
    open_folder(page, "quick")
    expect(row(page, "quick/b.txt")).to_be_visible()
    # the folders of it, and its files
    assert len(cancelled) == 2


def test_dropping_outside_of_the_top_keeps_the_tree(page: Page, signed_in, tmp_path):
    put(page, "base/x.txt")
    page.reload()
    open_folder(page, "base")
    (tmp_path / "tree" / "leaf").mkdir(parents=True)
    (tmp_path / "tree" / "leaf" / "a.txt").write_text("a")
    page.get_by_label("Folder to upload").first.set_input_files(tmp_path / "tree")
    drag(page, {"y.txt": b"y"})
    expect(row(page, "base/y.txt")).to_be_visible()
    open_folder(page, "base/tree")
    open_folder(page, "base/tree/leaf")
    expect(row(page, "base/tree/leaf/a.txt")).to_be_visible()
