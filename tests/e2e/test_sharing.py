"""Sharing: links that anybody opens, and shares with people."""

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.steps import assert_accessible, drag, open_menu, overflow, put, row

CONTENT = b"epoch,loss\n1,0.52\n2,0.41\n"


@pytest.fixture
def visitor(browser: Browser, server) -> Iterator[Page]:
    """A browser of somebody who is not signed in; it neither complains nor asks another host."""
    with browser.new_context() as context:
        page = context.new_page()
        seen = Watch(urlsplit(server.address).netloc, expected=["status of 401", "status of 403", "status of 4"])
        page.on("console", seen.console)
        page.on("pageerror", lambda error: seen.complaints.append(f"exception: {error}"))
        page.on("request", lambda request: seen.request(request.url))
        yield page
        assert seen.complaints == []


@pytest.fixture
def results(page: Page, server, signed_in) -> str:
    """A file of the person who is signed in, whose row is shown; returns its id."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
    put(page, "results.csv", CONTENT)
    page.reload()
    expect(row(page, "results.csv")).to_be_visible()
    return page.request.get(f"{server.address}/api/files").json()["items"][0]["id"]


def _share(page: Page, path: str) -> None:
    open_menu(page, path)
    page.get_by_role("menuitem", name="Share").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _choose(page: Page, way: str) -> None:
    page.get_by_role("dialog").locator("label", has_text=way).click()


def _create(page: Page, name: str = "Create and copy link") -> str:
    """Creates the link that the dialog shows the fields of; returns what is on the clipboard then."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_text(re.compile("^Copied"))).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def _api_link(page: Page, server, file_id: str, **options) -> dict:
    answer = page.request.post(f"{server.address}/api/files/{file_id}/links", data=options)
    assert answer.status == 201, answer.text()
    return answer.json()


def _folder_link(page: Page, server, folder: str, kind: str) -> dict:
    answer = page.request.post(f"{server.address}/api/links", data={"folder": folder, "kind": kind})
    assert answer.status == 201, answer.text()
    return answer.json()


def _downloaded(page: Page, button) -> bytes:
    with page.expect_download() as started:
        button.click()
    return started.value.path().read_bytes()


def test_a_link_is_made_with_one_click_and_opened_by_somebody_else(page: Page, server, results, visitor):
    _share(page, "results.csv")
    address = _create(page)
    assert address.startswith(f"{server.address}/s/")
    expect(page.get_by_role("alert")).to_contain_text("works on this computer only")
    visitor.goto(address)
    expect(visitor.get_by_role("heading", name="results.csv")).to_be_visible()
    expect(visitor.get_by_text(re.compile(r" · Shared by \w+$"))).to_be_visible()
    expect(visitor.get_by_role("navigation")).to_have_count(0)
    expect(visitor.get_by_role("region", name="Rows of results.csv")).to_contain_text("0.52")
    assert _downloaded(visitor, visitor.get_by_role("link", name="Download")) == CONTENT
    page.goto(f"{server.address}/links")
    expect(page.get_by_role("row").filter(has_text="results.csv")).to_contain_text("1 download")
    page.get_by_role("button", name="Actions for link to results.csv").click()
    page.get_by_role("menuitem", name="Log of uses").click()
    use = page.get_by_role("table", name="Uses").get_by_role("row").nth(1)
    expect(use).to_contain_text("127.0.0.1")
    expect(use).to_contain_text("Complete")


def test_a_password_is_asked_before_anything_is_told(page: Page, server, results, visitor):
    _share(page, "results.csv")
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Password", exact=True).fill("open sesame")
    page.get_by_label("Note").fill("Only for the team")
    address = _create(page)
    visitor.goto(address)
    expect(visitor.get_by_role("heading", name="This link has a password")).to_be_visible()
    assert "results.csv" not in visitor.content()
    assert "Only for the team" not in visitor.content()
    visitor.get_by_label("Password", exact=True).fill("open barley")
    visitor.get_by_role("button", name="Open").click()
    expect(visitor.get_by_role("alert")).to_contain_text("password")
    visitor.get_by_label("Password", exact=True).fill("open sesame")
    visitor.get_by_role("button", name="Open").click()
    expect(visitor.get_by_role("heading", name="results.csv")).to_be_visible()
    expect(visitor.get_by_text("Only for the team", exact=True)).to_be_visible()
    assert _downloaded(visitor, visitor.get_by_role("link", name="Download")) == CONTENT


