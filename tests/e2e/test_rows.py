"""What the rows of a list tell: names in natural order, what is shared, where a search found it; and the audit."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import assert_accessible, open_menu, overflow, put, row


def _names(page: Page) -> list[str]:
    boxes = page.get_by_role("grid", name="Files").get_by_role("checkbox").all()
    labels = [box.get_attribute("aria-label") or "" for box in boxes]
    return [label.removeprefix("Select ") for label in labels if label != "Select all"]


def _mark(page: Page, path: str, text: str):
    return row(page, path).get_by_role("img", name=text, exact=True)


def test_names_stand_in_natural_order_up_and_down(page: Page, server, signed_in):
    folders, files = ["dir 2", "Dir 10"], ["analysis.ipynb", "img_2", "img_10", "r", "README.md", "s"]
    for folder in folders[::-1]:
        put(page, f"{folder}/x")
    for name in files[::-1]:
        put(page, name)
    page.goto(f"{server.address}/files?sort=path")
    expect(row(page, "s")).to_be_visible()
    assert _names(page) == folders + files
    page.goto(f"{server.address}/files?sort=-path")
    expect(row(page, "s")).to_be_visible()
    assert _names(page) == folders[::-1] + files[::-1]


def test_a_search_finds_folders_above_files_by_words_in_any_order(page: Page, server, signed_in):
    put(page, "train/cats.csv")
    put(page, "train/cat faces/dogs.csv")
    page.goto(f"{server.address}/files?q=cat+train&sort=path")
    expect(row(page, "train/cats.csv")).to_be_visible()
    expect(row(page, "train/cat faces")).to_be_visible()
    assert _names(page) == ["train/cat faces", "train/cat faces/dogs.csv", "train/cats.csv"]
    row(page, "train/cat faces").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/files/train/cat%20faces\b"))
    page.goto(f"{server.address}/files?q=train&sort=path")
    page.get_by_role("checkbox", name="Select all").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("Type delete to confirm").fill("delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("grid", name="Files")).to_have_count(0)
    assert page.request.get(f"{server.address}/api/folders").json()["items"] == []


@pytest.mark.parametrize("view", ["list", "grid"])
def test_a_mark_follows_the_links_and_people_of_a_file(page: Page, server, signed_in, people, view):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
    other = people.post("/api/admin/users", json={"username": f"reader-{view}", "demo": True}).json()
    put(page, "results.csv")
    page.goto(f"{server.address}/files{'?view=grid' if view == 'grid' else ''}")
    grid = page.get_by_role("grid", name="Files")
    expect(grid.get_by_role("link", name="results.csv", exact=True)).to_be_visible()
    link, person = (grid.get_by_role("img", name=name, exact=True) for name in ("Has a link", "Shared with 1 person"))
    expect(link).to_have_count(0)
    open_menu(page, "results.csv")
    page.get_by_role("menuitem", name="Share").click()
    page.get_by_role("button", name="Create and copy link").click()
    behind = page.locator("[title='Has a link']")  # the dialog hides the page from assistive technology
    expect(behind).to_be_visible()
    page.get_by_role("button", name=re.compile("^Revoke link ")).click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(behind).to_have_count(0)
    file_id = page.request.get(f"{server.address}/api/files").json()["items"][0]["id"]
    wish = {"file_id": file_id, "username": other["username"], "right": "read"}
    assert page.request.post(f"{server.address}/api/shares", data=wish).status == 201
    page.reload()
    expect(person).to_be_visible()
    expect(link).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_rows_with_marks_are_accessible_and_fit(page: Page, server, signed_in, width):
    name = "a rather long name of a file that many people have a link to, so that it needs all the room.csv"
    put(page, name)
    put(page, "models/one.bin")
    host = server.address
    file_id = page.request.get(f"{host}/api/files?folder=").json()["items"][0]["id"]
    page.request.post(f"{host}/api/files/{file_id}/links", data={})
    page.request.post(f"{host}/api/shares", data={"file_id": file_id, "username": "grace", "right": "read"})
    page.request.post(f"{host}/api/links", data={"folder": "models", "kind": "folder"})
    page.set_viewport_size({"width": width, "height": 800})
    for view in ("list", "grid"):
        page.goto(f"{host}/files?view={view}")
        expect(page.get_by_role("img", name="Shared with 1 person", exact=True)).to_be_visible()
        assert_accessible(page)
        assert overflow(page) == 0


def test_the_audit_tells_what_was_done_to_files_by_name(page: Page, server, signed_in, people):
    put(page, "lab/data.csv")
    file_id = page.request.get(f"{server.address}/api/files").json()["items"][0]["id"]
    page.request.post(f"{server.address}/api/files/{file_id}/links", data={})
    page.request.patch(f"{server.address}/api/files/{file_id}", data={"name": "kept.csv"})
    page.request.delete(f"{server.address}/api/folders?path=lab")
    assert page.request.post(f"{server.address}/api/auth/demo-login", data={"username": "admin"}).ok
    page.goto(f"{server.address}/admin/audit?actor={signed_in}")
    table = page.get_by_role("table", name="Audit log")
    expect(table.get_by_role("row").filter(has_text="File renamed")).to_contain_text("lab/data.csvto lab/kept.csv")
    expect(table.get_by_role("row").filter(has_text="Link created")).to_contain_text("link to lab/data.csv")
    expect(table.get_by_role("row").filter(has_text="Folder deleted")).to_contain_text("lab1 file, 1 byte")
    page.get_by_label("Action", exact=True).select_option("File uploaded")
    expect(table.get_by_role("row").filter(has=page.get_by_role("cell"))).to_have_count(1)
