"""Uploads of names that are taken: nothing is replaced unasked, whoever comes first."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.steps import assert_accessible, drag, drop_paths, put, row, settle, transfer, transfers


def content(page: Page, path: str) -> bytes:
    host = page.url.split("/")[2]
    answer = page.request.get(f"http://{host}/api/files/by-path/{path}")
    assert answer.ok, answer.text()
    return answer.body()


def paths(page: Page) -> set[str]:
    host = page.url.split("/")[2]
    return {file["path"] for file in page.request.get(f"http://{host}/api/files").json()["items"]}


def choose(page: Page, answer: str, *, for_all: bool = False) -> None:
    dialog = page.get_by_role("dialog")
    if for_all:
        dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name=answer, exact=True).click()


def test_each_file_whose_name_is_taken_is_asked_about(page: Page, signed_in):
    for name in ("a.txt", "b.txt", "c.tar.gz"):
        put(page, name, b"old")
    drag(page, {"a.txt": b"new a", "b.txt": b"new b", "c.tar.gz": b"new c", "d.txt": b"new d"})
    dialog = page.get_by_role("dialog", name="3 files already exist")
    expect(dialog).to_contain_text(re.compile("Existing file: 3 B, modified (just now|[0-9]+ minutes? ago)"))
    expect(dialog.get_by_role("checkbox", name="Do the same for the other 2 files")).not_to_be_checked()
    assert_accessible(page)
    choose(page, "Replace")
    expect(page.get_by_role("dialog", name="2 files already exist")).to_contain_text("b.txt")
    choose(page, "Skip")
    expect(page.get_by_role("dialog", name="This file already exists")).to_contain_text("c.tar.gz")
    choose(page, "Keep both")
    expect(transfers(page)).to_contain_text("3 files uploaded, 1 skipped")
    expect(transfer(page, "a.txt")).to_contain_text("replaced the existing file")
    expect(transfer(page, "b.txt")).to_contain_text("Skipped")
    expect(transfer(page, "c (1).tar.gz")).to_contain_text("renamed to keep both")
    assert paths(page) == {"a.txt", "b.txt", "c.tar.gz", "c (1).tar.gz", "d.txt"}
    assert [content(page, name) for name in ("a.txt", "b.txt", "c.tar.gz")] == [b"new a", b"old", b"old"]
    assert [content(page, name) for name in ("c (1).tar.gz", "d.txt")] == [b"new c", b"new d"]


def test_folders_merge_and_only_the_files_that_clash_are_asked_about(page: Page, signed_in, tmp_path):
    for name in ("set/one.csv", "set/deep/two.csv", "set/kept.csv"):
        put(page, name, b"old")
    (tmp_path / "set" / "deep").mkdir(parents=True)
    for name in ("one.csv", "deep/two.csv", "ONE.csv", "deep/new.csv"):
        (tmp_path / "set" / name).write_text("new")
    drop_paths(page, [tmp_path / "set"])
    expect(page.get_by_role("dialog", name="2 files already exist")).to_be_visible()
    choose(page, "Replace", for_all=True)
    expect(transfers(page)).to_contain_text("4 files uploaded")
    assert paths(page) == {f"set/{name}" for name in ("one.csv", "deep/two.csv", "kept.csv", "ONE.csv", "deep/new.csv")}
    assert {content(page, f"set/{name}") for name in ("one.csv", "deep/two.csv")} == {b"new"}
    assert content(page, "set/kept.csv") == b"old"


def test_a_name_that_is_taken_at_the_last_moment_is_asked_about(page: Page, signed_in, watch):
    watch.expected.append("412")

    def slip_in(route):
        if not paths(page):
            put(page, "late.txt", b"somebody else's")
        route.continue_()

    page.route("**/api/files/by-path/**", slip_in)
    drag(page, {"late.txt": b"mine"})
    expect(page.get_by_role("dialog", name="This file already exists")).to_be_visible()
    assert content(page, "late.txt") == b"somebody else's"
    choose(page, "Keep both")
    expect(transfers(page)).to_contain_text("1 file uploaded")
    assert (content(page, "late.txt"), content(page, "late (1).txt")) == (b"somebody else's", b"mine")


def test_another_version_than_the_one_asked_about_is_not_replaced(page: Page, signed_in, watch):
    watch.expected.append("412")
    put(page, "a.txt", b"first")
    drag(page, {"a.txt": b"mine"})
    expect(page.get_by_role("dialog")).to_contain_text("Existing file")
    put(page, "a.txt", b"somebody else's")
    choose(page, "Replace")
    expect(page.get_by_role("dialog")).to_contain_text("It has changed in the meantime")
    assert content(page, "a.txt") == b"somebody else's"
    choose(page, "Replace")
    expect(transfers(page)).to_contain_text("1 file uploaded")
    assert content(page, "a.txt") == b"mine"


def test_files_of_one_name_in_one_choice_are_asked_about(page: Page, signed_in, tmp_path):
    for folder in ("x", "y", "z"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text(folder)
    same = [tmp_path / folder / "same.txt" for folder in ("x", "y", "z")]
    page.get_by_label("Files to upload").first.set_input_files(same)
    expect(page.get_by_role("dialog")).to_contain_text("same.txt")
    choose(page, "Replace")
    expect(page.get_by_role("dialog", name="Two files have the same name")).to_be_visible()
    choose(page, "Keep both")
    expect(transfers(page)).to_contain_text("3 files uploaded")
    assert (content(page, "same.txt"), content(page, "same (1).txt")) == (b"y", b"z")


def test_closing_the_question_cancels_and_replaces_nothing(page: Page, signed_in):
    put(page, "a.txt", b"old")
    drag(page, {"a.txt": b"new", "b.txt": b"other"})
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(transfer(page, "a.txt")).to_contain_text("Cancelled")
    expect(row(page, "b.txt")).to_be_visible()
    assert content(page, "a.txt") == b"old"
    page.get_by_role("button", name="Try upload of a.txt again").click()
    choose(page, "Replace")
    expect(transfer(page, "a.txt")).to_contain_text("replaced")
    assert content(page, "a.txt") == b"new"


_DROP_MANY = """(count) => {
    const transfer = new DataTransfer();
    for (let number = 0; number < count; number += 1) transfer.items.add(new File(["x"], `${number}.txt`));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def test_two_thousand_names_are_looked_up_in_two_requests(page: Page, signed_in):
    for name in ("7.txt", "1999.txt"):
        put(page, name)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/paths/" in request.url else None)
    page.route("**/api/files/by-path/**", lambda route: route.fulfill(status=201))  # looked up, not stored
    page.evaluate(_DROP_MANY, 2000)
    expect(page.get_by_role("dialog", name="2 files already exist")).to_be_visible()
    assert len(asked) == 2
    choose(page, "Skip", for_all=True)
    page.get_by_role("button", name="Cancel all").click()
    expect(transfers(page)).to_contain_text("2 skipped")


def test_a_shared_folder_asks_and_takes_empty_folders(page: Page, server, signed_in, colleague, tmp_path):
    put(page, "team/plan.txt", b"old")
    made = page.request.post(
        f"{server.address}/api/shares", data={"folder": "team", "username": "grace", "right": "write"}
    )
    colleague.goto(f"{server.address}/shared/{made.json()['id']}")
    expect(colleague.get_by_role("link", name="Download plan.txt")).to_be_visible()
    (tmp_path / "empty" / "deep").mkdir(parents=True)
    (tmp_path / "plan.txt").write_text("new")
    drop_paths(colleague, [tmp_path / "plan.txt", tmp_path / "empty"])
    choose(colleague, "Keep both")
    expect(transfers(colleague)).to_contain_text("1 file uploaded, 1 folder created")
    assert paths(page) == {"team/plan.txt", "team/plan (1).txt"}
    assert content(page, "team/plan.txt") == b"old"
    folders = page.request.get(f"{server.address}/api/folders?parent=team/empty").json()["items"]
    assert [folder["path"] for folder in folders] == ["team/empty/deep"]


def test_a_request_link_asks_nothing_and_shows_only_the_names_that_were_sent(
    page: Page, server, signed_in, browser: Browser
):
    put(page, "inbox/there.txt", b"old")
    link = page.request.post(f"{server.address}/api/links", data={"folder": "inbox", "kind": "request"}).json()
    with browser.new_context() as context:
        visitor = context.new_page()
        visitor.goto(link["url"])
        visitor.get_by_text("Drop files anywhere on this page", exact=True).wait_for()
        drag(visitor, {"there.txt": b"mine"})
        expect(visitor.get_by_text("1 file uploaded", exact=True).first).to_be_visible()
        expect(visitor.get_by_role("dialog")).to_have_count(0)
        settle(visitor)
        assert "(2)" not in visitor.get_by_role("region", name="Files sent").inner_text()
        assert not re.search("replace|exist", visitor.get_by_role("region", name="Files sent").inner_text())
    assert content(page, "inbox/there.txt") == b"old"
    assert len(paths(page)) == 2