def test_a_limited_link_is_used_up(page: Page, server, results, visitor):
    _share(page, "results.csv")
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Download limit").fill("0")
    expect(page.get_by_text(re.compile(r"^A whole number from 1"))).to_be_visible()
    expect(page.get_by_role("button", name="Create and copy link")).to_be_disabled()
    page.get_by_label("Download limit").fill("1")
    visitor.goto(_create(page))
    expect(visitor.get_by_text(re.compile(r" · 1 download left$"))).to_be_visible()
    assert _downloaded(visitor, visitor.get_by_role("link", name="Download")) == CONTENT
    expect(visitor.get_by_role("heading", name="This link has been used up")).to_be_visible()


BREAK_OFF = """async (path) => {
  const reader = (await fetch(path)).body.getReader();
  await reader.read();
  await reader.cancel();
}"""


def test_an_archive_that_broke_is_fetched_again_in_the_same_browser(page: Page, server, results, visitor):
    put(page, "set/much.bin", CONTENT * 1_000_000)  # more than the system keeps for a client that does not read
    link = page.request.post(f"{server.address}/api/links", data={"folder": "set", "max_downloads": 1}).json()
    visitor.goto(link["url"])
    expect(visitor.get_by_text("1 download left")).to_be_visible()
    visitor.evaluate(BREAK_OFF, f"/d/{link['token']}")
    visitor.reload()
    expect(visitor.get_by_text("Your download is not finished")).to_be_visible()
    packed = _downloaded(visitor, visitor.get_by_role("link", name="Download all as ZIP"))
    assert zipfile.ZipFile(io.BytesIO(packed)).testzip() is None
    expect(visitor.get_by_role("heading", name="This link has been used up")).to_be_visible()
    assert page.request.get(f"{server.address}/api/links/{link['id']}").json()["downloads"] == 1


FETCH_AHEAD = """(path) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "prefetch", href: path });
  document.head.append(link);
}"""


def test_a_browser_that_fetches_ahead_asks_again_at_the_click(page: Page, server, results, visitor):
    link = _api_link(page, server, results, max_downloads=1)
    visitor.goto(link["url"])
    expect(visitor.get_by_text("1 download left")).to_be_visible()
    with visitor.expect_response(lambda answer: answer.url == link["download_url"]) as ahead:
        visitor.evaluate(FETCH_AHEAD, f"/d/{link['token']}")
    assert ahead.value.status == 403
    assert _downloaded(visitor, visitor.get_by_role("link", name="Download")) == CONTENT
    assert page.request.get(f"{server.address}/api/links/{link['id']}").json()["downloads"] == 1


OTHER_PAGE = """async (address) => {
  const answer = await fetch(address, { headers: { range: "bytes=0-9", "if-match": "*" } });
  return [answer.status, answer.headers.get("content-range"), await answer.text()];
}"""


def test_a_page_of_another_origin_reads_a_link_that_is_open_to_all(page: Page, server, results, browser):
    open_to_all = _api_link(page, server, results)
    locked = _api_link(page, server, results, password="open sesame")
    with browser.new_context() as context:
        other = context.new_page()
        for kind in ("url", "download_url"):
            told = other.evaluate(OTHER_PAGE, open_to_all[kind])
            assert told == [206, f"bytes 0-9/{len(CONTENT)}", CONTENT[:10].decode()]
        with pytest.raises(Error, match="Failed to fetch"):
            other.evaluate(OTHER_PAGE, locked["download_url"])


def test_links_are_revoked_one_by_one_and_many_at_once(page: Page, server, results, visitor):
    one, two, three = (_api_link(page, server, results, note=note) for note in ("first", "second", "third"))
    visitor.goto(one["url"])
    expect(visitor.get_by_role("heading", name="results.csv")).to_be_visible()
    _share(page, "results.csv")
    page.get_by_role("button", name="Revoke link first").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_role("list", name="Active links").get_by_role("listitem")).to_have_count(2)
    visitor.reload()
    expect(visitor.get_by_role("heading", name="This link was revoked")).to_be_visible()
    page.goto(f"{server.address}/links")
    for note in ("second", "third"):
        page.get_by_role("row").filter(has_text=note).get_by_role("checkbox").click()
    page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("row").filter(has_text="Revoked")).to_have_count(3)
    page.get_by_label("State").select_option("Live")
    expect(page.get_by_text("No active links.", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?state=live$"))
    for link in (two, three):
        assert visitor.request.get(link["download_url"]).status == 410


def test_a_link_for_one_person_asks_who_that_is(page: Page, server, results, visitor):
    address = _api_link(page, server, results, username="ada")["url"]
    visitor.goto(address)
    expect(visitor.get_by_role("heading", name="Sign in to open this link")).to_be_visible()
    visitor.get_by_role("link", name="Sign in").click()
    visitor.get_by_role("button", name="Alan").click()
    expect(visitor.get_by_role("heading", name="This link is for another user")).to_be_visible()
    assert "results.csv" not in visitor.content()
    visitor.get_by_role("link", name="Sign in").click()
    visitor.get_by_role("button", name="Ada").click()
    expect(visitor.get_by_role("heading", name="results.csv")).to_be_visible()


def test_a_link_that_never_was(visitor: Page, server):
    visitor.goto(f"{server.address}/s/{'a' * 60}")
    expect(visitor.get_by_role("heading", name="There is no such link")).to_be_visible()


def test_a_folder_is_walked_and_taken_as_a_whole(page: Page, server, results, visitor):
    put(page, "run/losses.csv", CONTENT)
    put(page, "run/plots/äöü #1.txt", b"plot")
    page.reload()
    _share(page, "run")
    visitor.goto(_create(page))
    expect(visitor.get_by_role("heading", name="run")).to_be_visible()
    files = visitor.get_by_role("grid", name="Files")
    assert _downloaded(visitor, files.get_by_role("link", name="Download losses.csv")) == CONTENT
    files.get_by_role("link", name="plots", exact=True).click()
    assert _downloaded(visitor, files.get_by_role("link", name="Download plots/äöü #1.txt")) == b"plot"
    expect(visitor).to_have_url(re.compile(r"folder=plots"))
    visitor.go_back()
    expect(files.get_by_role("link", name="Download losses.csv")).to_be_visible()
    archive = _downloaded(visitor, visitor.get_by_role("link", name="Download all as ZIP"))
    assert archive.startswith(b"PK\x03\x04")


def test_files_are_asked_for_and_sent(page: Page, server, results, visitor):
    put(page, "inbox/there.txt", b"secret")
    page.reload()
    _share(page, "inbox")
    _choose(page, "Request files")
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Note").fill("Send me the pictures")
    visitor.goto(_create(page, "Create and copy request"))
    expect(visitor.get_by_role("heading", name="Send files to")).to_be_visible()
    expect(visitor.get_by_text("Send me the pictures", exact=True)).to_be_visible()
    assert "there.txt" not in visitor.content()
    drag(visitor, {"a.txt": b"one", "there.txt": b"not replaced"})
    expect(visitor.get_by_text("2 files uploaded", exact=True).first).to_be_visible()
    visitor.get_by_label("Files to send").set_input_files({"name": "b.txt", "mimeType": "text/plain", "buffer": b"2"})
    expect(visitor.get_by_text("3 files uploaded", exact=True).first).to_be_visible()
    listed = page.request.get(f"{server.address}/api/files?folder=inbox").json()["items"]
    assert len(listed) == 4
    kept = next(file for file in listed if file["name"] == "there.txt")
    assert page.request.get(f"{server.address}/api/files/{kept['id']}/content").body() == b"secret"


def test_a_person_sees_what_is_shared_with_it_until_the_right_is_withdrawn(page: Page, server, results, colleague):
    _share(page, "results.csv")
    _choose(page, "People")
    page.get_by_label("Share with").fill("grac")
    page.get_by_role("list", name="Found people").get_by_role("button").first.click()
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("list", name="People", exact=True)).to_contain_text("grace")
    colleague.goto(f"{server.address}/shared")
    colleague.get_by_role("row").filter(has_text="Can read").get_by_role("link", name="results.csv").first.click()
    expect(colleague.get_by_role("heading", name="results.csv")).to_be_visible()
    expect(colleague.get_by_role("button", name="Replace")).to_have_count(0)
    assert _downloaded(colleague, colleague.get_by_role("link", name="Download", exact=True)) == CONTENT
    page.get_by_role("button", name="Stop sharing with grace").click()
    expect(page.get_by_text("Not shared with anyone yet.", exact=True)).to_be_visible()
    colleague.reload()
    expect(colleague.get_by_role("heading", name="This is not shared with you")).to_be_visible()
    assert colleague.request.get(f"{server.address}/api/files/{results}/content").status == 404


def test_who_may_change_a_shared_folder_uploads_replaces_renames_and_deletes(page: Page, server, results, colleague):
    put(page, "team/plan.txt", b"old plan")
    page.reload()
    _share(page, "team")
    _choose(page, "People")
    page.get_by_label("Share with").fill("grace")
    page.get_by_label("Permission", exact=True).select_option("Can change")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_label("Permission of grace")).to_have_value("write")
    colleague.goto(f"{server.address}/shared")
    colleague.get_by_role("link", name="team", exact=True).click()
    expect(colleague.get_by_role("link", name="Download plan.txt")).to_be_visible()
    drag(colleague, {"new.txt": b"new"})
    expect(colleague.get_by_role("link", name="Download new.txt")).to_be_visible()
    colleague.get_by_role("link", name="plan.txt", exact=True).click()
    colleague.get_by_role("dialog").get_by_role("link", name="Open full page").click()
    colleague.get_by_label("New content").set_input_files(
        {"name": "x", "mimeType": "text/plain", "buffer": b"better plan"}
    )
    expect(colleague.get_by_text("better plan", exact=True)).to_be_visible()
    colleague.get_by_role("button", name="More actions").click()
    colleague.get_by_role("menuitem", name="Rename").click()
    colleague.get_by_label("Name", exact=True).fill("plan-b.txt")
    colleague.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(colleague.get_by_role("heading", name="plan-b.txt")).to_be_visible()
    colleague.get_by_role("button", name="More actions").click()
    colleague.get_by_role("menuitem", name="Delete").click()
    colleague.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(colleague.get_by_role("heading", name="team", exact=True)).to_be_visible()
    expect(colleague.get_by_role("link", name="Download new.txt")).to_be_visible()
    expect(colleague.get_by_role("link", name="Download plan-b.txt")).to_have_count(0)
    own = colleague.request.get(f"{server.address}/api/files?q=new.txt").json()["items"]
    assert own == [], "what is put into a shared folder belongs to its owner"
    colleague.goto(f"{server.address}/shared")
    colleague.get_by_role("button", name="Leave team").click()
    colleague.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(colleague.get_by_role("link", name="team", exact=True)).to_have_count(0)
    page.reload()
    assert page.request.get(f"{server.address}/api/shares").json()["items"] == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_the_owner_are_accessible_and_fit(page: Page, server, results, width):
    page.set_viewport_size({"width": width, "height": 800})
    _api_link(page, server, results, note="A link with quite a long note, so that it has to break", password="12345678")
    _share(page, "results.csv")
    page.get_by_role("button", name="Options").click()
    _create(page)
    assert_accessible(page)
    _choose(page, "People")
    page.get_by_label("Share with").fill("a")
    expect(page.get_by_role("list", name="Found people")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{server.address}/links")
    page.get_by_role("checkbox").first.click()
    assert_accessible(page)
    assert overflow(page) == 0
    page.goto(f"{server.address}/shared")
    expect(page.get_by_text("Nothing is shared with you yet.", exact=True)).to_be_visible()
    assert_accessible(page)
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_of_a_link_is_accessible_and_fits(page: Page, server, results, visitor, width):
    visitor.set_viewport_size({"width": width, "height": 800})
    put(page, f"run/{'long' * 40}.csv", CONTENT)
    put(page, "notes.md", b"# Notes\n\nSome *text*.\n")
    found = page.request.get(f"{server.address}/api/files?q=notes.md").json()["items"]
    links = [
        _api_link(page, server, results, note="no-space-in-this-note" * 12, max_downloads=3),
        _api_link(page, server, results, password="12345678"),
        _api_link(page, server, found[0]["id"]),
        _folder_link(page, server, "run", "folder"),
        _folder_link(page, server, "run", "request"),
    ]
    for link in links:
        visitor.goto(link["url"])
        expect(visitor.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(visitor)
        assert overflow(visitor) == 0
    visitor.goto(f"{server.address}/s/nothing")
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(visitor)
